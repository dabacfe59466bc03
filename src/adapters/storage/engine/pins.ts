import { HistoryError } from '../../../core/errors';
import type { TurnPage } from '../../../core/historyLog';
import type { Scope } from './scope';
import { findSession, touchSession } from './sessions';
import { readTurns } from './turns';
import { bodyOf, findTurn, hasSoundRow, rewriteHeader, turnRowOf } from './turnRows';

/** HistoryLog's `pin`. A damaged turn is refused: a new checksum would make it seem sound. */
export function pinTurn(scope: Scope, turnId: string, pinned: boolean): undefined {
  const turn = findTurn(scope, turnId);
  if (!turn) throw new HistoryError({ reason: 'not-found', message: `No turn ${turnId}` });
  if (turn.status === 'running' && turn.leaseUntil > scope.now) {
    throw new HistoryError({ reason: 'busy', message: `Turn ${turnId} is running` });
  }
  const header = bodyOf(turn);
  if (!hasSoundRow(scope, turn)) {
    throw new HistoryError({ reason: 'corrupt', message: `What is stored of turn ${turnId} is damaged` });
  }
  if ((header.pinned ?? false) === pinned) return;
  rewriteHeader(scope, turn, { ...header, pinned });
  touchSession(scope, turn.session);
}

/** HistoryLog's `pinned`, with what is damaged of them. Reads no more than the workspace's pins. */
export function pinnedTurns(scope: Scope, sessionId: string): TurnPage {
  const { database, workspace } = scope;
  const session = findSession(scope, sessionId);
  if (!session) return { turns: [], more: false };
  const rows = database
    .all(
      `SELECT * FROM turns INDEXED BY turns_pinned
       WHERE workspace = ? AND pinned = 1 AND session = ? AND status <> 'running' ORDER BY position`,
      workspace,
      session.key,
    )
    .map(turnRowOf);
  return { ...readTurns(scope, rows, sessionId), more: false };
}
