import { inPlace, standing, total } from './standing';
import { isMerged, type Summary } from './summary';

/** Summaries for whose turns one is to be made anew. */
export interface MergePlan {
  /** Single ones, oldest first. */
  readonly replaces: readonly Summary[];
  /** What requests carry of them now, in tokens. */
  readonly tokens: number;
}

export interface MergeLimits {
  readonly cost: (summary: Summary) => number;
  /** What summaries may take of a request together, in tokens. */
  readonly limit: number;
  /** More turns than these are in no merged summary: it could not be made from them all. */
  readonly mostTurns: number;
}

/** What a merged summary is wished to cost, as a share of the limit; and the most that it may. */
export const mergedShare = 1 / 3;
export const mostMerged = 1 / 2;
/** What summaries take after a merge, as a share of the limit: the next one is some summaries away. */
const afterMerge = 2 / 3;

/**
 * The oldest summaries, where all no longer fit together; undefined where they do. Never those that the user has changed,
 * or has brought back by undoing a merge, nor any before them.
 */
export function mergePlan(
  summaries: readonly Summary[],
  { cost, limit, mostTurns }: MergeLimits,
): MergePlan | undefined {
  const now = standing(summaries);
  const spared = sparedIn(summaries);
  let turns = 0;
  const first = now.single.findLastIndex((one) => {
    turns += one.turnIds.length;
    return isMerged(one) || spared.has(one.id) || turns > mostTurns;
  });
  const run = new Set(now.single.slice(first + 1));
  // A merged one of which only a part is near enough counts as if it were all.
  const merged = now.merged
    .map(({ summary, replaces }) => ({ summary, replaces: replaces.filter((one) => run.has(one)) }))
    .filter(({ replaces }) => replaces.length > 0);
  const parts = new Map(merged.map(({ summary, replaces }) => [summary, replaces]));
  const placed = inPlace({ single: [...run], merged }, [...run], { cost, limit });
  if (total(placed, cost) <= limit || placed.size < 2) return undefined;
  const oldestFirst = [...placed].sort((a, b) => a.from - b.from || a.to - b.to);
  let count = 2;
  const rest = (): number => total(oldestFirst.slice(count), cost);
  while (count < oldestFirst.length && limit * mergedShare + rest() > limit * afterMerge) count += 1;
  const chosen = oldestFirst.slice(0, count);
  return {
    replaces: chosen.flatMap((one) => parts.get(one) ?? [one]),
    tokens: total(chosen, cost),
  };
}

/** Ids of single ones that are left as they are. */
export function sparedIn(summaries: readonly Summary[]): ReadonlySet<string> {
  return new Set(
    summaries.flatMap((one) => {
      if (isMerged(one)) return one.state === 'undone' || one.edited ? (one.replaces ?? []) : [];
      return one.edited ? [one.id] : [];
    }),
  );
}
