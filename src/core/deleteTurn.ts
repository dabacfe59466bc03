import type { HistoryCounts, HistoryLog } from './historyLog';
import type { Turn } from './message';
import { newSessionTitle, titleOf } from './sessionEntry';

/** A title is looked for in so many turns after the deleted one. */
const turnsAfter = 50;

/**
 * Deletes one turn for good. Where its session got its title from the turn's prompt, the title goes too: the session
 * is then called after the next prompt.
 * @returns what was removed, and the session that it was of (undefined where the turn was damaged)
 */
export async function deleteTurn(
  log: HistoryLog,
  turnId: string,
): Promise<{ readonly counts: HistoryCounts; readonly sessionId: string | undefined }> {
  const turn = await log.turn(turnId).catch(() => undefined);
  const counts = await log.deleteTurn(turnId);
  if (!turn) return { counts, sessionId: undefined };
  const { sessionId, position } = turn;
  const session = await log.session(sessionId);
  const title = titleFrom(turn);
  if (title !== undefined && session?.title === title) {
    const { turns: before } = await log.turns(sessionId, { before: position, limit: 1 });
    if (before.length === 0) {
      const after = await log.turns(sessionId, { before: position + 1 + turnsAfter, limit: turnsAfter });
      const next = after.turns.map(titleFrom).find((found) => found !== undefined);
      await log.renameSession(sessionId, next ?? newSessionTitle);
    }
  }
  return { counts, sessionId };
}

function titleFrom({ messages }: Pick<Turn, 'messages'>): string | undefined {
  const prompt = messages.find(({ role }) => role === 'user');
  return prompt && titleOf(prompt.content);
}
