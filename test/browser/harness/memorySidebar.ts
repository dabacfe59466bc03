import type { Frame, Locator } from 'playwright-core';
import type { VscodeWindow } from '../../host/vscodeWindow.ts';

/** The Memory view in a window of a real VS Code, as a person uses it. */
export class MemorySidebar {
  readonly #window: VscodeWindow;
  #frame: Frame | undefined;

  constructor(window: VscodeWindow) {
    this.#window = window;
  }

  async open(): Promise<void> {
    await this.#window.runCommand('Throughline: Search Memory');
    this.#frame = await this.#window.webview('.memory .search', 60_000);
  }

  get frame(): Frame {
    if (!this.#frame) throw new Error('The view is not open.');
    return this.#frame;
  }

  get field(): Locator {
    return this.frame.getByRole('searchbox', { name: 'Search memory' });
  }

  get hits(): Locator {
    return this.frame.locator('.hit');
  }

  /** Waits until what is shown answers what is typed. */
  async search(text: string): Promise<void> {
    await this.field.fill(text);
    // What is typed is looked for at once, and drawn as such in the next frame; the answer may come in the one after it.
    await this.frame.evaluate(
      () =>
        new Promise<void>((resolve) => {
          requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
        }),
    );
    await this.frame.locator('.search-mark[data-busy=false]').waitFor({ state: 'attached' });
  }
}
