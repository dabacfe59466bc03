import { isAbort } from '../errors';
import type { StoredTurn } from '../historyLog';
import type { Compactor } from './compactor';
import { templateCompactor } from './templateCompactor';

export interface SummaryTask {
  /** What it is made from: turns, oldest first. */
  readonly turns: readonly StoredTurn[];
  /** What it is wished to cost, in tokens. */
  readonly wish: number;
  /** Why the text cannot be used; undefined where it can. */
  readonly fault: (text: string) => string | undefined;
  /** A model's text that is too long is cut at the end of a sentence, where half of it or more can be used. */
  readonly cuts?: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

export interface WrittenSummary {
  readonly text: string;
  /** See Summary. */
  readonly by: string;
  /** Why the chosen model did not make it. */
  readonly note?: string;
}

/**
 * The chosen compactor's text; the template's where that fails or cannot be used. Undefined where no text can be.
 * @throws AbortError once cancelled
 */
export async function writeSummary(
  compactor: Compactor,
  { turns, wish, fault, cuts, signal, onProgress }: SummaryTask,
): Promise<WrittenSummary | undefined> {
  const request = { turns, maxTokens: wish, signal, onProgress };
  let note: string;
  try {
    const text = (await compactor.compact(request)).trim();
    const why = fault(text);
    if (why === undefined) return { text, by: compactor.id };
    note = `${compactor.id} gave ${why}`;
    const begun = cuts === true ? longestBeginning(text, fault) : undefined;
    if (begun !== undefined) return { text: begun, by: compactor.id };
  } catch (error) {
    if (signal.aborted || isAbort(error)) throw error;
    note = `${compactor.id} could not be asked`;
  }
  // In some scripts a token is hardly a character: then less of it will do.
  for (const maxTokens of [wish, wish / 2, wish / 4]) {
    const text = await templateCompactor.compact({ ...request, maxTokens });
    if (fault(text) !== undefined) continue;
    return { text, by: templateCompactor.id, ...(compactor.id !== templateCompactor.id && { note }) };
  }
  return undefined;
}

/** What of the text can be used, sentence by sentence; undefined where that is less than half of it. */
function longestBeginning(text: string, fault: SummaryTask['fault']): string | undefined {
  const ends = [...text.matchAll(/[.!?。！？]["'”’)]*(?=\s|$)|\n/gu)].map(
    ({ index, 0: mark }) => index + mark.length,
  );
  const end = ends.findLast((at) => at >= text.length / 2 && fault(text.slice(0, at).trim()) === undefined);
  return end === undefined ? undefined : text.slice(0, end).trim();
}
