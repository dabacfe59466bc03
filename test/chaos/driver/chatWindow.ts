import type { Frame } from 'playwright-core';
import type { VscodeWindow } from '../../host/vscodeWindow.ts';
import { shownTurns, watchTurns, type ShownTurn } from './shownTurns';

/** The chat view of a window, driven as fast as it goes. */
export class ChatWindow {
  readonly window: VscodeWindow;
  #frame: Frame | undefined;

  constructor(window: VscodeWindow) {
    this.window = window;
  }

  /** @param shown the view is open already, as after a reload */
  async open(shown = false): Promise<void> {
    if (!shown) await this.window.runCommand('Throughline: Open Chat');
    this.#frame = await this.window.webview('.composer textarea', 60_000);
    await this.#frame.locator('.turn, .empty').first().waitFor({ timeout: 60_000 });
    await watchTurns(this.#frame);
  }

  turns(): Promise<readonly ShownTurn[]> {
    return shownTurns(this.#view);
  }

  /** Types and sends; does not wait. */
  async send(prompt: string): Promise<void> {
    const composer = this.#view.locator('.composer textarea');
    await composer.fill(prompt);
    await composer.press('Enter');
  }

  /** Sends, and waits until the turn is shown as ended. @returns it */
  async ask(prompt: string): Promise<ShownTurn> {
    await this.send(prompt);
    const ended = ':is([data-status=complete], [data-status=failed], [data-status=stopped])';
    await this.#view
      .locator(`.turn${ended}`)
      .filter({ hasText: prompt })
      .first()
      .waitFor({ timeout: 30_000 });
    const turn = (await this.turns()).findLast((shown) => shown.prompt === prompt);
    if (!turn) throw new Error(`No turn shows "${prompt}"`);
    return turn;
  }

  async newSession(): Promise<void> {
    await this.window.runCommand('Throughline: New Session');
    await this.#view.locator('.empty').waitFor({ timeout: 20_000 });
  }

  get #view(): Frame {
    if (!this.#frame) throw new Error('The view is not open.');
    return this.#frame;
  }
}
