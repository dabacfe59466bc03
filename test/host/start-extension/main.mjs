import * as vscode from 'vscode';

export async function activate(context) {
  if (context.workspaceState.get('shown')) return;
  await vscode.commands.executeCommand('throughline.chat.focus');
  await context.workspaceState.update('shown', true);
}
