import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import { chatHtml } from '../../../src/adapters/vscode/chatHtml';
import { chromium } from '../../host/chromium.ts';
import type { View } from './bundle';
import { themes, type ThemeName } from './themes';

const origin = 'https://view.test';

export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium(),
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
}

export interface Look {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
}

/** A view of ours on a plain page that behaves as a webview does, with the test in the host's place. */
export interface WebviewPage {
  readonly page: Page;
  /** What the view asked the network for and did not get, and what its policy or a script complained of. */
  readonly complaints: string[];
  /** Posts anything. */
  sendRaw(message: unknown): Promise<void>;
  /** What was sent before is drawn: the view folds what arrives once a frame. */
  drawn(): Promise<void>;
  /** What the view has kept for after a reload, as JSON; '' where it is nothing. */
  kept(): Promise<string>;
  keep(state: string): Promise<void>;
  /** Begins anew, as if just opened, in this theme and size. */
  restart(look?: Look): Promise<void>;
}

export interface WebviewPageOptions extends Look {
  readonly view: View;
  /** Gets what the view posts. */
  readonly receive: (message: unknown) => void;
}

export async function openWebviewPage(browser: Browser, options: WebviewPageOptions): Promise<WebviewPage> {
  const { view, receive, ...look } = options;
  const context = await browser.newContext({
    viewport: { width: look.width ?? 360, height: look.height ?? 720 },
    permissions: ['clipboard-read', 'clipboard-write'],
    locale: 'en-US',
    timezoneId: 'UTC',
    deviceScaleFactor: 2,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  let opened = 0;

  await page.route('**/*', (route) => {
    const url = new URL(route.request().url());
    if (url.origin === origin) {
      if (url.pathname === '/') return route.fulfill({ contentType: 'text/html', body: document });
      if (url.pathname === '/view.js') {
        return route.fulfill({ contentType: 'text/javascript', body: view.script });
      }
      if (url.pathname === '/view.css') return route.fulfill({ contentType: 'text/css', body: view.style });
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

  const document = chatHtml({
    cspSource: origin,
    scriptUri: `${origin}/view.js`,
    styleUris: [`${origin}/view.css`],
    nonce: 'harness',
  });

  // What the view of an earlier address posts as it goes is for nobody.
  await page.exposeFunction('harnessPost', (message: unknown, search: string) => {
    if (search === `?${opened}`) receive(message);
  });
  await page.addInitScript(installWebview, { themes, first: look.theme ?? 'dark' });
  await page.goto(`${origin}/?${opened}`);

  return {
    page,
    complaints,
    sendRaw: (message) =>
      page.evaluate(
        (data) =>
          new Promise<void>((resolve) => {
            // After the view's own listener, which was there before.
            addEventListener('message', () => resolve(), { once: true });
            window.postMessage(data, '*');
          }),
        message,
      ),
    drawn: () =>
      page.evaluate(
        () =>
          new Promise<void>((resolve) => {
            requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
          }),
      ),
    kept: () => page.evaluate(() => sessionStorage.getItem(`state ${location.search}`) ?? ''),
    keep: (state) => page.evaluate((kept) => sessionStorage.setItem(`state ${location.search}`, kept), state),
    async restart(next = {}) {
      opened += 1;
      await page.setViewportSize({ width: next.width ?? 360, height: next.height ?? 720 });
      await page.evaluate((theme) => sessionStorage.setItem('theme', theme), next.theme ?? 'dark');
      complaints.length = 0;
      await page.goto(`${origin}/?${opened}`);
    },
  };
}

/**
 * Runs in the page, before its scripts. State survives a reload, as a webview's does, and is that of the address alone:
 * what one test's view writes as it goes is not there in the next one.
 */
export function installWebview(options: { readonly themes: typeof themes; readonly first: ThemeName }): void {
  let acquired = false;
  const key = `state ${location.search}`;
  Object.assign(window, {
    acquireVsCodeApi() {
      if (acquired) throw new Error('acquireVsCodeApi was called twice');
      acquired = true;
      return {
        postMessage: (message: unknown) =>
          (window as unknown as { harnessPost: (message: unknown, search: string) => void }).harnessPost(
            message,
            location.search,
          ),
        getState: () => JSON.parse(sessionStorage.getItem(key) ?? 'null') as unknown,
        setState: (state: unknown) => sessionStorage.setItem(key, JSON.stringify(state)),
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
