import assert from 'node:assert/strict';
import { closeSync, ftruncateSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { Vscode } from '../host/vscode.ts';
import { openChat } from './harness/openChat';
import type { Sidebar } from './harness/sidebar';

suite('a history whose file is damaged', function () {
  this.timeout(240_000);
  let vscode: Vscode;
  let sidebar: Sidebar;
  suiteSetup(async () => {
    ({ vscode, sidebar } = await openChat());
  });
  suiteTeardown(() => vscode.close());

  const report = () => vscode.page.locator('.editor-instance .view-lines');
  const storage = (): string => {
    const files = readdirSync(vscode.userDataDir, { recursive: true, encoding: 'utf8' });
    const found = files.find((name) => name.endsWith('history.db'));
    assert.ok(found, files.join('\n'));
    return path.join(vscode.userDataDir, found);
  };

  /** As after a crash of the machine: of the file only so many of its pages are there. */
  async function cut(share: number): Promise<void> {
    process.kill(await vscode.extensionHostPid(), 'SIGKILL');
    const database = storage();
    const file = openSync(database, 'r+');
    ftruncateSync(file, Math.floor((statSync(database).size / 4096) * share) * 4096);
    closeSync(file);
    await vscode.reload();
    await sidebar.open();
  }

  async function openReport(told: Locator): Promise<string> {
    await told.getByRole('button', { name: 'Show Report' }).click();
    await report().getByText('History Doctor').first().waitFor();
    const text = await report().innerText();
    await vscode.window.clearNotifications();
    return text.replaceAll('\u00a0', ' ').replaceAll('\n', ' ');
  }

  test('is repaired by itself, and one notification says so and opens the report', async () => {
    for (const prompt of ['What is 1 + 1?', 'What is 2 + 2?', 'What is 3 + 3?']) await sidebar.ask(prompt);
    // All is still in the write-ahead log, which SQLite would throw away together with the damaged file.
    await cut(0);
    const told = await vscode.window.notification(/damaged and has been repaired: 1 session and 3 turns/);
    assert.equal(await vscode.page.locator('.notification-list-item').count(), 1);
    await sidebar.turns.nth(2).waitFor();
    await vscode.window.screenshot('damage-repaired');
    assert.match(await openReport(told), /1 session, 3 turns, 0 facts came from the damaged file/);
  });

  test('tells of turns that are lost, and what is left goes on', async () => {
    for (let n = 0; n < 6; n += 1) {
      await sidebar.composer.fill(`What is ${n} + 1? ${`lorem${n} `.repeat(4000)}`);
      await sidebar.composer.press('Enter');
      await sidebar.ended(sidebar.turns.nth(3 + n));
    }
    // A window that closes writes everything into the file.
    await vscode.reload();
    await sidebar.open();
    await sidebar.turns.nth(8).waitFor();
    await cut(0.5);
    const told = await vscode.window.notification(/has been repaired: .* turns? cannot be brought back/);
    assert.equal(await vscode.page.locator('.notification-list-item').count(), 1);
    await vscode.window.screenshot('damage-lost');
    const text = await openReport(told);
    await vscode.window.screenshot('damage-report');
    assert.match(text, /came from VS Code's own storage/);
    assert.match(text, /turns? cannot be brought back:|could not be found/);
    const turns = await sidebar.turns.count();
    await sidebar.ask('What is 4 + 4?');
    assert.equal(await sidebar.turns.count(), turns + 1);
    await vscode.reload();
    await sidebar.open();
    await sidebar.turns.nth(turns).waitFor();
    await assert.rejects(vscode.window.notification(/damaged/, 1500));
  });

  test('what is deleted for good leaves the copies of the damaged file, and a notification says so', async () => {
    const turn = sidebar.turns.first();
    await turn.hover();
    await turn.getByRole('button', { name: 'Delete turn…' }).click();
    // Its answer is another turn's, too: what holds the same text is offered, and left alone where nobody checks it.
    const offered = vscode.page.locator('.quick-input-widget');
    await offered.getByText('What else holds the same text').waitFor();
    await vscode.window.screenshot('damage-alike');
    await offered.getByRole('button', { name: 'OK' }).click();
    await vscode.window.dialogButton('Forget').click();
    const told = await vscode.window.notification(/gone from the copies of the history, too/);
    await vscode.window.screenshot('damage-deleted');
    assert.match(await openReport(told), /It was in this copy, and is no more: .*quarantine/);
  });

  test('comes back from VS Code’s own storage where all of it is gone, and a notification says so', async () => {
    process.kill(await vscode.extensionHostPid(), 'SIGKILL');
    rmSync(path.dirname(storage()), { recursive: true });
    await vscode.reload();
    await sidebar.open();
    const told = await vscode.window.notification(
      /had no history of this workspace\. Brought back: 1 session/,
    );
    assert.equal(await vscode.page.locator('.notification-list-item').count(), 1);
    await vscode.window.screenshot('damage-all-gone');
    assert.match(await openReport(told), /came from VS Code's own storage/);
    await sidebar.turns.first().waitFor();
  });
});
