import assert from 'node:assert/strict';
import { startVscode, type Vscode } from '../host/vscode.ts';
import { textAnswer } from '../support/modelAnswers';
import { ModelServer } from '../support/modelServer';
import { axeFindings } from './harness/axeFindings';
import { ContextPage } from './harness/contextPage';
import { Sidebar } from './harness/sidebar';

const asked = ['the tides', 'the moon', 'the wind', 'the rain', 'the snow', 'the sun'];
const answerTo = (prompt: string): string =>
  `On “${prompt}”: ${'it is a long story, told in many books, and no two of them agree. '.repeat(12)}`;

interface Sent {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

suite('the Context panel', function () {
  this.timeout(180_000);
  let server: ModelServer;
  let vscode: Vscode;
  let sidebar: Sidebar;
  let panel: ContextPage;

  suiteSetup(async () => {
    server = await ModelServer.start(({ body }) => {
      const prompt = (body as Sent).messages.findLast(({ role }) => role === 'user')?.content ?? '';
      const isSummary = JSON.stringify(body).includes('You condense a part of a conversation');
      const text = isSummary ? 'They spoke of the tides, the moon and the weather.' : answerTo(prompt);
      return textAnswer(text, { usage: { prompt_tokens: 900, completion_tokens: 200 } });
    });
    vscode = await startVscode({
      settings: {
        'throughline.model.baseUrl': server.baseUrl,
        'throughline.model.name': 'scripted',
        'throughline.context.maxTokens': 8000,
        'throughline.compaction.automatic': false,
      },
    });
    sidebar = new Sidebar(vscode.window);
    await sidebar.open();
    for (const what of asked) await sidebar.ask(`Tell me about ${what}.`);
    panel = new ContextPage(vscode.window);
    await panel.open();
    await panel.settled();
  });
  suiteTeardown(async () => {
    await vscode.close();
    await server.close();
  });

  test('shows every item of the next request, and their tokens sum up', async () => {
    const { total, window, legend } = await panel.tokens();
    assert.equal(window, 8000);
    assert.equal(await panel.itemTokens(panel.sent), total);
    assert.equal(
      [...legend.values()].reduce((sum, tokens) => sum + tokens, 0),
      window,
    );
    assert.equal(legend.get('Kept free for the answer'), 2000);
    assert.equal(await panel.sent.and(panel.frame.locator('[data-source=window]')).count(), asked.length);
    await vscode.window.screenshot('context-next');
  });

  test('before a prompt is typed there is none, and none is counted', async () => {
    await panel.frame.getByText('What you type comes here. It is not counted yet.').waitFor();
    assert.equal(await panel.frame.locator('.item[data-source=prompt]').count(), 0);
    assert.equal((await panel.tokens()).legend.get('Prompt'), undefined);
  });

  test('every share is of the window, and what else limits a request is a mark with its number', async () => {
    const { total, window, legend } = await panel.tokens();
    const shares = await panel.frame.locator('.legend-share').allInnerTexts();
    const percents = [...legend.values()].map((tokens) => `${Math.round((tokens / window) * 100)}%`);
    assert.deepEqual(
      shares.filter((share) => share !== '<1%'),
      percents.filter((_, index) => shares[index] !== '<1%'),
    );
    assert.match(
      await panel.frame.locator('.usage-total').innerText(),
      new RegExp(`\\(${Math.round((total / window) * 100)}%\\)`),
    );
    const kept = [...legend].filter(([name]) => name.startsWith('Kept free')).map(([, tokens]) => tokens);
    const most = window - kept.reduce((sum, tokens) => sum + tokens, 0);
    assert.deepEqual(await panel.frame.locator('.usage-mark').allInnerTexts(), [
      `Sent at most ${most.toLocaleString('en-US')}`,
    ]);
  });

  test('memory is trimmed, and a summary made, from here by keyboard', async () => {
    const { quickInput } = vscode.window;
    await panel.button('Trim Memory…').focus();
    await vscode.page.keyboard.press('Enter');
    await quickInput.getByText('Last turns').waitFor();
    await vscode.page.keyboard.press('Escape');
    await quickInput.getByText('Last turns').waitFor({ state: 'hidden' });
    await panel.button('Summarise…').focus();
    await vscode.page.keyboard.press('Enter');
    await panel.button('Summarise Now').waitFor();
    await panel.tab('Next Request');
    await panel.settled();
  });

  test('follows the prompt that is typed, and the session', async () => {
    await panel.prompt.fill('What did I ask first, and what did you say to that?');
    await panel.sent.filter({ hasText: 'What did I ask first' }).waitFor();
    await sidebar.ask('Tell me about the fog.');
    await panel.sent.filter({ hasText: 'the fog' }).waitFor();
  });

  test('a lower budget shows at once what goes out, and changes nothing', async () => {
    const budget = panel.frame.getByRole('spinbutton', { name: 'Budget' });
    await budget.fill('3000');
    await panel.frame.getByText(/\d turns go out\. Not saved yet/).waitFor();
    assert.ok((await panel.leftOut.and(panel.frame.locator('[data-change=out]')).count()) > 0);
    await vscode.window.screenshot('context-tried');
    await panel.frame.getByRole('heading', { name: /^Left out/ }).scrollIntoViewIfNeeded();
    await panel.leftOut.last().scrollIntoViewIfNeeded();
    await vscode.window.screenshot('context-left-out');
    await panel.button('Back to the Current Ones').click();
    await panel.settled();
    assert.equal(await budget.inputValue(), '8000');
    assert.equal(await panel.leftOut.count(), 0);
  });

  test('a policy shows what it changes, and is used when told so', async () => {
    await panel.frame.getByLabel('Sliding window').check();
    await panel.frame.getByLabel('At most', { exact: true }).fill('2');
    await panel.frame.getByText(/5 turns go out/).waitFor();
    await panel.button('Use These Settings').click();
    await panel.button('Use These Settings').waitFor({ state: 'detached' });
    await panel.settled();
    assert.equal(await panel.leftOut.count(), 5);
    await panel.frame.getByLabel('Sliding window').uncheck();
    await panel.button('Use These Settings').click();
    await panel.button('Use These Settings').waitFor({ state: 'detached' });
    await panel.settled();
    assert.equal(await panel.leftOut.count(), 0);
  });

  test('a turn is pinned and unpinned from its item', async () => {
    const item = panel.sent.filter({ hasText: 'the moon' });
    await item.getByRole('button', { name: /^Pin/ }).click();
    await item.and(panel.frame.locator('[data-source=pin]')).waitFor();
    await item.getByRole('button', { name: /^Unpin/ }).click();
    await item.and(panel.frame.locator('[data-source=window]')).waitFor();
  });

  test('Send This sends exactly the messages shown', async () => {
    await sidebar.composer.fill('Tell me the end of it.');
    await panel.prompt.fill('Tell me the end of it.');
    await panel.sent.filter({ hasText: 'Tell me the end of it.' }).waitFor();
    await panel.settled();
    const shown = (await panel.readAll()).filter(({ role }) => role !== 'Definition');
    await panel.sent.last().scrollIntoViewIfNeeded();
    await vscode.window.screenshot('context-open');
    assert.deepEqual(await axeFindings(panel.frame), []);
    const before = server.requests.length;
    await panel.button('Send This').click();
    await panel.frame.getByText('Sent as it was shown.').waitFor();
    await sidebar.turns.nth(asked.length + 1).waitFor();
    await sidebar.ended(sidebar.turns.nth(asked.length + 1));
    assert.equal(server.requests.length, before + 1);
    const { messages } = server.requests[before]?.body as Sent;
    const system = shown.filter(({ role }) => role === 'System').map(({ content }) => content);
    assert.deepEqual(
      messages.map(({ content }) => content),
      [system.join('\n\n'), ...shown.filter(({ role }) => role !== 'System').map(({ content }) => content)],
    );
    assert.equal(await panel.prompt.inputValue(), '');
    assert.equal(await sidebar.composer.inputValue(), '', 'the chat’s draft is sent');
  });

  test('a past turn shows what the model saw', async () => {
    await panel.tab('Past Turns');
    await panel.frame.getByText('The model reported 900 tokens').waitFor();
    const { total } = await panel.tokens();
    assert.equal(await panel.itemTokens(panel.sent), total);
    assert.equal(await panel.sent.and(panel.frame.locator('[data-source=window]')).count(), asked.length + 1);
    await vscode.window.screenshot('context-past');
    assert.deepEqual(await axeFindings(panel.frame), []);
    await panel.frame.getByLabel('Turn', { exact: true }).selectOption({ index: asked.length + 1 });
    await panel.frame.locator('.item[data-source=window]').first().waitFor({ state: 'detached' });
    assert.equal(await panel.sent.filter({ hasText: 'the tides' }).count(), 1);
  });

  test('a summary is made, changed, undone and taken back', async () => {
    await panel.tab('Summaries');
    await panel.button('Summarise Now').click();
    const card = panel.frame.locator('.summary-card');
    await card.waitFor();
    const text = card.getByRole('textbox', { name: 'Summary' });
    await text.waitFor();
    assert.equal(await text.inputValue(), 'They spoke of the tides, the moon and the weather.');
    await card.getByText('Written by scripted').waitFor();
    await vscode.window.screenshot('context-summaries');
    assert.deepEqual(await axeFindings(panel.frame), []);
    await text.fill('They spoke of the sea and of the weather.');
    await card.getByRole('button', { name: 'Accept' }).click();
    await card.getByText('changed by you').waitFor();
    await card.getByRole('button', { name: /^Stands for/ }).click();
    assert.equal(await text.inputValue(), 'They spoke of the sea and of the weather.');
    const fill = (): Promise<string> =>
      card.locator('.badge').first().evaluate((badge) => getComputedStyle(badge).backgroundColor); // prettier-ignore
    const active = await fill();
    await card.getByRole('button', { name: 'Undo' }).click();
    await card.getByText('Undone', { exact: true }).waitFor();
    assert.notEqual(await fill(), active, 'what is undone is no longer in sight as what is in force');
    await card.getByRole('button', { name: 'Redo' }).click();
    await card.getByText('Active', { exact: true }).waitFor();
  });

  test('tab and prompt are there again after a reload', async () => {
    await panel.tab('Next Request');
    await panel.prompt.fill('half a thought');
    await panel.sent.filter({ hasText: 'half a thought' }).waitFor();
    // VS Code in the browser stores the state of its editors every 5 s, and not when it is reloaded.
    await vscode.page.waitForTimeout(6_000);
    await vscode.reload();
    await panel.find();
    await panel.settled();
    assert.equal(await panel.prompt.inputValue(), 'half a thought');
  });

  test('fits into a narrow column', async () => {
    await vscode.page.setViewportSize({ width: 720, height: 800 });
    for (const tab of ['Past Turns', 'Summaries', 'Next Request']) {
      await panel.tab(tab);
      await vscode.page.waitForTimeout(300);
      const overflow = await panel.frame.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.equal(overflow, 0, tab);
      await vscode.window.screenshot(`context-narrow-${tab.split(' ')[0]?.toLowerCase()}`);
    }
    await vscode.page.setViewportSize({ width: 1280, height: 800 });
  });

  for (const theme of ['light', 'high-contrast-dark', 'high-contrast-light', 'dark'] as const) {
    test(`axe finds nothing to say about it, and it can be looked at, in ${theme}`, async () => {
      await vscode.window.setTheme(theme);
      await panel.frame.getByRole('spinbutton', { name: 'Budget' }).fill('4000');
      await panel.frame.getByText(/Not saved yet/).waitFor();
      await vscode.page.waitForTimeout(300);
      await vscode.window.screenshot(`context-${theme}`);
      assert.deepEqual(await axeFindings(panel.frame), []);
      await panel.button('Back to the Current Ones').click();
      await panel.settled();
    });
  }
});
