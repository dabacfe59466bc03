import type { Browser } from 'playwright-core';
import type { HostMessageBody, ViewMessage } from '../../../src/protocol/chat';
import { HostChannel } from '../../../src/protocol/channel';
import { bundleView } from './bundle';
import { openWebviewPage, type Look, type WebviewPage } from './webviewPage';

export { installWebview, launchBrowser } from './webviewPage';

/** The chat view, with the test in the host's place. */
export interface ChatPage extends WebviewPage {
  /** All that the view posted, oldest first. */
  readonly posted: ViewMessage[];
  /** Numbers the message as the host does. */
  send(body: HostMessageBody): Promise<void>;
  /** Waits for a message of this type that was posted after this call or not yet taken. */
  take<T extends ViewMessage['type']>(type: T): Promise<Extract<ViewMessage, { type: T }>>;
}

export async function openChatPage(browser: Browser, look: Look = {}): Promise<ChatPage> {
  const posted: ViewMessage[] = [];
  const untaken: ViewMessage[] = [];
  const outgoing: unknown[] = [];
  const channel = new HostChannel({
    post: (message) => outgoing.push(message),
    receive: (message) => {
      posted.push(message);
      untaken.push(message);
    },
    rejected: (why) => opened.complaints.push(`view message: ${why}`),
  });
  const receive = (message: unknown): void => channel.accept(message);
  const opened = await openWebviewPage(browser, { ...look, view: await bundleView(), receive });
  const { page } = opened;
  return {
    ...opened,
    posted,
    async send(body) {
      channel.send(body);
      for (const message of outgoing.splice(0)) await opened.sendRaw(message);
    },
    async take(type) {
      for (let tries = 0; tries < 200; tries++) {
        const at = untaken.findIndex((message) => message.type === type);
        if (at !== -1) return untaken.splice(at, 1)[0] as Extract<ViewMessage, { type: typeof type }>;
        await page.waitForTimeout(25);
      }
      throw new Error(
        `The view posted no ${type}; it posted ${posted.map((message) => message.type).join(', ')}`,
      );
    },
    async restart(next = {}) {
      for (const list of [untaken, posted]) list.length = 0;
      await opened.restart(next);
    },
  };
}
