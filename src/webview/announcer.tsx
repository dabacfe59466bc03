import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ViewTurn } from '../protocol/chat';
import { writtenText } from './transcript/turnParts';
import { stoppedWords } from './transcript/turnStatus';

const spokenLength = 1000;

/** Tells a screen reader once how a turn ended, rather than each piece of a stream. */
export function Announcer({ turns }: { readonly turns: readonly ViewTurn[] }): VNode {
  const [words, setWords] = useState('');
  const running = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const ended = turns.findLast((turn) => turn.status !== 'running' && running.current.has(turn.id));
    running.current = new Set(turns.filter((turn) => turn.status === 'running').map(({ id }) => id));
    if (ended) setWords(spoken(ended));
  }, [turns]);
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {words}
    </div>
  );
}

function spoken(turn: ViewTurn): string {
  if (turn.status === 'failed') return `Failed. ${turn.error?.message ?? ''}`;
  if (turn.status === 'stopped') return stoppedWords(turn);
  const text = writtenText(turn)
    .replace(/[*_`#>|]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length > spokenLength ? `${text.slice(0, spokenLength)}…` : text;
}
