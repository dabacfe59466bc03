import type { Span } from './passages';
import type { Ranked, RecallMessage } from './rank';

/**
 * How what is near in meaning goes together with what holds the words. Both are weighed on one scale, the words': a ranking
 * by places alone would put what is middling in both before what fits exactly in one, as an error code does.
 */
export const fusion = {
  /** Vectors that are compared in full, of all that are compared by their signs (see vectors.ts). */
  compared: 1_000,
  /** Of the messages that are near, so many are weighed beside those that hold the words. */
  near: 100,
  /**
   * What a text of the very same meaning is worth, in questions whose words are all held. Good paraphrases stand about half
   * way between unrelated texts and the same one: they are then worth as much as a message with all the words.
   */
  weight: 2,
} as const;

export interface NearPassage {
  readonly passage: Span;
  readonly cosine: number;
}

/** From 0, what is unrelated, to 1, the same. */
export function nearness(cosine: number, unrelated: number): number {
  return unrelated >= 1 ? 0 : Math.max(0, Math.min(1, (cosine - unrelated) / (1 - unrelated)));
}

/** A message that was found by its words, or stands beside one that was, or neither. */
export type Candidate<T extends RecallMessage> = Ranked<T> | { readonly message: T };

/**
 * Best first. What is near in meaning needs no word of the question; its nearest passage is shown where that says more
 * for it than its words do.
 * @param worth of a match of the whole question, on the scale of the scores
 * @param hasSubject whether the question names anything: small talk is near to other small talk, and has to do with nothing
 */
export function fuse<T extends RecallMessage>(
  candidates: readonly Candidate<T>[],
  nearOf: (message: T) => NearPassage | undefined,
  {
    worth,
    unrelated,
    hasSubject,
  }: { readonly worth: number; readonly unrelated: number; readonly hasSubject: boolean },
): readonly Ranked<T>[] {
  return candidates
    .flatMap((candidate) => {
      const near = nearOf(candidate.message);
      const close = near ? nearness(near.cosine, unrelated) : 0;
      const meant = fusion.weight * worth * close;
      const words = 'score' in candidate ? candidate : undefined;
      const score = (words?.score ?? 0) + meant;
      // A good paraphrase, half way to the same text, is above the floor; what is nearer than most, but about something
      // else, is not.
      const relevance = (words?.relevance ?? 0) + (hasSubject ? close ** 2 : 0);
      if (score <= 0) return [];
      if (!near || (words && words.score >= meant)) return words ? [{ ...words, score, relevance }] : [];
      const { passage } = near;
      const highlights = (words?.highlights ?? []).filter((one) => isWithin(one, passage));
      const extraHighlights = words?.extraHighlights ?? [];
      return [{ message: candidate.message, score, relevance, passage, highlights, extraHighlights }];
    })
    .sort((a, b) => b.score - a.score || b.message.at - a.message.at);
}

function isWithin(one: Span, { start, end }: Span): boolean {
  return one.start >= start && one.end <= end;
}
