import { isEcho } from '../memory/echo';
import type { RecallQuery } from './query';
import type { RecallMessage, Thread } from './rank';
import { TermScanner } from './termScanner';

export interface Rarity {
  /** How many messages there are. */
  readonly messages: number;
  /** How many of them hold the query's term in that place. */
  readonly holding: (term: number) => number;
}

/** Told from the messages themselves, where all there are are at hand. */
export function rarityIn(query: RecallQuery, threads: readonly Thread<RecallMessage>[]): Rarity {
  const scanner = new TermScanner(query);
  const holding = query.terms.map(() => 0);
  let messages = 0;
  for (const message of threads.flatMap((thread) => thread.messages)) {
    messages += 1;
    if (isEcho(message)) continue;
    const { text, extra, name = '' } = message;
    const terms = [text, extra, name].flatMap((one) => scanner.scan(one).hits.map(({ term }) => term));
    for (const term of new Set(terms)) holding[term] = (holding[term] ?? 0) + 1;
  }
  return { messages, holding: (term) => holding[term] ?? 0 };
}

/** What a full match of each term is worth: more, the rarer it is. */
export function worthOf({ terms }: RecallQuery, { messages, holding }: Rarity): Float64Array {
  return Float64Array.from(terms, ({ weight }, term) => {
    const count = Math.min(messages, holding(term));
    return weight * Math.log(1 + (messages - count + 0.5) / (count + 0.5));
  });
}

/** What a match of the whole question is worth; 1 where it has no word that could be looked for. */
export function worthOfAll(query: RecallQuery, rarity: Rarity): number {
  const worth = worthOf(query, rarity).reduce((total, one) => total + one, 0);
  return worth > 0 ? worth : 1;
}
