import { HistoryError } from '../../../../core/errors';
import type { ForgetSelection } from '../../../../core/forgetting/forgetting';
import { deleteSession, deleteTurns } from '../deletion';
import { forgetFact } from '../facts';
import { titlesGone, type Deleted } from '../receipts';
import { retitle } from '../retitle';
import type { Scope } from '../scope';
import { findSession } from '../sessions';
import { deleteSummaryById } from '../summaries';
import { bury, isDeleted } from '../tombstones';
import { findTurn } from '../turnRows';
import { isRunning } from './items';

/**
 * Deletes a batch for good. What is not there is passed over, and so is a title that went with a turn of the same
 * receipt: the session has another by then, which nobody chose.
 * @throws HistoryError `busy` where one of the turns runs: then nothing is deleted
 */
export function forgetSelection(scope: Scope, selection: ForgetSelection, receiptId: string): Deleted {
  const {
    sessionIds,
    turnIds,
    factIds,
    summaryIds,
    titleIds,
    seenTitles = {},
    unfinishedIds = [],
  } = selection;
  let messages = 0;
  for (const id of sessionIds) if (findSession(scope, id)) messages += deleteSession(scope, id).messages;
  const turns = turnIds.flatMap((id) => findTurn(scope, id) ?? []);
  const running = turns.find((turn) => isRunning(turn, scope));
  if (running)
    throw new HistoryError({ reason: 'busy', message: `The turn ${running.id} is running: stop it first.` });
  messages += deleteTurns(scope, turns);
  for (const id of factIds) forgetFact(scope, id);
  for (const id of summaryIds) deleteSummaryById(scope, id);
  const gone = titlesGone(scope, receiptId);
  for (const id of titleIds) {
    const session = gone.has(id) ? undefined : findSession(scope, id);
    const seen = seenTitles[id];
    if (session && (seen === undefined || seen === session.summary.title)) retitle(scope, session.key);
  }
  const unfinished = [...new Set(unfinishedIds)].filter(
    (id) => !isDeleted(scope, 'turn', id) && !findTurn(scope, id),
  );
  for (const id of unfinished) bury(scope, 'turn', id);
  return { messages, unfinished: unfinished.length };
}
