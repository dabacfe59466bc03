import type { MessageListOptions } from '../memory/longTermMemory';
import { pathSpans } from './filter';
import type { Span } from './passages';
import type { Ranked, RecallMessage } from './rank';

/** In a round so many messages are read at most that do not fit. */
export const readPerRound = 4_000;

/** How many messages may be read for a list. */
export function mostRead({ reach = 1 }: MessageListOptions): number {
  return Math.max(1, Math.trunc(reach)) * readPerRound;
}

/** What a listed message has of a hit: all of it is its passage. */
export function asListed(
  { text, extra }: Pick<RecallMessage, 'text' | 'extra'>,
  { path }: Pick<MessageListOptions, 'path'>,
): Omit<Ranked<RecallMessage>, 'message'> {
  const spansOf = (one: string): readonly Span[] => (path === undefined ? [] : pathSpans(one, path));
  return {
    score: 0,
    relevance: 0,
    passage: { start: 0, end: text.length },
    highlights: spansOf(text),
    extraHighlights: spansOf(extra),
  };
}
