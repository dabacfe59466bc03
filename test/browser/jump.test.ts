import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { Vscode } from '../host/vscode.ts';
import { MemorySidebar } from './harness/memorySidebar';
import { openRecallingChat } from './harness/openChat';
import type { Sidebar } from './harness/sidebar';

const told = 'The staging server of Falcon listens on port 8443.';
const question = 'Which port does the staging server of Falcon use?';

/** 300 turns; what is looked for is said in the fifth. */
function longHistory() {
  const createdAt = (turn: number) => new Date(Date.UTC(2026, 2, 1, 8, turn)).toISOString();
  const turns = Array.from({ length: 300 }, (_, at) => ({
    id: `long-${at}`,
    createdAt: createdAt(at),
    status: 'complete',
    messages: [
      { role: 'user', content: at === 4 ? told : `Bed ${at} of the garden: what grows there?` },
      { role: 'assistant', content: at === 4 ? 'Noted.' : `Rows of beans and peas. `.repeat(12) },
    ],
  }));
  const session = { id: 'long', title: 'The long one', createdAt: createdAt(0), updatedAt: createdAt(299) };
  return {
    format: 'throughline-history',
    version: 1,
    exportedAt: createdAt(300),
    generator: 'throughline 0.1.0',
    workspace: { id: 'w', name: 'sample' },
    sessions: [{ ...session, turns }],
    memories: [],
  };
}

suite('a jump to a turn far up in a session of 300', function () {
  this.timeout(180_000);
  let vscode: Vscode;
  let sidebar: Sidebar;
  let memory: MemorySidebar;
  let source: Locator;

  suiteSetup(async () => {
    ({ vscode, sidebar } = await openRecallingChat('It is 8443.'));
    const file = path.join(vscode.workspaceFolder, 'long.json');
    writeFileSync(file, JSON.stringify(longHistory()));
    await vscode.window.runCommand('Throughline: Import Memory…');
    // What is typed before the dialog has found its folder is lost.
    await vscode.window.quickInput.getByRole('option', { name: 'long.json' }).click();
    await vscode.window.quickInput.getByText('Add what is new; leave').click();
    await vscode.window.notification(/300 turns/);
    await vscode.window.clearNotifications();
    memory = new MemorySidebar(vscode.window);
    await memory.open();
    source = sidebar.frame.locator('[data-turn=long-4]');
  });
  suiteTeardown(() => vscode.close());

  /** Marked, in sight, with the focus, and it stays so. */
  const isShown = async (): Promise<void> => {
    await source.and(sidebar.frame.locator('[data-revealed]')).waitFor();
    await sidebar.frame.waitForFunction(() => document.activeElement?.getAttribute('data-turn') === 'long-4');
    await source.and(sidebar.frame.locator(':not([data-revealed])')).waitFor();
    const [turn, transcript] = [
      await source.boundingBox(),
      await sidebar.frame.locator('.transcript').boundingBox(),
    ];
    assert.ok(turn && transcript);
    assert.ok(turn.y >= transcript.y - 1, `${turn.y} is above ${transcript.y}`);
    assert.ok(turn.y < transcript.y + transcript.height - 20, `${turn.y} is below the transcript`);
  };

  test('from the Memory view, out of another session', async () => {
    await sidebar.newSession();
    await memory.search('Falcon staging');
    await memory.field.press('ArrowDown');
    await vscode.page.keyboard.press('Enter');
    await isShown();
    await vscode.window.screenshot('jump-memory');
  });

  test('from the Memory view, in the session that is shown at its end', async () => {
    await sidebar.button('Jump to latest').click();
    await memory.search('Falcon staging port');
    await memory.hits.first().click();
    await isShown();
  });

  test('from the quick pick, where the chat is not shown', async () => {
    await sidebar.newSession();
    await vscode.window.hideView();
    await vscode.window.runCommand('Throughline: Recall…');
    await vscode.window.quickInput.locator('input').fill('role:user Falcon');
    await vscode.window.quickInput.locator('.monaco-list-row', { hasText: told }).first().waitFor();
    await vscode.page.keyboard.press('Enter');
    await sidebar.find();
    source = sidebar.frame.locator('[data-turn=long-4]');
    await isShown();
  });

  test('from a receipt, which opens in sight, tells the day, and acts at once', async () => {
    await sidebar.newSession();
    const turn = await sidebar.ask(question);
    await turn.getByRole('button', { name: /^Recalled/ }).click();
    const entry = turn.locator('.receipt-entry').first();
    await entry.getByText(told).waitFor();
    const [receipt, transcript, jump] = await Promise.all(
      ['.receipt', '.transcript', '.jump'].map((name) => sidebar.frame.locator(name).last()).map(boxOf),
    );
    assert.ok(receipt && transcript);
    assert.ok(receipt.y + receipt.height <= transcript.y + transcript.height);
    assert.ok(!jump || receipt.y + receipt.height <= jump.y);
    const shown = await vscode.window.webview('.memory .search');
    await shown.locator('.search-mark[data-busy=false]').waitFor({ state: 'attached' });
    await vscode.window.screenshot('jump-receipt');
    const mute = entry.getByRole('button', { name: 'Mute' });
    await mute.click();
    await entry.getByText('Not recalled any more').waitFor();
    assert.equal(await mute.getAttribute('aria-pressed'), 'true');
    await entry.getByRole('button', { name: 'Go to the turn in “The long one”' }).click();
    await isShown();
  });
});

async function boxOf(element: Locator) {
  return (await element.count()) === 0 ? undefined : element.boundingBox();
}
