import * as vscode from 'vscode';

export async function activate() {
  await vscode.commands.executeCommand('throughline.chat.focus');
}
