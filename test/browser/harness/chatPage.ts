import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import type { HostMessageBody, ViewMessage } from '../../../src/protocol/chat';
import { HostChannel } from '../../../src/protocol/channel';
import { chatHtml } from '../../../src/adapters/vscode/chatHtml';
import { chromium } from '../../host/chromium.ts';
import { bundleView } from './bundle';
import { themes, type ThemeName } from './themes';

const origin = 'https://view.test';

export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium(),
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
}

/** The chat view on a plain page that behaves as a webview does, with the test in the host's place. */
export interface ChatPage {
  readonly page: Page;
  /** All that the view posted, oldest first. */
  readonly posted: ViewMessage[];
  /** What the view asked the network for and did not get, and what its policy or a script complained of. */
  readonly complaints: string[];
  /** Numbers the message as the host does. */
  send(body: HostMessageBody): Promise<void>;
  /** Posts anything. */
  sendRaw(message: unknown): Promise<void>;
  /** What was sent before is drawn: the view folds what arrives once a frame. */
  drawn(): Promise<void>;
  /** Waits for a message of this type that was posted after this call or not yet taken. */
  take<T extends ViewMessage['type']>(type: T): Promise<Extract<ViewMessage, { type: T }>>;
  /** Begins anew, as if just opened, in this theme and size. */
  restart(look?: Look): Promise<void>;
}

export interface Look {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
}

export async function openChatPage(browser: Browser, look: Look = {}): Promise<ChatPage> {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 360, height: look.height ?? 720 },
    permissions: ['clipboard-read', 'clipboard-write'],
    locale: 'en-US',
    timezoneId: 'UTC',
    deviceScaleFactor: 2,
  });
  const page = await context.newPage();
  const posted: ViewMessage[] = [];
  const untaken: ViewMessage[] = [];
  const complaints: string[] = [];
  const { script, style } = await bundleView();

  await page.route('**/*', (route) => {
    const url = new URL(route.request().url());
    if (url.origin === origin) {
      if (url.pathname === '/') return route.fulfill({ contentType: 'text/html', body: document });
      if (url.pathname === '/view.js') return route.fulfill({ contentType: 'text/javascript', body: script });
      if (url.pathname === '/chat.css') return route.fulfill({ contentType: 'text/css', body: style });
    }
    if (url.pathname !== '/favicon.ico') complaints.push(`request: ${url.href}`);
    return route.abort();
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('favicon')) {
      complaints.push(`console: ${message.text()}`);
    }
  });

  const channel = new HostChannel({
    post: (message) => outgoing.push(message),
    receive: (message) => {
      posted.push(message);
      untaken.push(message);
    },
    rejected: (why) => complaints.push(`view message: ${why}`),
  });
  const outgoing: unknown[] = [];
  const document = chatHtml({
    cspSource: origin,
    scriptUri: `${origin}/view.js`,
    styleUris: [`${origin}/chat.css`],
    nonce: 'harness',
  });

  await page.exposeFunction('harnessPost', (message: unknown) => channel.accept(message));
  await page.addInitScript(installWebview, { themes, first: look.theme ?? 'dark' });
  await page.goto(`${origin}/`);

  const sendRaw = (message: unknown): Promise<void> =>
    page.evaluate(
      (data) =>
        new Promise<void>((resolve) => {
          // After the view's own listener, which was there before.
          addEventListener('message', () => resolve(), { once: true });
          window.postMessage(data, '*');
        }),
      message,
    );
  return {
    page,
    posted,
    complaints,
    sendRaw,
    async send(body) {
      channel.send(body);
      for (const message of outgoing.splice(0)) await sendRaw(message);
    },
    drawn: () =>
      page.evaluate(
        () =>
          new Promise<void>((resolve) => {
            requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
          }),
      ),
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
      await page.setViewportSize({ width: next.width ?? 360, height: next.height ?? 720 });
      await page.evaluate((theme) => {
        sessionStorage.clear();
        sessionStorage.setItem('theme', theme);
      }, next.theme ?? 'dark');
      for (const list of [untaken, posted, complaints]) list.length = 0;
      await page.reload();
    },
  };
}

/** Runs in the page, before its scripts. State survives a reload, as a webview's does. */
export function installWebview(options: { readonly themes: typeof themes; readonly first: ThemeName }): void {
  let acquired = false;
  Object.assign(window, {
    acquireVsCodeApi() {
      if (acquired) throw new Error('acquireVsCodeApi was called twice');
      acquired = true;
      return {
        postMessage: (message: unknown) =>
          (window as unknown as { harnessPost: (message: unknown) => void }).harnessPost(message),
        getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') as unknown,
        setState: (state: unknown) => sessionStorage.setItem('state', JSON.stringify(state)),
      };
    },
  });
  addEventListener('DOMContentLoaded', () => {
    const name = (sessionStorage.getItem('theme') ?? options.first) as ThemeName;
    const { variables, bodyClass } = options.themes[name];
    const { style } = document.documentElement;
    for (const [variable, value] of Object.entries(variables)) style.setProperty(variable, value);
    style.setProperty('background', 'var(--vscode-sideBar-background)');
    document.body.className = bodyClass;
  });
}
