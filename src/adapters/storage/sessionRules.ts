/** So many trims can be undone. */
export const maxUndo = 100;

/** For the order of sessions. Imported times may carry any offset, so their text does not sort. */
export function recencyOf(updatedAt: string): number {
  const milliseconds = Date.parse(updatedAt);
  return Number.isNaN(milliseconds) ? 0 : milliseconds;
}

/** A context starts at a turn, or after the last one. */
export function trimmedTo(contextStart: number, nextPosition: number): number {
  return Math.min(Math.max(0, Math.trunc(contextStart)), nextPosition);
}

/** Where a context starts, followed by the positions before that are carried all the same: ascending, each once. */
export type TrimMark = readonly [start: number, ...kept: number[]];

/** So many turns before the start can be carried. */
const maxKept = 1_000;

export function trimMark(
  contextStart: number,
  contextKept: readonly number[],
  nextPosition: number,
): TrimMark {
  const start = trimmedTo(contextStart, nextPosition);
  const kept = [...new Set(contextKept)].filter((at) => Number.isInteger(at) && at >= 0 && at < start);
  return [start, ...kept.sort((a, b) => a - b).slice(-maxKept)];
}

export function isSameMark(a: TrimMark, b: TrimMark): boolean {
  return a.join() === b.join();
}

/** What a session's summary says of its trim. */
export function trimOf([contextStart, ...contextKept]: TrimMark): {
  readonly contextStart: number;
  readonly contextKept?: readonly number[];
} {
  return { contextStart, ...(contextKept.length > 0 && { contextKept }) };
}
