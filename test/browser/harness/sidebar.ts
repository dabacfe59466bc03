import type { Frame, Locator } from 'playwright-core';
import type { VscodeWindow } from '../../host/vscodeWindow.ts';

/** The chat view in a window of a real VS Code, as a person uses it. */
export class Sidebar {
  readonly #window: VscodeWindow;
  #frame: Frame | undefined;

  constructor(window: VscodeWindow) {
    this.#window = window;
  }

  /** Shows the view and finds its frame, which is another one after each hiding and reload. */
  async open(): Promise<void> {
    await this.#window.runCommand('Throughline: Open Chat');
    await this.find();
  }

  /** Finds the frame of the view that is shown. */
  async find(): Promise<void> {
    this.#frame = await this.#window.webview('.composer textarea', 60_000);
  }

  /** Ends once the composer has the focus: until then, what is typed elsewhere would go into it. */
  async newSession(): Promise<void> {
    await this.#window.runCommand('Throughline: New Session');
    await this.frame.locator('.empty').waitFor({ timeout: 20_000 });
    await this.frame.waitForFunction(
      () => document.hasFocus() && document.activeElement?.matches('.composer textarea'),
    );
  }

  get frame(): Frame {
    if (!this.#frame) throw new Error('The view is not open.');
    return this.#frame;
  }

  get composer(): Locator {
    return this.frame.locator('.composer textarea');
  }

  /** Oldest first. */
  get turns(): Locator {
    return this.frame.locator('.turn');
  }

  button(name: string): Locator {
    return this.frame.getByRole('button', { name, exact: true });
  }

  /** Real keystrokes. */
  async type(text: string): Promise<void> {
    await this.composer.click();
    await this.#window.page.keyboard.type(text);
  }

  /** Types the prompt, presses Enter and waits for its turn to end. @returns the turn. */
  async ask(prompt: string): Promise<Locator> {
    const asked = await this.turns.count();
    await this.type(prompt);
    await this.#window.page.keyboard.press('Enter');
    const turn = this.turns.nth(asked);
    await this.ended(turn);
    return turn;
  }

  async ended(turn: Locator): Promise<void> {
    await turn
      .and(this.frame.locator(':is([data-status=complete], [data-status=stopped], [data-status=failed])'))
      .waitFor({ timeout: 20_000 });
  }

  answer(turn: Locator): Promise<string> {
    return turn.locator('.answer').last().innerText();
  }
}
