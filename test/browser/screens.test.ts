import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { results } from '../host/paths.ts';
import { axeFindings } from './harness/axeFindings';
import { launchBrowser, openChatPage, type ChatPage } from './harness/chatPage';
import { screens, type Screen } from './harness/screens';
import { themeNames } from './harness/themes';

const folder = path.join(results, 'view');
const usual = 360;
const widths = [180, 220, 250, 400, 600, 1200];

suite('every state of the view', function () {
  this.timeout(60_000);
  let browser: Browser;
  suiteSetup(async () => {
    await mkdir(folder, { recursive: true });
    browser = await launchBrowser();
  });
  suiteTeardown(() => browser.close());

  async function draw(chat: ChatPage, name: string, screen: Screen, theme: (typeof themeNames)[number]) {
    await chat.restart({ theme, width: usual, height: name === 'conversation' ? 1150 : 720 });
    await chat.take('ready');
    for (const body of screen.send) await chat.send(body);
    await screen.act?.(chat);
    await chat.page.waitForTimeout(50);
  }
  const screenshot = (page: Page, name: string) =>
    page.screenshot({ path: path.join(folder, `${name}.png`) });

  for (const theme of themeNames) {
    test(`can be looked at in ${theme}, and axe finds nothing to say about it`, async () => {
      const chat = await openChatPage(browser, { theme });
      for (const [name, screen] of Object.entries(screens)) {
        await draw(chat, name, screen, theme);
        await screenshot(chat.page, `${name}-${theme}-${usual}`);
        assert.deepEqual(await axeFindings(chat.page), [], `${name} in ${theme}`);
      }
      await chat.page.context().close();
    });
  }

  test(`fits into ${widths.join(', ')} pixels`, async () => {
    const chat = await openChatPage(browser);
    for (const [name, screen] of Object.entries(screens)) {
      await draw(chat, name, screen, 'dark');
      const { height } = chat.page.viewportSize() ?? { height: 720 };
      for (const width of widths) {
        await chat.page.setViewportSize({ width, height });
        await chat.drawn();
        const overflowing = await chat.page.evaluate(() =>
          [...document.querySelectorAll('body, .transcript, .composer, .empty')]
            .filter((element) => element.scrollWidth > element.clientWidth)
            .map((element) => element.className),
        );
        assert.deepEqual(overflowing, [], `${name} at ${width}`);
        if (width === 250 || width === 600) await screenshot(chat.page, `${name}-dark-${width}`);
      }
    }
    await chat.page.context().close();
  });
});
