import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { Vscode } from '../host/vscode.ts';
import type { ModelServer } from './harness/modelServer';
import { ContextPage } from './harness/contextPage';
import { openScriptedChat } from './harness/openChat';
import type { Sidebar } from './harness/sidebar';

const filler = 'The release slipped by a week, and nobody was told of it in time. ';

suite('the context as a person meets it', function () {
  this.timeout(180_000);
  let server: ModelServer;
  let vscode: Vscode;
  let sidebar: Sidebar;
  suiteSetup(async () => {
    const settings = { 'throughline.context.maxTokens': 3000 };
    ({ server, vscode, sidebar } = await openScriptedChat({ settings }));
  });
  suiteTeardown(() => vscode.close());

  const ask = async (prompt: string): Promise<Locator> => {
    const asked = await sidebar.turns.count();
    await sidebar.composer.fill(prompt);
    await sidebar.composer.press('Enter');
    server.say(`I see. ${filler}`);
    const turn = sidebar.turns.nth(asked);
    await turn.locator('.answer').waitFor();
    server.finish();
    await sidebar.ended(turn);
    return turn;
  };
  /** Answers the request for a summary. */
  const summarise = async (): Promise<void> => {
    await note(/Summarising \d+ turns…/).waitFor();
    while (server.open === 0) await vscode.page.waitForTimeout(50);
    server.say('The release slipped by a week; nobody was told.');
    server.finish();
  };
  const meter = (): Locator => sidebar.frame.locator('.meter');
  const level = (wanted: string): Promise<void> =>
    sidebar.frame.locator(`.meter[data-level=${wanted}]`).waitFor({ timeout: 20_000 });
  const statusBar = (): Locator => vscode.page.locator('.statusbar-item', { hasText: / of 3k/ });
  const note = (text: string | RegExp): Locator => sidebar.frame.locator('.context-note', { hasText: text });

  test('the meter is there from the first sight on, the status bar once there are turns', async () => {
    await meter().waitFor({ timeout: 20_000 });
    assert.match((await meter().getAttribute('aria-label')) ?? '', /of 3,000 tokens/);
    assert.equal(await statusBar().count(), 0);
    await ask('Which day is release day?');
    await statusBar().waitFor({ timeout: 20_000 });
    // Both show the same sooner or later: what was estimated is counted meanwhile.
    const used = async (): Promise<string | undefined> =>
      (await statusBar().innerText()).trim().split(' ')[0];
    while ((await used()) !== (await meter().innerText())) await vscode.page.waitForTimeout(50);
  });

  test('the meter counts what is being typed, and gives it back', async () => {
    const tokens = async (of: RegExp): Promise<number> =>
      Number(of.exec((await meter().getAttribute('title')) ?? '')?.[1]?.replaceAll(',', '') ?? 0);
    const prompt = () => tokens(/^Prompt: ([\d,]+)$/m);
    const windowTokens = () => tokens(/^Window: ([\d,]+)$/m);
    const total = () => tokens(/about ([\d,]+) of/);
    assert.equal(await prompt(), 0);
    await sidebar.type(filler.repeat(6));
    while ((await prompt()) < 50) await vscode.page.waitForTimeout(50);
    assert.ok((await total()) >= (await prompt()) + (await windowTokens()));
    await sidebar.composer.fill('');
    while ((await prompt()) > 0) await vscode.page.waitForTimeout(50);
  });

  test('a draft that is too long says so before it is sent', async () => {
    await sidebar.composer.fill(filler.repeat(400));
    await note(/The prompt needs about [\d,]+ tokens/).waitFor({ timeout: 20_000 });
    await level('full');
    await sidebar.composer.fill('');
    await level('low');
  });

  test('meter, status bar and turn open the Context panel', async () => {
    const panel = new ContextPage(vscode.window);
    const opened = async (tab: string): Promise<void> => {
      await panel.find();
      await panel.frame.getByRole('tab', { name: tab, selected: true }).waitFor();
      await vscode.window.runCommand('View: Close All Editors');
    };
    await sidebar.composer.fill('And what of the draft?');
    while (!(await meter().getAttribute('title'))?.includes('Prompt: ')) await vscode.page.waitForTimeout(50);
    const told = /[\d,]+ of [\d,]+ tokens \(\S+\)/;
    await meter().click();
    await panel.find();
    await panel.sent.filter({ hasText: 'And what of the draft?' }).waitFor();
    assert.equal(
      told.exec(await panel.frame.locator('.usage-total').innerText())?.[0],
      told.exec((await meter().getAttribute('title')) ?? '')?.[0],
      'the panel tells of the draft what the meter tells',
    );
    await sidebar.composer.fill('');
    await opened('Next Request');
    await statusBar().click();
    await opened('Next Request');
    const turn = sidebar.turns.first();
    await turn.hover();
    await turn.getByRole('button', { name: 'What did the model see?' }).click();
    await opened('Past Turns');
  });

  test('a warning comes before the window is full', async () => {
    for (let n = 1; n < 30 && (await note('Nearly full').count()) === 0; n += 1) {
      // The warning's range is small: it is come near to in small steps.
      await ask(`${filler.repeat(n < 4 ? 5 : 2)} And ${n}?`);
      await vscode.page.waitForTimeout(400);
    }
    await note('the oldest turns are summarised soon').waitFor();
    await level('near');
    assert.equal(await sidebar.frame.locator('.tag').count(), 0);
    await vscode.window.screenshot('context-near');
  });

  test('a summary that is cancelled changes nothing', async () => {
    await sidebar.button('Summarise Now').click();
    await note(/Summarising \d+ turns…/).waitFor();
    await vscode.window.screenshot('context-summarising');
    await sidebar.button('Cancel').click();
    await note('Nearly full').waitFor();
    assert.match(server.prompts.at(-1) ?? '', /<conversation>/);
  });

  test('a summary is told when it is done, and undone', async () => {
    await sidebar.button('Summarise Now').click();
    await summarise();
    await note(/\d+ turns are summarised: requests carry the summary/).waitFor({ timeout: 20_000 });
    await level('low');
    await vscode.window.screenshot('context-summarised');
    await sidebar.button('Undo').click();
    await note(/\d+ turns are summarised/).waitFor({ state: 'detached' });
    await level('near');
  });

  test('trimming offers every way with what it would do, and is undone', async () => {
    const { quickInput } = vscode.window;
    await vscode.window.runCommand('Throughline: Trim Memory…');
    await quickInput
      .getByText(/The next request, before a prompt: \d+ → 5 turns, about [\d,]+ → [\d,]+ tokens/)
      .first()
      .waitFor({ timeout: 20_000 });
    await quickInput
      .getByText(
        /Summarises \d+ turns\. The next request, before a prompt: \d+ → 1 turn, about [\d,]+ → [\d,]+ tokens/,
      )
      .waitFor();
    assert.equal(await quickInput.locator('.monaco-list-row').count(), 5);
    await vscode.window.screenshot('trim-ways');
    await vscode.page.keyboard.press('Enter');
    await quickInput.getByText('How many of the newest turns').waitFor();
    const input = quickInput.locator('input');
    await input.fill('some');
    await quickInput.getByText('A whole number, 0 or more, please.').waitFor();
    await input.fill('2');
    await quickInput
      .getByText(/The next request, before a prompt: \d+ → 2 turns, about [\d,]+ → [\d,]+ tokens/)
      .waitFor();
    await vscode.window.screenshot('trim-number');
    await vscode.page.keyboard.press('Enter');
    const told = await vscode.window.notification(/The next request, before a prompt: \d+ → 2 turns/);
    await sidebar.frame.locator('.tag', { hasText: 'Trimmed' }).first().waitFor();
    await vscode.window.screenshot('trim-done');
    await told.getByRole('button', { name: 'Undo' }).click();
    await sidebar.frame.locator('.tag').first().waitFor({ state: 'detached' });
    await vscode.window.clearNotifications();
  });

  test('summarising older turns is a way to trim: at once, and undone', async () => {
    const { quickInput } = vscode.window;
    await vscode.window.runCommand('Throughline: Trim Memory…');
    await quickInput.getByText(/Summarises \d+ turns/).click({ timeout: 20_000 });
    await summarise();
    const told = await vscode.window.notification(/\d+ turns are summarised\. The next request/);
    await note(/\d+ turns are summarised in requests\./).waitFor();
    await sidebar.frame.locator('.tag', { hasText: 'Summarised' }).first().waitFor();
    await vscode.window.screenshot('context-in-force');
    await told.getByRole('button', { name: 'Undo' }).click();
    await sidebar.frame.locator('.tag').first().waitFor({ state: 'detached' });
    await vscode.window.clearNotifications();
  });

  test('a turn is pinned from the transcript and from the palette, also after a reload', async () => {
    const first = sidebar.turns.first();
    await first.hover();
    await first.getByRole('button', { name: /^Pin turn/ }).click();
    await first.locator('.tag', { hasText: /^Pinned · \d+ tokens$/ }).waitFor();
    await vscode.window.screenshot('context-pinned');
    await vscode.reload();
    await sidebar.open();
    await sidebar.turns.first().locator('.tag', { hasText: 'Pinned' }).waitFor();
    await vscode.window.runCommand('Throughline: Unpin Turn…');
    await vscode.window.quickInput.getByText('Which day is release day?').click();
    await vscode.window.notification('The turn is pinned no more.');
    await sidebar.turns.first().locator('.tag').waitFor({ state: 'detached' });
    await vscode.window.clearNotifications();
  });

  test('undoing a summary whose turns no longer fit asks first, in the panel and in the chat', async () => {
    const { quickInput } = vscode.window;
    await vscode.window.runCommand('Throughline: Trim Memory…');
    await quickInput.getByText(/Summarises \d+ turns/).click({ timeout: 20_000 });
    await summarise();
    await vscode.window.notification(/\d+ turns are summarised\. The next request/);
    await vscode.window.clearNotifications();
    for (let n = 0; n < 3; n += 1) await ask(`${filler.repeat(14)} And ${n}?`);
    const panel = new ContextPage(vscode.window);
    await panel.open('Throughline: Review Summaries');
    const card = panel.frame.locator('.summary-card').first();
    await card.getByRole('button', { name: /^Stands for \d+ turns: “.*Which day is release day/ }).click();
    const warning = vscode.page.locator('.monaco-dialog-box', { hasText: /Undo the summary of \d+ turns\?/ });
    await card.getByRole('button', { name: 'Undo', exact: true }).click();
    await warning
      .getByText(/no longer fit: .*The next request, before a prompt: about [\d,]+ → [\d,]+ tokens/)
      .waitFor();
    await vscode.window.screenshot('undo-summary-warning');
    await vscode.window.dialogButton('Cancel').click();
    await card.getByText('Active', { exact: true }).waitFor();
    await panel.tab('Next Request');
    const item = panel.sent.filter({
      hasText: /^Summary of \d+ turns, from “Which day is release day\?” on/,
    });
    await item.waitFor();
    await vscode.window.screenshot('context-summary-item');
    await panel.tab('Summaries');
    await card.getByRole('button', { name: 'Undo', exact: true }).click();
    await warning.waitFor();
    await vscode.window.dialogButton('Undo Summary').click();
    await card.getByText('Undone', { exact: true }).waitFor();
    await vscode.window.runCommand('View: Close All Editors');
  });

  test('a trim is undone from the transcript and from the panel', async () => {
    const trim = async () => {
      await vscode.window.runCommand('Throughline: Trim Memory…');
      await vscode.window.quickInput.getByText('Last turns').click();
      await vscode.window.quickInput.getByText('How many of the newest turns').waitFor();
      await vscode.window.quickInput.locator('input').fill('1');
      await vscode.window.quickInput.getByText(/The next request, before a prompt: \d+ → 1 turn/).waitFor();
      await vscode.page.keyboard.press('Enter');
      return vscode.window.notification(/→ 1 turn/);
    };
    const toast = await trim();
    const mark = sidebar.frame.locator('.trim-mark');
    await mark.waitFor();
    await vscode.window.screenshot('context-trimmed');
    await mark.getByRole('button', { name: 'Undo Trim' }).click();
    await mark.waitFor({ state: 'detached' });
    await toast.getByRole('button', { name: 'Undo' }).click();
    await vscode.window.notification('That trim is undone already. Nothing was changed.');
    await vscode.window.screenshot('trim-undone-already');
    await vscode.window.clearNotifications();
    await trim();
    await vscode.window.clearNotifications();
    const panel = new ContextPage(vscode.window);
    await panel.open();
    await panel.button('Undo Trim').click();
    await panel.button('Undo Trim').waitFor({ state: 'detached' });
    await mark.waitFor({ state: 'detached' });
    await vscode.window.runCommand('View: Close All Editors');
  });

  test('the status bar can be switched off', async () => {
    await statusBar().waitFor();
    const folder = path.join(vscode.workspaceFolder, '.vscode');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'settings.json'), '{ "throughline.statusBar": false }');
    await statusBar().waitFor({ state: 'detached', timeout: 20_000 });
  });
});
