// One window of a VS Code in the browser, and what a person does in it.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Frame, type Locator, type Page } from 'playwright-core';
import { results } from './paths.ts';
import { type VscodeServer } from './server.ts';
import { type Theme, themes } from './settings.ts';

const extensionId = 'throughline.throughline';
/** Milliseconds for a window to come up, on a busy machine too. */
const startTimeout = 60_000;

/** Milliseconds after which the palette is opened again. */
const palettePatience = 3_000;

/** Milliseconds after which it is looked whether the notification center is still open. */
const centerPatience = 2_000;

/** Whether it could be done. What it was to be done to may be gone meanwhile. */
function done(action: Promise<unknown>): Promise<boolean> {
  return action.then(
    () => true,
    () => false,
  );
}

export class VscodeWindow {
  readonly page: Page;
  readonly #server: VscodeServer;
  readonly #address: string;
  #theme: Theme;
  #tokens: string[] = [];

  constructor(page: Page, server: VscodeServer, address: string, theme: Theme) {
    this.page = page;
    this.#server = server;
    this.#address = address;
    this.#theme = theme;
    page.on('websocket', (socket) => {
      const token = new URL(socket.url()).searchParams.get('reconnectionToken');
      if (token) this.#tokens.push(token);
    });
  }

  /** Opens the workbench; resolves once it is drawn and its extension host runs. */
  async open(): Promise<void> {
    await this.#settle(() => this.page.goto(this.#address, { waitUntil: 'commit', timeout: startTimeout }));
  }

  /** Reloads the window, as "Developer: Reload Window" does: a new extension host on the same storage. */
  async reload(): Promise<void> {
    await this.#settle(() => this.page.reload({ waitUntil: 'commit', timeout: startTimeout }));
  }

  /** The process id of this window's extension host, of its newest one after a reload. */
  extensionHostPid(): Promise<number> {
    return this.#server.extensionHostPid(() => this.#tokens, startTimeout);
  }

  /** Picks a command in the palette by its title, for example `Throughline: New Session`. */
  async runCommand(title: string, timeout = 30_000): Promise<void> {
    const { page } = this;
    const input = page.locator('.quick-input-widget .quick-input-box input');
    const row = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first();
    const deadline = Date.now() + timeout;
    for (;;) {
      // A webview that is still loading swallows the key.
      await page.evaluate(
        () => document.activeElement instanceof HTMLIFrameElement && document.activeElement.blur(),
      );
      await page.keyboard.press('F1');
      // What takes the focus meanwhile, such as a view that was asked for before, closes the palette at any time.
      if (await done(input.fill(`>${title}`, { timeout: palettePatience }))) {
        if (await done(row.click({ timeout: palettePatience }))) return;
        // A command of an extension that is still being registered joins the list only when it is asked again.
        await page.keyboard.press('Escape');
      }
      if (Date.now() > deadline) throw new Error(`The palette has no command "${title}".`);
    }
  }

  /** The quick pick or input box that is open. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /**
   * The notification that says `text`, once it is there. Under test VS Code shows no toasts, so this opens the
   * notification center, which stays open until `clearNotifications`, or until the last one in it ends by itself.
   */
  async notification(text: string | RegExp, timeout = 30_000): Promise<Locator> {
    const center = this.page.locator('.notifications-center');
    const item = center.locator('.notification-list-item').filter({ hasText: text }).first();
    const deadline = Date.now() + timeout;
    for (;;) {
      if (!(await center.isVisible())) await this.runCommand('Notifications: Show Notifications');
      const left = Math.max(1, Math.min(centerPatience, deadline - Date.now()));
      if (await done(item.waitFor({ state: 'visible', timeout: left }))) return item;
      if (Date.now() > deadline) throw new Error(`No notification says ${String(text)}.`);
    }
  }

  async clearNotifications(): Promise<void> {
    await this.runCommand('Notifications: Clear All Notifications');
    await this.page.locator('.notifications-center').waitFor({ state: 'hidden' });
  }

  /** The buttons of the modal dialog that is open, by their label. */
  dialogButton(label: string): Locator {
    return this.page.locator('.monaco-dialog-box').getByRole('button', { name: label });
  }

  /** Shows the Throughline view container; nothing happens where it is shown already. */
  async openView(): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: 'Throughline' });
    await tab.waitFor({ state: 'visible', timeout: 30_000 });
    // A click on the view that is shown would hide it.
    if ((await tab.getAttribute('aria-expanded')) !== 'true') await this.#click(tab);
    await this.page.locator('.sidebar').getByText('Throughline', { exact: false }).first().waitFor();
  }

  /** Shows the explorer instead, which destroys the DOM of the Throughline view. */
  async hideView(): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: /^Explorer/ });
    if ((await tab.getAttribute('aria-expanded')) !== 'true') await this.#click(tab);
    await this.page.locator('.explorer-folders-view').waitFor();
  }

  /**
   * The innermost frame of a webview of ours that shows an element matching `selector`. After a reload, or after the
   * view was hidden, the frame is another one: ask again.
   */
  async webview(selector = 'body > *', timeout = 30_000): Promise<Frame> {
    const controller = new AbortController();
    const outcome = await Promise.race([
      this.#frameShowing(selector, controller.signal),
      this.page.waitForTimeout(timeout).then(() => undefined),
    ]);
    controller.abort();
    if (outcome) return outcome;
    throw new Error(`No webview of ${extensionId} shows "${selector}" after ${timeout / 1000} s.`);
  }

  async setTheme(theme: Theme): Promise<void> {
    const { label } = themes[theme];
    await this.runCommand('Preferences: Color Theme');
    const input = this.page.locator('.quick-input-widget .quick-input-box input');
    await input.waitFor({ state: 'visible' });
    await input.fill(label);
    await this.page
      .locator('.quick-input-list .monaco-list-row.focused')
      .filter({ hasText: label })
      .waitFor({ state: 'visible' });
    await this.page.keyboard.press('Enter');
    await this.quickInput.waitFor({ state: 'hidden' });
    this.#theme = theme;
    await this.#themed();
  }

  /** Saves test-results/<name>.png and returns its path. */
  async screenshot(name: string): Promise<string> {
    mkdirSync(results, { recursive: true });
    const file = path.join(results, `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** Closes the window; its extension host ends with it. */
  async close(): Promise<void> {
    await this.page.close();
  }

  /** Clicks, and takes the mouse away: the tooltip would cover the view. */
  async #click(tab: Locator): Promise<void> {
    await tab.locator('a').first().click();
    await this.page.locator('.part.editor').hover();
  }

  async #settle(navigate: () => Promise<unknown>): Promise<void> {
    this.#tokens = [];
    await navigate();
    await this.page
      .locator('.monaco-workbench .part.sidebar, .monaco-workbench .part.editor')
      .first()
      .waitFor();
    await this.#themed();
    await this.extensionHostPid();
  }

  async #themed(): Promise<void> {
    await this.page
      .locator(`.monaco-workbench.${themes[this.#theme].bodyClass}[class*="vscode-theme-"]`)
      .waitFor();
  }

  async #frameShowing(selector: string, signal: AbortSignal): Promise<Frame | undefined> {
    while (!signal.aborted) {
      for (const frame of this.page.frames()) {
        if (!frame.parentFrame()?.url().includes(`extensionId=${extensionId}`)) continue;
        const shown = await frame
          .locator(selector)
          .first()
          .isVisible()
          .catch(() => false);
        if (shown) return frame;
      }
      // A frame announces its address, not its content, so its content is asked for again.
      await this.page.waitForTimeout(50).catch(() => undefined);
    }
    return undefined;
  }
}
