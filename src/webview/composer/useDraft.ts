import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { keepDraft, keptDraft } from '../host';

const longDraft = 10_000;
/** Of a session without turns: it is not in the history yet, and has another id after a reload. */
const newSession = 'new';

interface Draft {
  readonly sessionId: string;
  /** What it is kept under. */
  readonly key: string;
  readonly text: string;
}

/** The text in the composer, one for each session, kept while the view is hidden. A long one is kept when typing pauses. */
export function useDraft(sessionId: string, isNew: boolean): [string, (text: string) => void] {
  const key = isNew ? newSession : sessionId;
  const [written, setWritten] = useState<Draft>(() => ({ sessionId, key, text: keptDraft(key) }));
  const shown = written.key === key ? written : moved(written, sessionId, key);
  const latest = useRef(shown);
  latest.current = shown;

  useLayoutEffect(() => {
    if (written.key === key) return;
    keepDraft(written.key, written.sessionId === sessionId ? '' : written.text);
    setWritten(latest.current);
  }, [key, sessionId]);

  useEffect(() => {
    const keep = (): void => keepDraft(latest.current.key, latest.current.text);
    if (shown.text.length < longDraft) {
      keep();
      return undefined;
    }
    const timer = setTimeout(keep, 300);
    addEventListener('pagehide', keep);
    return () => {
      clearTimeout(timer);
      removeEventListener('pagehide', keep);
    };
  }, [shown.key, shown.text]);

  const write = useCallback((text: string) => setWritten({ sessionId, key, text }), [sessionId, key]);
  return [shown.text, write];
}

/** A session that has got its first turn keeps what was typed meanwhile; another one has its own. */
function moved({ sessionId: before, text }: Draft, sessionId: string, key: string): Draft {
  return { sessionId, key, text: before === sessionId ? text : keptDraft(key) };
}
