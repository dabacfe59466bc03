import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
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
    const extension = vscode.extensions.getExtension('throughline.throughline');
    assert.ok(extension);
    const expected = process.env['THROUGHLINE_TEST_EXTENSION'];
    const actual = realpathSync(extension.extensionPath);
    if (expected) assert.ok(actual.startsWith(realpathSync(expected)), `${actual} is not in ${expected}`);
  });

  test('runs on a workspace folder', () => {
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
  });
});
