import type { Meaning } from '../../../../core/memory/embedding/vectorStore';
import type { Span } from '../../../../core/recall/passages';
import { cosineWith, Highest, SignScorer } from '../../../../core/recall/vectors';
import { bytesOf, integerOf } from '../database';
import type { SignCache } from './signCache';
import type { VectorFile } from './vectorFile';

/** A message that is near in meaning, by its nearest passage. */
export interface NearMessage {
  /** The message's key; of a fact, see `keyOfFact`. */
  readonly message: number;
  readonly passage: Span;
  /** SHA-256 of the passage, by which one that is not what it was is told. */
  readonly hash: Uint8Array;
  readonly cosine: number;
}

export interface Near {
  readonly messages: readonly NearMessage[];
  readonly facts: readonly NearMessage[];
  /** Whether there are no others. */
  readonly isAll: boolean;
}

/**
 * The nearest first: so many as are nearest by their signs, compared by all that is kept of them. Less than the unrelated
 * are is not near. `gone`: so many had been deleted.
 */
export function nearestMessages(
  file: VectorFile,
  caches: readonly SignCache[],
  { vector, unrelated }: Meaning,
  count: number,
): Near & { readonly gone: number } {
  const scorer = new SignScorer(vector);
  const highest = new Highest(count);
  for (const cache of caches) cache.addTo(highest, scorer, file);
  const best = new Map<number, NearMessage>();
  let gone = 0;
  const { keys } = highest;
  // In the order of the file, which is quicker.
  for (const key of [...keys].sort((a, b) => a - b)) {
    const row = file.get('SELECT message, start, end, hash, vector FROM vectors WHERE key = ?', key);
    if (!row) gone += 1;
    const cosine = row && cosineWith(vector, bytesOf(row, 'vector'));
    if (cosine === undefined || cosine <= unrelated) continue;
    const message = integerOf(row, 'message');
    if (cosine <= (best.get(message)?.cosine ?? -Infinity)) continue;
    const passage = { start: integerOf(row, 'start'), end: integerOf(row, 'end') };
    best.set(message, { message, passage, hash: bytesOf(row, 'hash'), cosine });
  }
  const all = [...best.values()].sort((a, b) => b.cosine - a.cosine);
  const [facts, messages] = [all.filter(isFact), all.filter((one) => !isFact(one))];
  return { messages, facts, isAll: keys.length < count, gone };
}

function isFact({ message }: NearMessage): boolean {
  return message < 0;
}
