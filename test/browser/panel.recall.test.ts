import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import type { ShownItem, ShownView } from '../../src/protocol/context';
import { results } from '../host/paths.ts';
import { axeFindings } from './harness/axeFindings';
import { launchBrowser } from './harness/chatPage';
import { openPanelPage } from './harness/panelPage';
import { themeNames } from './harness/themes';

const folder = path.join(results, 'panel');
const passage = { start: 0, end: 40 };

function recalled(key: string, change: Partial<ShownItem>): ShownItem {
  return {
    key,
    source: 'recalled',
    title: 'Our release day is Thursday, and the branch is cut the evening before.',
    reason: 'Recalled: fits the prompt',
    tokens: 34,
    included: true,
    opens: true,
    createdAt: '2026-03-12T09:30:00.000Z',
    ...change,
  };
}

const view: ShownView = {
  tab: 'next',
  waiting: false,
  prompt: 'When do we release?',
  contextId: 'c',
  context: {
    tokens: 200,
    maxTokens: 8000,
    reserve: 2000,
    margin: 0,
    items: [
      recalled('recalled:0', {
        recalled: { messageId: 'm1', turnId: 't1', sessionId: 's1', sessionTitle: 'Planning', passage },
      }),
      recalled('recalled:1', {
        title: 'The user prefers short answers.',
        reason: 'Always kept',
        recalled: { factId: 'f1', mark: 'kept' },
      }),
      recalled('recalled:2', { title: 'Something that is deleted since', since: 'deleted', opens: false }),
    ],
  },
};

suite('what is recalled, in the Context panel', function () {
  this.timeout(60_000);
  let browser: Browser;
  suiteSetup(async () => {
    await mkdir(folder, { recursive: true });
    browser = await launchBrowser();
  });
  suiteTeardown(() => browser.close());

  test('leads to where it was said, and is muted and kept; what is deleted offers neither', async () => {
    const { page, posted } = await openPanelPage(browser, () => view);
    const button = (name: string | RegExp) => page.getByRole('button', { name });
    await button('Show in “Planning”: Our release').click();
    await button('Mute: Our release').click();
    await button('Always Keep: Our release').click();
    const kept = button('Always Keep: The user');
    assert.equal(await kept.getAttribute('aria-pressed'), 'true');
    await kept.click();
    await page.waitForTimeout(100);
    const target = { messageId: 'm1', turnId: 't1' };
    assert.deepEqual(posted, [
      { type: 'recall-reveal', source: { sessionId: 's1', turnId: 't1' } },
      { type: 'recall-mark', change: { ...target, mark: 'muted' } },
      { type: 'recall-mark', change: { ...target, mark: 'kept', passage } },
      { type: 'recall-mark', change: { factId: 'f1' } },
    ]);
    assert.equal(await button(/deleted since/).count(), 0);
    await page.context().close();
  });

  for (const theme of themeNames) {
    for (const width of [320, 800]) {
      test(`is fine with axe and as wide as the panel in ${theme} at ${width} pixels`, async () => {
        const { page } = await openPanelPage(browser, () => view, { theme, width });
        await page.getByText('Our release day').first().waitFor();
        await page.screenshot({ path: path.join(folder, `recalled-${theme}-${width}.png`) });
        assert.deepEqual(await axeFindings(page), []);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
        assert.equal(wide, false);
        await page.context().close();
      });
    }
  }
});
