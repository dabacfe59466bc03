import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { ContextLook, ShownItem, ShownSummary, ShownView } from '../../src/protocol/context';
import { results } from '../host/paths.ts';
import { axeFindings } from './harness/axeFindings';
import { launchBrowser } from './harness/chatPage';
import { openPanelPage } from './harness/panelPage';
import { themeNames } from './harness/themes';

const at = (day: number): string => `2026-05-0${day}T10:00:00.000Z`;
const folder = path.join(results, 'panel');

const item = (key: string, change: Partial<ShownItem>): ShownItem => ({
  key,
  source: 'window',
  title: 'Which day is release day?',
  reason: 'Recent',
  tokens: 1234,
  included: true,
  opens: true,
  ...change,
});
type Covered = NonNullable<ShownSummary['opened']>['turns'][number];
const turn = (id: string, prompt: string, day: number): Covered => ({
  id,
  createdAt: at(day),
  prompt,
  answer: 'As I said.',
  calls: 1,
});
const summary = (
  id: string,
  turns: readonly Covered[],
  change: Partial<ShownSummary> = {},
): ShownSummary => ({
  id,
  createdAt: at(9),
  state: 'active',
  edited: false,
  length: turns.length,
  ...(turns[0] && { first: turns[0] }),
  ...(turns.length > 1 && { last: turns.at(-1) }),
  tokens: 40,
  ...change,
});

const tides = turn('t1', 'Tell me about the tides.\nAnd of the moon.', 1);
const wind = turn('t2', 'And what of the wind?', 2);
const summaries = [
  summary('both', [tides, wind], { replaces: 2, out: 'part-undone' }),
  summary('wind', [wind], { state: 'undone', edited: true }),
  summary('tides', [tides]),
  summary('long', [tides, wind], { length: 1_000 }),
];
const many = Array.from({ length: 1_000 }, (_, n) => turn(`m${n}`, `Question ${n + 1}`, 2));

/** What the host tells of the summaries: texts and turns of the one that is reviewed alone, and of these a page. */
function summariesFor({ review, coveredFrom: from = 0 }: ContextLook): ShownView {
  const turnsOf = (id: string): readonly Covered[] =>
    id === 'long' ? many.slice(from, from + 20) : [tides, wind];
  const shown = summaries.map((one) => {
    if (one.id !== review) return one;
    const turns = [...turnsOf(one.id)];
    const whole = turns.length === one.length && { replaced: 900 };
    return {
      ...one,
      opened: { text: 'They spoke of the release.', from, listed: turns.length, turns, ...whole },
    };
  });
  return { tab: 'summaries', summaries: shown, more: true, plan: { turns: 0, tokens: 0 } };
}

function next(trimmed: number): ShownView {
  const trimmedTurn = { included: false, reason: 'Trimmed from the context; "Undo Trim" brings it back' };
  return {
    tab: 'next',
    waiting: false,
    prompt: '',
    contextId: 'c',
    trimmed,
    context: {
      tokens: 2468,
      maxTokens: 8000,
      reserve: 2000,
      margin: 0,
      items: [
        item('summary:a', {
          source: 'summary',
          summaryId: 'a',
          title: 'Summary of 12 turns, from “Tell me about the tides, and of the moon” on',
          reason: 'Stands for 12 turns',
          createdAt: at(1),
        }),
        item('turn:b', { turnId: 'b', createdAt: at(3) }),
        item('turn:c', { turnId: 'c', ...trimmedTurn }),
        item('turn:d', { turnId: 'd', ...trimmedTurn }),
      ],
    },
  };
}

function past({ request = 1 }: ContextLook): ShownView {
  const own = request === 1 ? 'This turn' : 'This turn so far: the prompt and 2 messages after it';
  const line = { id: 't9', title: 'What is 5 + 10?', createdAt: at(4) };
  return {
    tab: 'past',
    turns: [line],
    more: false,
    turn: line,
    requests: { told: 3, untold: 1, shown: request },
    context: {
      tokens: 100 * request,
      maxTokens: 8000,
      reserve: 2000,
      margin: 0,
      items: [item('past:own', { source: 'prompt', title: line.title, reason: own, tokens: 100 * request })],
    },
  };
}

suite('the Context panel’s page', function () {
  this.timeout(60_000);
  let browser: Browser;
  suiteSetup(async () => {
    await mkdir(folder, { recursive: true });
    browser = await launchBrowser();
  });
  suiteTeardown(() => browser.close());

  const view = (look: ContextLook): ShownView => {
    if (look.tab === 'past') return past(look);
    return look.tab === 'summaries' ? summariesFor(look) : next(2);
  };
  const tab = (page: Page, name: string): Promise<void> => page.getByRole('tab', { name }).click();

  test('tells summaries apart by the turns that they cover, also those of one turn', async () => {
    const { page } = await openPanelPage(browser, view);
    await tab(page, 'Summaries');
    await page.locator('.summary-card').first().waitFor();
    assert.deepEqual(await page.locator('.summary-card .item-name').allInnerTexts(), [
      'Stands for 2 turns, in place of 2 summaries: “Tell me about the tides. And of the moon.” to “And what of the wind?”',
      'Stands for 1 turn: “And what of the wind?”',
      'Stands for 1 turn: “Tell me about the tides. And of the moon.”',
      'Stands for 1,000 turns: “Tell me about the tides. And of the moon.” to “And what of the wind?”',
    ]);
    assert.match(await page.locator('.summary-card').first().innerText(), /Of May 1.* to May 2/);
    await page.context().close();
  });

  test('a merged summary names what it replaces, and says what undoing it brings back', async () => {
    const { page, posted } = await openPanelPage(browser, (look) => {
      const shown = view(look);
      if (shown.tab !== 'summaries') return shown;
      return { ...shown, summaries: shown.summaries.map((one) => ({ ...one, out: undefined })) };
    });
    await tab(page, 'Summaries');
    const card = page.locator('.summary-card').first();
    await card.getByRole('button', { name: /in place of 2 summaries/ }).click();
    await card.getByText('Undo brings them back.', { exact: false }).waitFor();
    assert.equal(await card.locator('.replaced li').count(), 2);
    await card.getByRole('button', { name: 'Undo', exact: true }).click();
    await page.waitForFunction(() => true);
    assert.deepEqual(posted, [{ type: 'summary-change', summaryId: 'both', state: 'undone' }]);
    await page.context().close();
  });

  test('a merged summary of which a part was undone says so, and how it is sent again', async () => {
    const { page } = await openPanelPage(browser, view);
    await tab(page, 'Summaries');
    const card = page.locator('.summary-card').first();
    await card.getByText('A part is undone', { exact: true }).waitFor();
    await card.getByRole('button', { name: /in place of 2 summaries/ }).click();
    await card.getByText('Redo that one to send this again.', { exact: false }).waitFor();
    await page.context().close();
  });

  test('the turns of a long summary are read a page at a time, and earlier summaries are listed when asked for', async () => {
    const looks: ContextLook[] = [];
    const { page } = await openPanelPage(browser, (look) => {
      looks.push(look);
      return view(look);
    });
    await tab(page, 'Summaries');
    const card = page.locator('.summary-card').last();
    await card.getByRole('button', { name: /^Stands for 1,000 turns/ }).click();
    await card.getByText('1 to 20 of 1,000').waitFor();
    assert.equal(await card.locator('.replaced li').count(), 20);
    assert.equal(await card.getByRole('button', { name: 'Earlier' }).isDisabled(), true);
    assert.equal(await card.getByText('in place of').count(), 0, 'what is not read is not summed up');
    await card.getByRole('textbox').fill('My own words');
    await card.getByRole('button', { name: 'Later' }).click();
    await card.getByText('21 to 40 of 1,000').waitFor();
    await card.getByText('Question 21', { exact: true }).waitFor();
    assert.equal(await card.getByRole('textbox').inputValue(), 'My own words');
    await page.getByRole('button', { name: 'List Earlier Summaries' }).click();
    await page.waitForFunction(() => true);
    assert.ok((looks.at(-1)?.listed ?? 0) > (looks[0]?.listed ?? 0));
    await page.context().close();
  });

  test('a trim is undone beside the turns that it leaves out', async () => {
    const { page, posted } = await openPanelPage(browser, view);
    await page.getByText('2 turns are trimmed.').waitFor();
    await page.getByRole('button', { name: 'Undo Trim' }).click();
    assert.deepEqual(posted, [{ type: 'undo-trim' }]);
    await page.context().close();
    const other = await openPanelPage(browser, () => next(0));
    await other.page.locator('.item').first().waitFor();
    assert.equal(await other.page.getByRole('button', { name: 'Undo Trim' }).count(), 0);
    await other.page.context().close();
  });

  test('each request of a turn can be chosen, and says how many it does not know', async () => {
    const { page, look } = await openPanelPage(browser, view);
    await tab(page, 'Past Turns');
    const picker = page.getByLabel('Request');
    await picker.waitFor();
    assert.deepEqual(await picker.locator('option').allInnerTexts(), [
      '1 of 4, with the prompt',
      '2 of 4, after the first tool calls',
      '3 of 4, after more tool calls',
    ]);
    await page.getByText('1 more is not shown').waitFor();
    await picker.selectOption('2');
    await page.getByText('the prompt and 2 messages after it').waitFor();
    assert.equal(look()?.request, 2);
    await page.context().close();
  });

  test('in a narrow column each item keeps its tokens at the right, on the line of its title', async () => {
    for (const width of [260, 420, 600]) {
      const { page } = await openPanelPage(browser, view, { width });
      await page.locator('.item').first().waitFor();
      const rows = await page.locator('.item-head').evaluateAll((heads) =>
        heads.map((head) => {
          const box = (selector: string): DOMRect | undefined =>
            head.querySelector(selector)?.getBoundingClientRect();
          const [row, title, tokens] = [
            head.getBoundingClientRect(),
            box('.item-title'),
            box('.item-tokens'),
          ];
          return {
            right: Math.abs(row.right - (tokens?.right ?? 0)) < 2,
            line: (tokens?.top ?? 0) < (title?.bottom ?? 0) && (tokens?.bottom ?? 0) > (title?.top ?? 0),
          };
        }),
      );
      assert.deepEqual(
        rows,
        rows.map(() => ({ right: true, line: true })),
        `at ${width} pixels`,
      );
      await page.context().close();
    }
  });

  for (const theme of themeNames) {
    test(`can be looked at in ${theme}, and axe finds nothing to say about it`, async () => {
      for (const width of [360, 900]) {
        const { page } = await openPanelPage(browser, view, { theme, width });
        for (const name of ['Next Request', 'Past Turns', 'Summaries']) {
          await tab(page, name);
          await page.locator('.item, .summary-card').first().waitFor();
          await page.screenshot({
            path: path.join(folder, `${name.split(' ')[0]?.toLowerCase() ?? ''}-${theme}-${width}.png`),
          });
          assert.deepEqual(await axeFindings(page), [], `${name} at ${width}`);
        }
        await page.getByRole('button', { name: /^Stands for 1,000 turns/ }).click();
        await page.getByText('1 to 20 of 1,000').waitFor();
        await page.screenshot({ path: path.join(folder, `review-${theme}-${width}.png`), fullPage: true });
        assert.deepEqual(await axeFindings(page), [], `the review at ${width}`);
        await page.getByRole('button', { name: 'Stands for 1 turn: “And what' }).click();
        await page.getByRole('button', { name: 'Redo' }).waitFor();
        await page.screenshot({ path: path.join(folder, `undone-${theme}-${width}.png`), fullPage: true });
        await tab(page, 'Past Turns');
        await page.getByLabel('Request').selectOption('2');
        await page.getByText('the prompt and 2 messages after it').waitFor();
        await page.screenshot({ path: path.join(folder, `request-2-${theme}-${width}.png`) });
        assert.deepEqual(await axeFindings(page), [], `the second request at ${width}`);
        await page.context().close();
      }
    });
  }
});
