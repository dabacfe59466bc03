import { factors } from './constants';
import type { RecallQuery } from './query';
import type { Ranked, RecallMessage } from './rank';

export function bestFirst<T extends RecallMessage>(ranked: readonly Ranked<T>[]): readonly Ranked<T>[] {
  return ranked.toSorted((a, b) => b.score - a.score || b.message.at - a.message.at);
}

/** A question about a time, or about what was said once, has no use for what is newer. */
export function newestFirst<T extends RecallMessage>(
  { asksAssistant, asksWhen, dates }: RecallQuery,
  ranked: readonly Ranked<T>[],
): readonly Ranked<T>[] {
  if (asksAssistant || asksWhen || dates.length > 0) return ranked;
  const times = ranked.map(({ message }) => message.at).filter((at) => !Number.isNaN(at));
  const oldest = times.reduce((least, at) => Math.min(least, at), Infinity);
  const span = times.reduce((most, at) => Math.max(most, at), -Infinity) - oldest;
  if (!(span > 0)) return ranked;
  return ranked.map((one) => {
    const age = Number.isNaN(one.message.at) ? 0 : (one.message.at - oldest) / span;
    return { ...one, score: one.score * (1 + factors.newest * age) };
  });
}
