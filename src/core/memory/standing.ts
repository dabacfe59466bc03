import { isMerged, type Summary } from './summary';

/** Which summaries can stand for turns: each for its own, or a merged one for those of several. */
export interface Standing {
  /** Each stands for turns of its own, oldest first. */
  readonly single: readonly Summary[];
  /** Oldest first; no two of them take the place of the same. */
  readonly merged: readonly Merged[];
}

export interface Merged {
  readonly summary: Summary;
  /** The single ones whose place it can take. */
  readonly replaces: readonly Summary[];
}

/**
 * Of the active ones. Where one that a merged summary replaces was undone, that one's turns are to speak for themselves,
 * so the merged one stands for nothing; where one is lost, it stands for all by itself. Of two that replace the same,
 * the later holds.
 * @param summaries all of the session's, in the order of the turns that they cover
 */
export function standing(summaries: readonly Summary[]): Standing {
  const singles = new Map(summaries.filter((one) => !isMerged(one)).map((one) => [one.id, one]));
  const merged: Merged[] = [];
  const alone = new Set<Summary>();
  const hidden = new Set<string>();
  const taken = new Set<string>();
  for (const summary of summaries.filter(isMerged).sort(latestFirst)) {
    const { state, replaces: ids = [] } = summary;
    const replaces = ids.flatMap((id) => singles.get(id) ?? []);
    const isUsable = state === 'active' && replaces.every((one) => one.state === 'active');
    if (!isUsable || ids.some((id) => taken.has(id))) continue;
    for (const id of ids) taken.add(id);
    if (replaces.length === ids.length) merged.unshift({ summary, replaces });
    else {
      alone.add(summary);
      for (const { id } of replaces) hidden.add(id);
    }
  }
  const single = summaries.filter((one) =>
    isMerged(one) ? alone.has(one) : one.state === 'active' && !hidden.has(one.id),
  );
  return { single, merged };
}

/**
 * Merged ones take the place of others, the oldest first, until all fit together: requests keep their beginning as long
 * as they do.
 * @param inForce single ones
 */
export function inPlace(
  { merged }: Standing,
  inForce: readonly Summary[],
  { cost, limit }: { readonly cost: (summary: Summary) => number; readonly limit: number },
): ReadonlySet<Summary> {
  const placed = new Set(inForce);
  for (const { summary, replaces } of merged) {
    if (total(placed, cost) <= limit) break;
    if (!replaces.every((one) => placed.has(one))) continue;
    for (const one of replaces) placed.delete(one);
    placed.add(summary);
  }
  return placed;
}

export function total(summaries: Iterable<Summary>, cost: (summary: Summary) => number): number {
  let sum = 0;
  for (const summary of summaries) sum += cost(summary);
  return sum;
}

function latestFirst(a: Summary, b: Summary): number {
  return (
    b.to - a.to ||
    b.createdAt.localeCompare(a.createdAt) ||
    (b.replaces?.length ?? 0) - (a.replaces?.length ?? 0) ||
    (a.id < b.id ? -1 : 1)
  );
}
