import { createHash } from 'node:crypto';
import type { Meaning } from '../../../core/memory/embedding/vectorStore';
import type { RecallOptions } from '../../../core/memory/longTermMemory';
import { candidates } from '../../../core/recall/constants';
import { fuse, fusion, type Candidate } from '../../../core/recall/fusion';
import type { Ranked, Thread } from '../../../core/recall/rank';
import { sameBytes } from './checksums';
import { messagesPerTurn } from './messageRows';
import type { StoredMessage } from './recallThreads';
import type { Scope } from './scope';
import type { NearMessage } from './vectors/nearest';

export interface NearMessages {
  /** By the message's key. */
  readonly messages: ReadonlyMap<number, NearMessage>;
  readonly unrelated: number;
  readonly isAll: boolean;
}

/** As many more as there are more candidates by their words. */
export function nearTo(
  { vectors, workspace }: Scope,
  meaning: Meaning,
  { limit, everywhere = false }: RecallOptions,
  count: number,
): NearMessages {
  const times = count / candidates.count;
  const { messages, isAll } = vectors.nearest(workspace, meaning, everywhere, fusion.compared * times);
  const most = Math.max(limit, fusion.near * times);
  return {
    messages: new Map(messages.slice(0, most).map((one) => [one.message, one])),
    unrelated: meaning.unrelated,
    isAll: isAll && messages.length <= most,
  };
}

/** Both together, best first. @param question `worth`: of a match of all of it; see `fuse` */
export function fused(
  words: readonly Ranked<StoredMessage>[],
  threads: readonly Thread<StoredMessage>[],
  near: NearMessages,
  question: { readonly worth: number; readonly hasSubject: boolean },
): readonly Ranked<StoredMessage>[] {
  const keyOf = ({ turn, place }: StoredMessage): number => turn.key * messagesPerTurn + place;
  const ranked = new Set(words.map(({ message }) => message));
  const others = threads
    .flatMap(({ messages }) => messages)
    .filter((message) => !ranked.has(message) && near.messages.has(keyOf(message)));
  const all: readonly Candidate<StoredMessage>[] = [...words, ...others.map((message) => ({ message }))];
  const nearOf = (message: StoredMessage): NearMessage | undefined => {
    const one = near.messages.get(keyOf(message));
    return one && isOf(message, one) ? one : undefined;
  };
  return fuse(all, nearOf, { ...question, unrelated: near.unrelated });
}

/** Whether the passage is in the message as it was when its vector was made. */
function isOf({ text }: StoredMessage, { passage: { start, end }, hash }: NearMessage): boolean {
  return sameBytes(createHash('sha256').update(text.slice(start, end)).digest(), hash);
}
