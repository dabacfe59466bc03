import assert from 'node:assert/strict';
import * as vscode from 'vscode';

suite('the extension in VS Code', () => {
  test('activates, and its commands are there', async () => {
    const extension = vscode.extensions.getExtension('throughline.throughline');
    assert.ok(extension, 'VS Code does not know the extension');
    await extension.activate();
    const commands = await vscode.commands.getCommands(true);
    assert.ok(commands.includes('throughline.openChat'));
  });

  test('runs on a workspace folder', () => {
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
  });
});
