import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { dropDrafts, keepDraft, keptDraft, type KeptDraft } from '../host';
import { newId } from '../newId';

const longDraft = 10_000;
/** Of a session without turns: it is not in the history yet, and has another id after a reload. */
const newSession = 'new';

interface Written extends KeptDraft {
  readonly sessionId: string;
  /** What it is kept under. */
  readonly key: string;
}

export interface Draft extends KeptDraft {
  readonly write: (text: string) => void;
}

/**
 * The text in the composer, one for each session, kept while the view is hidden. A long one is kept when typing pauses.
 * @param isTurn whether there is a turn of this id: what is kept of its draft is from before it was sent
 */
export function useDraft(sessionId: string, isNew: boolean, isTurn: (turnId: string) => boolean): Draft {
  const key = isNew ? newSession : sessionId;
  const [written, setWritten] = useState<Written>(() => ({ sessionId, key, ...draftOf(key) }));
  const nextId = useMemo(newId, [written.turnId]);
  const placed = written.key === key ? written : moved(written, sessionId, key);
  const shown = isTurn(placed.turnId) ? { ...placed, turnId: nextId, text: '' } : placed;
  const latest = useRef(shown);
  latest.current = shown;

  useLayoutEffect(() => {
    if (written.key === key) return;
    keepDraft(written.key, written.sessionId === sessionId ? { ...written, text: '' } : written);
    setWritten(latest.current);
  }, [key, sessionId]);

  // Another session, or a new one, would show it.
  useLayoutEffect(() => dropDrafts(isTurn), [isTurn]);

  // At once: the view may be closed before the next frame.
  useLayoutEffect(() => {
    const keep = (): void => keepDraft(latest.current.key, latest.current);
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

  const write = useCallback(
    // What is begun anew becomes another turn.
    (text: string) => {
      const turnId = text === '' ? newId() : latest.current.turnId;
      setWritten({ sessionId, key, turnId, text });
    },
    [sessionId, key],
  );
  return { turnId: shown.turnId, text: shown.text, write };
}

function draftOf(key: string): KeptDraft {
  return keptDraft(key) ?? { turnId: newId(), text: '' };
}

/** A session that has got its first turn keeps what was typed meanwhile; another one has its own. */
function moved(written: Written, sessionId: string, key: string): Written {
  const { turnId, text } = written.sessionId === sessionId ? written : draftOf(key);
  return { sessionId, key, turnId, text };
}
