import { HistoryError } from '../../../core/errors';
import type { SentContext } from '../../../core/context/sentContext';
import { turnBodyOf } from './bodies';
import type { Scope } from './scope';
import { resolvedContext } from './sentTexts';
import { findTurn, hasSoundRow } from './turnRows';

/** HistoryLog's `sentContext`. */
export function readSentContext(scope: Scope, turnId: string): SentContext | undefined {
  const turn = findTurn(scope, turnId);
  if (!turn) return undefined;
  if (!hasSoundRow(scope, turn)) {
    scope.database.checkVersion();
    throw new HistoryError({ reason: 'corrupt', message: `What is stored of turn ${turnId} is damaged` });
  }
  const context = turnBodyOf(turn.row)?.context;
  return context && resolvedContext(scope, context);
}
