import * as vscode from 'vscode';

/** Links that a page may hold; anything else goes nowhere. */
export function openLink(href: string): void {
  if (/^(https?|mailto):/i.test(href)) void vscode.env.openExternal(vscode.Uri.parse(href));
}

/** What a button of the view stands for. */
export function runCommand(command: string): void {
  const isSettings = command === 'workbench.action.openSettings';
  void vscode.commands.executeCommand(command, ...(isSettings ? ['@ext:throughline.throughline'] : []));
}

export async function showSentContext(turnId: string): Promise<void> {
  await vscode.commands.executeCommand('throughline.showSentContext', { turnId });
}
