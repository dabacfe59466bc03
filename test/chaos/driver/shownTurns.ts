import type { Frame, Page } from 'playwright-core';

/** A turn as a person sees it in the chat view. */
export interface ShownTurn {
  readonly id: string;
  readonly status: string;
  readonly saved: boolean;
  readonly prompt: string;
  /** The answers' text, white space aside. */
  readonly answer: string;
}

declare global {
  interface Window {
    throughlineShown?: (turns: readonly ShownTurn[]) => void;
    throughlineTurns?: () => readonly ShownTurn[];
  }
}

/** Calls back with all that the page's chat views show, whenever they change. Before `watchTurns`, once a page. */
export async function listenToTurns(
  page: Page,
  listener: (turns: readonly ShownTurn[]) => void,
): Promise<void> {
  await page.exposeFunction('throughlineShown', listener);
}

/** The view goes with its extension host, so what it shows is told at once. */
export async function watchTurns(frame: Frame): Promise<void> {
  await frame.evaluate(() => {
    const read = (): readonly ShownTurn[] =>
      [...document.querySelectorAll('.turn')].map((turn) => ({
        id: turn.getAttribute('data-turn') ?? '',
        status: turn.getAttribute('data-status') ?? '',
        saved: turn.querySelector('.turn-warning') === null,
        prompt: turn.querySelector('.prompt-text')?.textContent ?? '',
        answer: [...turn.querySelectorAll('.answer')]
          .map((answer) => answer.textContent)
          .join(' ')
          .replace(/\s+/g, ' ')
          .trim(),
      }));
    window.throughlineTurns = read;
    const tell = (): void => window.throughlineShown?.(read());
    const what = { subtree: true, childList: true, attributes: true, characterData: true };
    new MutationObserver(tell).observe(document.body, what);
    tell();
  });
}

/** Oldest first. */
export function shownTurns(frame: Frame): Promise<readonly ShownTurn[]> {
  return frame.evaluate(() => window.throughlineTurns?.() ?? []);
}

/** Shown as done, and saved: acknowledged. */
export function isAcknowledged({ status, saved }: ShownTurn): boolean {
  return status === 'complete' && saved;
}
