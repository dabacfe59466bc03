import * as vscode from 'vscode';

/** Has VS Code ask anew for the text of each open document of a scheme. */
export function fireOpen(scheme: string, changed: vscode.EventEmitter<vscode.Uri>): void {
  for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === scheme) changed.fire(uri);
}
