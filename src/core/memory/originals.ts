import type { HistoryLog, StoredTurn } from '../historyLog';
import type { Summary } from './summary';

/** So many turns are read at once. */
const pageSize = 50;

/**
 * The turns that the summaries cover, as the log has them, oldest first; those that cannot be read are not among them.
 * Each is shortened as its page comes in: no more than a page is held whole, and what lies between is not read.
 */
export async function originalsOf(
  log: Pick<HistoryLog, 'turns'>,
  sessionId: string,
  summaries: readonly Pick<Summary, 'from' | 'to' | 'turnIds'>[],
  shorten: (turn: StoredTurn) => StoredTurn,
): Promise<readonly StoredTurn[]> {
  const found = new Map<string, StoredTurn>();
  for (const { from, to, turnIds } of summaries) {
    const wanted = new Set(turnIds);
    let before = to + 1;
    while (before > from) {
      const limit = Math.min(pageSize, before - from);
      const { turns, more } = await log.turns(sessionId, { before, limit });
      for (const turn of turns) if (wanted.has(turn.id)) found.set(turn.id, shorten(turn));
      const [first] = turns;
      if (!first || !more) break;
      before = first.position;
    }
  }
  return [...found.values()].sort((a, b) => a.position - b.position);
}
