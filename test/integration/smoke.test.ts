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

  test('is the one that this run is about: the source tree, or the installed package', () => {
    const { extensionPath } = vscode.extensions.getExtension('throughline.throughline') ?? {};
    const expected = process.env['THROUGHLINE_TEST_EXTENSION'];
    if (expected) assert.ok(extensionPath?.startsWith(expected), `${extensionPath} is not in ${expected}`);
  });

  test('runs on a workspace folder', () => {
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
  });
});
