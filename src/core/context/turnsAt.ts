import type { HistoryLog, StoredTurn } from '../historyLog';

/** The longest stretch of positions that is read at once. */
const stretch = 50;

/**
 * The session's turns at these positions, by position; those deleted since are not among them. Reads the pages that
 * they are on and no others, however long the session is.
 */
export async function turnsAt(
  log: Pick<HistoryLog, 'turns'>,
  sessionId: string,
  positions: readonly number[],
): Promise<ReadonlyMap<number, StoredTurn>> {
  const wanted = new Set(positions);
  const found = new Map<number, StoredTurn>();
  let left = [...wanted].sort((a, b) => a - b);
  for (let last = left.at(-1); last !== undefined; last = left.at(-1)) {
    const end = last;
    const first = left.find((position) => position > end - stretch) ?? end;
    const { turns } = await log.turns(sessionId, { before: end + 1, limit: end - first + 1 });
    for (const turn of turns) if (wanted.has(turn.position)) found.set(turn.position, turn);
    // Where some were deleted, the page reaches further back.
    const reached = Math.min(first, turns[0]?.position ?? first);
    left = left.filter((position) => position < reached);
  }
  return found;
}
