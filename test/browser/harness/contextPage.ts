import type { Frame, Locator } from 'playwright-core';
import type { VscodeWindow } from '../../host/vscodeWindow.ts';

/** A text of an item as it is shown. */
export interface ReadText {
  readonly role: string;
  readonly content: string;
}

/** The Context panel in a window of a real VS Code, as a person uses it. */
export class ContextPage {
  readonly #window: VscodeWindow;
  #frame: Frame | undefined;

  constructor(window: VscodeWindow) {
    this.#window = window;
  }

  async open(command = 'Throughline: Show Context'): Promise<void> {
    await this.#window.runCommand(command);
    await this.find();
  }

  /** The panel's frame is another one after each hiding and reload. */
  async find(): Promise<void> {
    this.#frame = await this.#window.webview('.context .tabs', 30_000);
  }

  get frame(): Frame {
    if (!this.#frame) throw new Error('The panel is not open.');
    return this.#frame;
  }

  get prompt(): Locator {
    return this.frame.getByRole('textbox', { name: 'Prompt' });
  }

  button(name: string): Locator {
    return this.frame.getByRole('button', { name, exact: true });
  }

  get sent(): Locator {
    return this.frame.locator('.item[data-included=true]');
  }

  get leftOut(): Locator {
    return this.frame.locator('.item[data-included=false]');
  }

  async tab(name: string): Promise<void> {
    await this.frame.getByRole('tab', { name }).click();
  }

  /** Once the host has answered what is looked at. */
  async settled(): Promise<void> {
    await this.frame.locator('.context-items[aria-busy=false]').waitFor();
  }

  /** Total, window, and what the legend says of each source. */
  async tokens(): Promise<{
    readonly total: number;
    readonly window: number;
    readonly legend: Map<string, number>;
  }> {
    const words = await this.frame.locator('.usage-total').innerText();
    const [total = 0, window = 0] = (words.match(/[\d,]+/g) ?? []).map(numberIn);
    const entries = await this.frame
      .locator('.legend-entry')
      .evaluateAll((list) =>
        list.map((entry): [string, string] => [
          entry.querySelector('.legend-name')?.textContent ?? '',
          entry.querySelector('.legend-tokens')?.textContent ?? '',
        ]),
      );
    return { total, window, legend: new Map(entries.map(([name, text]) => [name, numberIn(text)])) };
  }

  async itemTokens(items: Locator): Promise<number> {
    const texts = await items
      .locator('.item-tokens')
      .evaluateAll((list) => list.map((one) => one.firstChild?.textContent ?? ''));
    return texts.map(numberIn).reduce((total, tokens) => total + tokens, 0);
  }

  /** Opens every item that is sent, and reads it. */
  async readAll(): Promise<readonly ReadText[]> {
    const closed = this.sent.locator('.item-title[aria-expanded=false]');
    while ((await closed.count()) > 0) await closed.first().click();
    const rows = await this.sent
      .filter({ has: this.frame.locator('.item-title[aria-expanded=true]') })
      .count();
    await this.frame.waitForFunction(
      (count) => document.querySelectorAll('.item[data-included=true] .texts').length === count,
      rows,
    );
    return this.sent.locator('.text').evaluateAll((list) =>
      list.map((text) => ({
        role: text.querySelector('.text-role')?.textContent ?? '',
        content: text.querySelector('pre')?.textContent ?? '',
      })),
    );
  }
}

function numberIn(text: string): number {
  return Number(text.replaceAll(',', '')) || 0;
}
