import { nearWords } from '../protocol/meterReading';
import type { ViewModel } from './viewModel';

/** The one thing to be told of the context, above the composer. `key` tells one from the next. */
export type ContextNote =
  | { readonly type: 'running'; readonly key: string; readonly turns: number; readonly done: number }
  | {
      readonly type: 'done';
      readonly key: string;
      readonly summaryId: string;
      readonly turns: number;
      /** Whether the next request carries the summary. */
      readonly inForce: boolean;
      readonly note?: string;
    }
  | { readonly type: 'failed'; readonly key: string; readonly message: string }
  | { readonly type: 'problem'; readonly key: string; readonly message: string }
  | { readonly type: 'near'; readonly key: string; readonly message: string };

export const nearKey = 'near';

/** Undefined where there is nothing to tell, or it was dismissed. */
export function contextNote(model: ViewModel): ContextNote | undefined {
  const note = noteOf(model);
  return note && note.key === model.dismissed ? undefined : note;
}

function noteOf({ state, reading }: ViewModel): ContextNote | undefined {
  const compaction = state?.compaction ?? { status: 'idle' };
  if (compaction.status === 'running') {
    const { turns, done } = compaction;
    return { type: 'running', key: 'running', turns, done };
  }
  if (reading?.problem !== undefined) {
    return { type: 'problem', key: `problem ${reading.problem}`, message: reading.problem };
  }
  if (compaction.status === 'done') {
    const { summaryId, turns, note } = compaction;
    const inForce = reading?.summaryIds.includes(summaryId) ?? false;
    const key = `done ${summaryId}`;
    return { type: 'done', key, summaryId, turns, inForce, ...(note !== undefined && { note }) };
  }
  if (compaction.status === 'failed') {
    return { type: 'failed', key: `failed ${compaction.message}`, message: compaction.message };
  }
  return reading?.near ? { type: 'near', key: nearKey, message: nearWords(reading) } : undefined;
}
