import assert from 'node:assert/strict';
import type { Browser, Locator } from 'playwright-core';
import { launchBrowser, openChatPage, type ChatPage } from './chatPage';
import { viewState } from './fixtures';

/** What the tests of the view share: a page begun anew for each, which must have complained of nothing at its end. */
export interface ChatPageTools {
  readonly chat: ChatPage;
  readonly composer: Locator;
  readonly button: (name: string) => Locator;
  /** Sends a snapshot, and waits until it is drawn. */
  readonly show: (...args: Parameters<typeof viewState>) => Promise<void>;
  readonly text: (selector: string) => Promise<string>;
}

/** Sets up the suite that calls it. The tools are those of the test that runs. */
export function useChatPage(): () => ChatPageTools {
  let browser: Browser;
  let chat: ChatPage;
  suiteSetup(async () => {
    browser = await launchBrowser();
    chat = await openChatPage(browser);
  });
  suiteTeardown(() => browser.close());
  setup(async () => {
    await chat.restart();
    await chat.take('ready');
  });
  teardown(() => assert.deepEqual(chat.complaints, []));
  return () => ({
    chat,
    composer: chat.page.getByRole('textbox', { name: 'Prompt' }),
    button: (name) => chat.page.getByRole('button', { name, exact: true }),
    show: async (...args) => {
      await chat.send({ type: 'snapshot', state: viewState(...args) });
      await chat.drawn();
    },
    text: (selector) => chat.page.locator(selector).innerText(),
  });
}
