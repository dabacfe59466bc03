import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { ViewTurn } from '../../protocol/chat';

/** Where the turn that had the focus is removed, the one after it gets it, and after the last one the composer. */
export function useFocusAfterRemoval(turns: readonly ViewTurn[]): void {
  const focused = useRef<string>(undefined);
  const before = useRef<readonly string[]>([]);
  useEffect(() => {
    const note = ({ target }: FocusEvent): void => {
      const turn = target instanceof Element ? target.closest<HTMLElement>('[data-turn]') : null;
      focused.current = turn?.dataset['turn'];
    };
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, []);
  useLayoutEffect(() => {
    const ids = turns.map(({ id }) => id);
    const at = focused.current === undefined ? -1 : before.current.indexOf(focused.current);
    const isGone = at !== -1 && focused.current !== undefined && !ids.includes(focused.current);
    const after = isGone ? before.current.slice(at + 1).find((id) => ids.includes(id)) : undefined;
    before.current = ids;
    if (!isGone) return;
    focused.current = undefined;
    // Whoever has gone on to something else meanwhile, such as the palette, is not brought back.
    const active = document.activeElement;
    if (document.hasFocus() && (active === null || active === document.body)) focusTurn(after);
  }, [turns]);
}

function focusTurn(turnId: string | undefined): void {
  const elements = Array.from(document.querySelectorAll<HTMLElement>('[data-turn]'));
  const turn = elements.find((element) => turnId !== undefined && element.dataset['turn'] === turnId);
  if (turn) turn.tabIndex = -1;
  (turn ?? document.querySelector<HTMLElement>('.composer textarea'))?.focus();
}
