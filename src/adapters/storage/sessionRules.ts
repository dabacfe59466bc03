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
