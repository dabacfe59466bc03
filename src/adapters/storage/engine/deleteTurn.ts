import { HistoryError } from '../../../core/errors';
import type { HistoryCounts } from '../../../core/historyLog';
import { deleteTurns } from './deletion';
import type { Scope } from './scope';
import { findTurn } from './turnRows';

/**
 * HistoryLog's `deleteTurn`. The other turns keep their positions, so a trim and its undo mean what they meant. A
 * damaged turn can be deleted like any other.
 */
export function deleteTurnById(scope: Scope, turnId: string): HistoryCounts {
  const turn = findTurn(scope, turnId);
  if (!turn) throw new HistoryError({ reason: 'not-found', message: `No turn ${turnId}` });
  if (turn.status === 'running' && turn.leaseUntil > scope.now) {
    throw new HistoryError({ reason: 'busy', message: `Turn ${turnId} is running` });
  }
  return { sessions: 0, turns: 1, messages: deleteTurns(scope, [turn]), facts: 0 };
}
