import type { Browser, Page } from 'playwright-core';
import { chatHtml } from '../../../src/adapters/vscode/chatHtml';
import type {
  ContextHostMessage,
  ContextLook,
  ContextPanelMessage,
  ShownView,
} from '../../../src/protocol/context';
import { bundlePanel } from './bundle';
import { installWebview } from './chatPage';
import { themes, type ThemeName } from './themes';

const origin = 'https://panel.test';

/** The Context panel on a plain page that behaves as a webview does, with the test in the host's place. */
export interface PanelPage {
  readonly page: Page;
  /** All that the panel posted but its looks, oldest first. */
  readonly posted: Exclude<ContextPanelMessage, { type: 'look' }>[];
  /** What it looked at last. */
  readonly look: () => ContextLook | undefined;
}

/** @param view what the host shows for a look */
export async function openPanelPage(
  browser: Browser,
  view: (look: ContextLook) => ShownView,
  { theme = 'dark', width = 800 }: { readonly theme?: ThemeName; readonly width?: number } = {},
): Promise<PanelPage> {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    locale: 'en-US',
    timezoneId: 'UTC',
    deviceScaleFactor: 2,
  });
  const page = await context.newPage();
  const { script, style } = await bundlePanel();
  const document = chatHtml({
    cspSource: origin,
    scriptUri: `${origin}/panel.js`,
    styleUris: [`${origin}/panel.css`],
    nonce: 'harness',
  });
  const files: Readonly<Record<string, { readonly contentType: string; readonly body: string }>> = {
    '/': { contentType: 'text/html', body: document },
    '/panel.js': { contentType: 'text/javascript', body: script },
    '/panel.css': { contentType: 'text/css', body: style },
  };
  await page.route('**/*', (route) => {
    const file = files[new URL(route.request().url()).pathname];
    return file ? route.fulfill(file) : route.abort();
  });
  const posted: PanelPage['posted'] = [];
  let last: ContextLook | undefined;
  const send = (message: ContextHostMessage): Promise<void> =>
    page.evaluate((data) => window.postMessage(data, '*'), message);
  await page.exposeFunction('harnessPost', (message: ContextPanelMessage) => {
    if (message.type !== 'look') {
      posted.push(message);
      return;
    }
    last = message;
    void send({
      type: 'shown',
      n: message.n,
      session: { id: 's', title: 'The release' },
      strategy: 'workspace',
      settings: {
        maxTokens: 8000,
        policies: ['tokenBudget'],
        windowTurns: 20,
        windowMessages: 0,
        recentTurns: 6,
      },
      view: view(message),
    });
  });
  await page.addInitScript(installWebview, { themes, first: theme });
  await page.goto(`${origin}/`);
  await page.locator('.context .tabs').waitFor();
  return { page, posted, look: () => last };
}
