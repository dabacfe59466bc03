import assert from 'node:assert/strict';
import { cpSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startVscode, type Vscode } from '../host/vscode.ts';
import { Sidebar } from './harness/sidebar';

suite('a history in the hands of its owner', function () {
  this.timeout(180_000);
  let vscode: Vscode;
  let sidebar: Sidebar;
  suiteSetup(async () => {
    vscode = await startVscode();
    const git = path.join(vscode.workspaceFolder, '.git');
    mkdirSync(git);
    writeFileSync(path.join(git, 'config'), '[remote "origin"]\n\turl = git@example.test:team/app.git\n');
    sidebar = new Sidebar(vscode.window);
    await sidebar.open();
    for (const prompt of ['What is 1 + 1?', 'What is 2 + 2?', 'What is 3 + 3?']) await sidebar.ask(prompt);
  });
  suiteTeardown(() => vscode.close());

  const prompts = (of: Sidebar): Promise<readonly string[]> =>
    of.frame.locator('.prompt-text').allInnerTexts();
  const dialog = () => vscode.page.locator('.monaco-dialog-box');
  const openIn = async (folder: string) => {
    const window = await vscode.newWindow(folder);
    const opened = new Sidebar(window);
    await opened.open();
    return { window, opened };
  };

  test('a turn is deleted from its footer, once that is confirmed, and stays deleted', async () => {
    const turn = sidebar.turns.nth(1);
    const askToDelete = async (): Promise<void> => {
      await turn.hover();
      await turn.getByRole('button', { name: 'Delete turn…' }).click();
      await dialog().getByText('Delete the turn “What is 2 + 2?” for good?').waitFor();
    };
    await askToDelete();
    await vscode.window.screenshot('delete-turn');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    assert.equal(await sidebar.turns.count(), 3);
    await askToDelete();
    await dialog().getByRole('button', { name: 'Delete' }).click();
    await sidebar.frame.waitForFunction(() => document.querySelectorAll('.turn').length === 2);
    assert.deepEqual(await prompts(sidebar), ['What is 1 + 1?', 'What is 3 + 3?']);
    await vscode.reload();
    await sidebar.open();
    await sidebar.turns.nth(1).waitFor();
    assert.deepEqual(await prompts(sidebar), ['What is 1 + 1?', 'What is 3 + 3?']);
  });

  test('the History Doctor says that all is sound, and shows its report', async () => {
    await vscode.window.runCommand('Throughline: History Doctor…');
    const told = await vscode.window.notification(/The history is sound: 1 session, 2 turns/);
    await told.getByRole('button', { name: 'Show Report' }).click();
    await vscode.page.locator('.editor-instance .view-lines', { hasText: 'Nothing was changed' }).waitFor();
    await vscode.window.screenshot('history-doctor');
    await vscode.window.clearNotifications();
  });

  test('retention shows what would go, and nothing where nothing is so old', async () => {
    await vscode.window.runCommand('Throughline: Apply Retention…');
    await vscode.page.locator('.quick-input-list').getByText('Older than 30 days').click();
    await vscode.window.notification(/There is nothing older than 30 days/);
  });

  test('it follows the folder where that is renamed, and nothing is asked', async () => {
    const moved = `${vscode.workspaceFolder}-renamed`;
    renameSync(vscode.workspaceFolder, moved);
    const { window, opened } = await openIn(moved);
    await opened.turns.nth(1).waitFor();
    assert.deepEqual(await prompts(opened), ['What is 1 + 1?', 'What is 3 + 3?']);
    await assert.rejects(window.notification(/looks like a clone/, 1500));
    await window.page.close();
  });

  test('a clone beside it is asked once, and adopts a copy', async () => {
    const moved = `${vscode.workspaceFolder}-renamed`;
    const clone = `${vscode.workspaceFolder}-clone`;
    cpSync(moved, clone, { recursive: true });
    const { window, opened } = await openIn(clone);
    const asked = await window.notification(/looks like a clone of “sample-workspace-renamed”/);
    await window.screenshot('adopt');
    assert.equal(await opened.turns.count(), 0);
    await asked.getByRole('button', { name: 'Adopt a Copy' }).click();
    await opened.turns.nth(1).waitFor();
    assert.deepEqual(await prompts(opened), ['What is 1 + 1?', 'What is 3 + 3?']);
    await window.reload();
    await opened.open();
    await opened.turns.nth(1).waitFor();
    await assert.rejects(window.notification(/looks like a clone/, 1500));
  });
});
