import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { results } from '../host/paths.ts';
import { launchBrowser, openChatPage } from './harness/chatPage';
import { screens } from './harness/screens';
import { themeNames } from './harness/themes';

const folder = path.join(results, 'view');

suite('the view in every theme', () => {
  let browser: Browser;
  suiteSetup(async () => {
    await mkdir(folder, { recursive: true });
    browser = await launchBrowser();
  });
  suiteTeardown(() => browser.close());

  for (const theme of themeNames) {
    test(`can be looked at in ${theme}`, async function () {
      this.timeout(60_000);
      const chat = await openChatPage(browser, { theme });
      for (const [name, screen] of Object.entries(screens)) {
        for (const width of name === 'conversation' || name === 'empty' ? [250, 360, 600] : [250, 360]) {
          await chat.restart({ theme, width, height: name === 'conversation' ? 1150 : 720 });
          await chat.take('ready');
          for (const body of screen.send) await chat.send(body);
          await screen.act?.(chat);
          await chat.page.waitForTimeout(100);
          await chat.page.screenshot({ path: path.join(folder, `${name}-${theme}-${width}.png`) });
        }
      }
      await chat.page.context().close();
    });
  }
});
