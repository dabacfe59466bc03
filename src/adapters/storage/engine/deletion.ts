import type { HistoryCounts } from '../../../core/historyLog';
import { deleteFact } from './facts';
import { textOf } from './database';
import { deleteMarks } from './markRows';
import { deleteMessages } from './messageRows';
import type { Scope } from './scope';
import { deleteTexts, noteTexts } from './sentTexts';
import { retitleAfter, titleFrom } from './retitle';
import { allSessions, getSession, touchSession, type StoredSession } from './sessions';
import { deleteSummariesIn, deleteSummariesOf } from './summaries';
import { bury } from './tombstones';
import { lengthen } from './turns';
import { turnRowOf, unindexTurn, type TurnRow } from './turnRows';

/** HistoryLog's `deleteSession`. */
export function deleteSession(scope: Scope, sessionId: string): HistoryCounts {
  return deleteSessions(scope, [getSession(scope, sessionId)]);
}

/** HistoryLog's `clear`. */
export function clearWorkspace(scope: Scope): HistoryCounts {
  const counts = deleteSessions(scope, allSessions(scope));
  const facts = scope.database.all('SELECT * FROM facts WHERE workspace = ?', scope.workspace);
  for (const row of facts) deleteFact(scope, row);
  deleteTexts(scope);
  deleteMarks(scope);
  return { ...counts, facts: facts.length };
}

function deleteSessions(scope: Scope, sessions: readonly StoredSession[]): HistoryCounts {
  const { database, workspace } = scope;
  const counts = { sessions: sessions.length, turns: 0, messages: 0, facts: 0 };
  for (const { key, id } of sessions) {
    deleteSummariesIn(scope, key);
    for (const turn of database.all('SELECT * FROM turns WHERE session = ?', key).map(turnRowOf)) {
      counts.turns += 1;
      counts.messages += deleteTurn(scope, turn);
    }
    database.run('DELETE FROM sessions WHERE key = ?', key);
    bury(scope, 'session', id);
    database.run(
      'UPDATE workspaces SET active_session = NULL WHERE key = ? AND active_session = ?',
      workspace,
      id,
    );
  }
  return counts;
}

/** A session whose turns are gone already. */
export function deleteEmptySession(scope: Scope, key: number): void {
  const { database } = scope;
  const row = database.get('SELECT id FROM sessions WHERE key = ?', key);
  if (!row) return;
  deleteSummariesIn(scope, key);
  database.run('DELETE FROM sessions WHERE key = ?', key);
  bury(scope, 'session', textOf(row, 'id'));
}

/**
 * One after the other, with the lengths of their sessions. The others keep their positions. A session that is called after
 * one of them is called after another prompt then.
 * @returns how many messages they had
 */
export function deleteTurns(scope: Scope, turns: readonly TurnRow[]): number {
  let messages = 0;
  const titles = new Map<number, Set<string>>();
  for (const turn of turns) {
    const title = titleFrom(scope, turn);
    const known = titles.get(turn.session) ?? new Set();
    titles.set(turn.session, title === undefined ? known : known.add(title));
    messages += deleteTurn(scope, turn);
    lengthen(scope, turn.session, -1);
  }
  for (const [session, gone] of titles) {
    retitleAfter(scope, session, gone);
    touchSession(scope, session);
  }
  return messages;
}

/** The row and all that hangs on it, and the summaries that cover it; the session's length is the caller's. @returns how many messages it had */
export function deleteTurn(scope: Scope, turn: TurnRow): number {
  const { database } = scope;
  unindexTurn(scope, turn);
  scope.erased.vectors += scope.vectors.removeTurn(scope.workspace, turn.key);
  noteTexts(scope, turn);
  deleteSummariesOf(scope, turn);
  const messages = deleteMessages(database, turn.key);
  database.run('DELETE FROM turns WHERE key = ?', turn.key);
  bury(scope, 'turn', textOf(turn.row, 'id'));
  return messages;
}
