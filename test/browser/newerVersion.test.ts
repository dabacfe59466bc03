import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { versionToBe } from '../support/storedHistory';
import type { Vscode } from '../host/vscode.ts';
import { openChat } from './harness/openChat';
import { Sidebar } from './harness/sidebar';

suite('a history that a newer version has migrated', function () {
  this.timeout(240_000);
  let vscode: Vscode;
  let sidebar: Sidebar;
  suiteSetup(async () => {
    ({ vscode, sidebar } = await openChat());
    await sidebar.ask('What is 1 + 1?');
    await sidebar.ask('What is 2 + 2?');
  });
  suiteTeardown(() => vscode.close());

  /** As another window does, with the next version of the extension. */
  function migrate(): void {
    const files = readdirSync(vscode.userDataDir, { recursive: true, encoding: 'utf8' });
    const file = files.find((name) => name.endsWith('history.db'));
    assert.ok(file, files.join('\n'));
    const database = new DatabaseSync(path.join(vscode.userDataDir, file), { timeout: 5000 });
    database.exec(versionToBe());
    database.close();
  }

  const message = /written by a newer version of Throughline.*: reload/;
  const prompts = (): Promise<readonly string[]> => sidebar.frame.locator('.prompt-text').allInnerTexts();

  test('is told of at once in a window of the older version that is open', async () => {
    migrate();
    const told = await vscode.window.notification(message);
    await told.getByRole('button', { name: 'Reload Window' }).waitFor();
    assert.deepEqual(await prompts(), ['What is 1 + 1?', 'What is 2 + 2?']);
  });

  test('is not written by it: a prompt is refused with the same words, and stays in the composer', async () => {
    await sidebar.type('What is 3 + 3?');
    await sidebar.composer.press('Enter');
    await sidebar.frame.getByRole('alert').getByText(message).waitFor();
    assert.equal(await sidebar.composer.inputValue(), 'What is 3 + 3?');
    assert.equal(await sidebar.turns.count(), 2);
    await vscode.window.screenshot('newer-version');
  });

  test('is shown after a reload, and told of again while the older version is what is installed', async () => {
    const told = await vscode.window.notification(message);
    const loaded = vscode.page.waitForEvent('load');
    await told.getByRole('button', { name: 'Reload Window' }).click();
    await loaded;
    await sidebar.open();
    await sidebar.turns.nth(1).waitFor();
    assert.deepEqual(await prompts(), ['What is 1 + 1?', 'What is 2 + 2?']);
    await vscode.window.notification(message);
  });

  test('is told of in a folder that it does not know, too', async () => {
    const folder = `${vscode.workspaceFolder}-other`;
    mkdirSync(folder);
    const window = await vscode.newWindow(folder);
    const other = new Sidebar(window);
    await other.open();
    await other.frame.getByText(message).waitFor();
    await window.notification(message);
    await window.screenshot('newer-version-other');
    await window.close();
  });
});
