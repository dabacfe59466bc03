import { useEffect, useRef, useState } from 'preact/hooks';
import { keepState, keptState } from '../host';

const longDraft = 10_000;

/** The text in the composer, kept while the view is hidden. A long one is kept when typing pauses. */
export function useDraft(): [string, (text: string) => void] {
  const [draft, setDraft] = useState(() => keptState().draft);
  const latest = useRef(draft);
  latest.current = draft;
  useEffect(() => {
    const keep = (): void => keepState({ draft: latest.current });
    if (draft.length < longDraft) {
      keep();
      return undefined;
    }
    const timer = setTimeout(keep, 300);
    addEventListener('pagehide', keep);
    return () => {
      clearTimeout(timer);
      removeEventListener('pagehide', keep);
    };
  }, [draft]);
  return [draft, setDraft];
}
