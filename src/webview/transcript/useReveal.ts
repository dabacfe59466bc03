import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** Scrolls to a turn, gives it the focus and marks it for a moment, asking for older turns until it is there. */
export function useReveal(options: {
  readonly turnId: string | undefined;
  readonly content: RefObject<HTMLDivElement | null>;
  /** Changes whenever the content does. */
  readonly revision: unknown;
  /** Undefined where there are none, or they are on their way. */
  readonly loadOlder: (() => void) | undefined;
  readonly loading: boolean;
  /** The turn is in sight: it stays so, whatever comes in below. */
  readonly scrolled: () => void;
  readonly done: () => void;
}): void {
  const { turnId, content, loadOlder, loading, scrolled, done } = options;
  useEffect(() => {
    if (turnId === undefined) return;
    const turns = Array.from(content.current?.querySelectorAll<HTMLElement>('[data-turn]') ?? []);
    const turn = turns.find((element) => element.dataset['turn'] === turnId);
    if (turn) {
      turn.tabIndex = -1;
      turn.focus({ preventScroll: true });
      turn.scrollIntoView({ block: 'start' });
      scrolled();
      turn.setAttribute('data-revealed', '');
      setTimeout(() => turn.removeAttribute('data-revealed'), 3_000);
      done();
    } else if (loadOlder) loadOlder();
    else if (!loading) done();
  }, [turnId, options.revision]);
}
