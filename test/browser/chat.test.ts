import assert from 'node:assert/strict';
import type { Vscode } from '../host/vscode.ts';
import type { ModelServer } from './harness/modelServer';
import { storedGlobalState } from './harness/globalState';
import { openChat, openScriptedChat } from './harness/openChat';
import type { Sidebar } from './harness/sidebar';

suite('the sidebar chat with the built-in model', function () {
  this.timeout(120_000);
  let vscode: Vscode;
  let sidebar: Sidebar;
  suiteSetup(async () => {
    ({ vscode, sidebar } = await openChat());
  });
  suiteTeardown(() => vscode.close());

  test('begins with three things to try', async () => {
    assert.equal(await sidebar.frame.locator('.suggestion').count(), 3);
    await vscode.window.screenshot('chat-empty');
  });

  test('"Add 5 and 10 for me." calls the calculator and answers 15', async () => {
    const turn = await sidebar.ask('Add 5 and 10 for me.');
    assert.match(await sidebar.answer(turn), /\b15\b/);
    const row = turn.getByRole('button', { name: /^Tool calculator/ });
    assert.match(await row.innerText(), /15/);
    await row.click();
    assert.match(await turn.locator('.tool-detail').first().innerText(), /5 ?\+ ?10/);
    await row.click();
  });

  test('"Now multiply that result by 2." answers 30 from history', async () => {
    const turn = await sidebar.ask('Now multiply that result by 2.');
    assert.match(await sidebar.answer(turn), /\b30\b/);
    await turn.getByRole('button', { name: /^Tool calculator/ }).waitFor();
    await vscode.window.screenshot('chat-conversation');
  });

  test('both turns with their tool calls are there after a reload, and a third builds on them', async () => {
    await vscode.reload();
    await sidebar.open();
    await sidebar.turns.nth(1).waitFor();
    assert.equal(await sidebar.turns.count(), 2);
    assert.deepEqual(await sidebar.frame.locator('.prompt-text').allInnerTexts(), [
      'Add 5 and 10 for me.',
      'Now multiply that result by 2.',
    ]);
    assert.equal(await sidebar.frame.getByRole('button', { name: /^Tool calculator/ }).count(), 2);
    const turn = await sidebar.ask('Subtract 4 from that result.');
    assert.match(await sidebar.answer(turn), /\b26\b/);
  });

  test('the record of the workspace in globalState has the newest turn', async () => {
    const newest = async (): Promise<string | undefined> => {
      const state = await storedGlobalState(vscode.page, 'throughline.throughline');
      const [record] = Object.entries(state ?? {}).flatMap(([key, value]) =>
        key.startsWith('history:') ? [value] : [],
      );
      const { turns } = (record ?? { turns: [] }) as { turns: { messages: { content: string }[] }[] };
      return turns
        .map(({ messages }) => messages[0]?.content)
        .find((prompt) => prompt === 'Subtract 4 from that result.');
    };
    // VS Code writes it some 100 ms after the extension did; the poll ends with the test's own time.
    while ((await newest()) === undefined) await vscode.page.waitForTimeout(200);
  });

  test('draft and turns are there again when the view was hidden', async () => {
    await sidebar.type('half a thou');
    await vscode.window.hideView();
    await sidebar.open();
    assert.equal(await sidebar.composer.inputValue(), 'half a thou');
    await sidebar.turns.nth(2).waitFor();
    await sidebar.composer.fill('');
  });

  test('a prompt beyond the built-in model leads to connecting one, by a button', async () => {
    const turn = await sidebar.ask('Write a poem about the sea.');
    assert.match(await sidebar.answer(turn), /beyond me/);
    await turn.getByRole('button', { name: 'Connect a Model…' }).click();
    await vscode.page.getByRole('option', { name: /Ollama/ }).waitFor();
    await vscode.page.keyboard.press('Escape');
  });

  test('a turn is deleted from its context menu, once that is confirmed', async () => {
    const turn = sidebar.turns.last();
    await turn.locator('.prompt-text').click({ button: 'right' });
    const item = vscode.page.locator('.context-view .action-label', { hasText: 'Delete Turn…' });
    await item.waitFor();
    await vscode.window.screenshot('chat-context-menu');
    await item.click();
    const dialog = vscode.page.getByRole('dialog');
    await dialog.getByText('Write a poem about the sea.').waitFor();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await turn.getByText('Write a poem').waitFor({ state: 'detached' });
    assert.equal(await sidebar.turns.count(), 3);
  });

  for (const theme of ['light', 'high-contrast-dark', 'high-contrast-light', 'dark'] as const) {
    test(`can be looked at in ${theme}`, async () => {
      await vscode.window.setTheme(theme);
      await vscode.page.waitForTimeout(500);
      await vscode.window.screenshot(`chat-${theme}`);
    });
  }

  test('a new session begins empty', async () => {
    await sidebar.newSession();
    assert.equal(await sidebar.turns.count(), 0);
  });
});

suite('the sidebar chat with a server', function () {
  this.timeout(120_000);
  let server: ModelServer;
  let vscode: Vscode;
  let sidebar: Sidebar;
  suiteSetup(async () => {
    ({ server, vscode, sidebar } = await openScriptedChat());
  });
  suiteTeardown(() => vscode.close());

  test('an answer streams in, and stops at what was shown when Escape is pressed', async () => {
    await sidebar.type('Tell me a long story.');
    await vscode.page.keyboard.press('Enter');
    server.say('Once upon a time');
    const turn = sidebar.turns.first();
    await turn.locator('.answer', { hasText: 'Once upon a time' }).waitFor();
    await sidebar.button('Stop').waitFor();
    await vscode.page.keyboard.press('Escape');
    await sidebar.ended(turn);
    assert.equal(await turn.getAttribute('data-status'), 'stopped');
    assert.equal(await sidebar.answer(turn), 'Once upon a time');
    assert.match(await turn.innerText(), /Stopped/);
    assert.equal(server.brokenOff, 1);
  });

  test('a prompt sent meanwhile is queued, and answered next', async () => {
    await sidebar.type('First');
    await vscode.page.keyboard.press('Enter');
    const first = sidebar.turns.nth(1);
    server.say('One.');
    await first.locator('.answer').waitFor();
    await sidebar.type('Second');
    await vscode.page.keyboard.press('Enter');
    const second = sidebar.turns.nth(2);
    await second.getByText('Queued').waitFor();
    await vscode.window.screenshot('chat-queued');
    server.finish();
    await sidebar.ended(first);
    server.say('Two.');
    await second.locator('.answer', { hasText: 'Two.' }).waitFor();
    server.finish();
    await sidebar.ended(second);
    assert.deepEqual(server.prompts.slice(-2), ['First', 'Second']);
    assert.match(await second.locator('.turn-footer').innerText(), /20 in, 7 out/);
  });

  test('a refused key is told in a sentence, and trying again works once it is right', async () => {
    server.refuse(true);
    const turn = await sidebar.ask('Hello?');
    assert.equal(await turn.getAttribute('data-status'), 'failed');
    assert.match(await turn.locator('.turn-failure').innerText(), /API key/);
    await vscode.window.screenshot('chat-failed');
    server.refuse(false);
    server.say('Hello.');
    await turn.getByRole('button', { name: 'Try Again' }).click();
    const next = sidebar.turns.last();
    await next.locator('.answer', { hasText: 'Hello.' }).waitFor();
    server.finish();
    await sidebar.ended(next);
    assert.equal(await next.getAttribute('data-status'), 'complete');
  });
});
