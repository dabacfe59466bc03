import type { ReconcileReport } from '../../../core/historyDoctor';
import type { WorkspaceRecord } from '../../../protocol/workspaceRecord';
import { planReconcile, type LogView, type ReconcilePlan, type RecordTurn } from '../reconcile';
import { factOf } from './bodies';
import { textOf } from './database';
import { deleteSession, deleteTurn } from './deletion';
import { deleteFact, findFact, insertFact, replaceFact } from './facts';
import { keepMarksOf } from './marks';
import type { Scope } from './scope';
import { findSession, getSession, insertSession, writeHeader } from './sessions';
import { deleteSummariesOf, deleteSummariesOfLost } from './summaries';
import { bury, isDeleted } from './tombstones';
import { findTurn, insertTurn, rewriteTurn, sessionIdOf, soundTurnOf } from './turnRows';
import { lengthen } from './turns';

/** What reconciling would change: reads no more than what the record names. */
export function planOf(scope: Scope, record: WorkspaceRecord): ReconcilePlan {
  return planReconcile(record, viewOf(scope));
}

function viewOf(scope: Scope): LogView {
  const { database, workspace } = scope;
  return {
    logId: database.logId,
    sequence: database.sequence,
    empty: ['sessions', 'facts', 'tombstones'].every(
      (table) => !database.get(`SELECT 1 FROM ${table} WHERE workspace = ? LIMIT 1`, workspace),
    ),
    isDeleted: (kind, id) => isDeleted(scope, kind, id),
    session: (id) => {
      const session = findSession(scope, id);
      if (!session) return 'missing';
      return session.summary.corrupt === true ? 'damaged' : 'sound';
    },
    fact: (id) => {
      const row = findFact(scope, id);
      return row ? (factOf(row) ?? 'damaged') : 'missing';
    },
    turn: (id) => {
      const row = findTurn(scope, id);
      if (!row) return 'missing';
      const sound = soundTurnOf(scope, row, sessionIdOf(scope, row.session));
      if (!sound) return 'damaged';
      return row.status === 'running' ? 'running' : sound;
    },
  };
}

/** How many turns were deleted that the record may count still. */
function turnsBuriedSince({ database, workspace }: Scope, { tombstones }: WorkspaceRecord): number {
  const known = new Set(tombstones.turn);
  const rows = database.all(`SELECT id FROM tombstones WHERE workspace = ? AND kind = 'turn'`, workspace);
  return rows.filter((row) => !known.has(textOf(row, 'id'))).length;
}

export function reportOf(scope: Scope, record: WorkspaceRecord, plan: ReconcilePlan): ReconcileReport {
  const { workspaceId } = record;
  const buried = turnsBuriedSince(scope, record);
  const missing = record.sessions
    .filter(({ id }) => !isDeleted(scope, 'session', id))
    .map(({ id, title, length }) => ({
      workspaceId,
      sessionId: id,
      sessionTitle: title,
      turns: length - (findSession(scope, id)?.length ?? 0) - buried,
    }))
    .filter(({ turns }) => turns > 0);
  const nothing = { sessions: 0, turns: 0, facts: 0 };
  return {
    relation: plan.relation,
    restored: {
      sessions: plan.sessions.length,
      turns: plan.turns.length,
      facts: plan.facts.length,
    },
    addedTurns: [],
    deleted: nothing,
    // Of a log that is not behind, a shorter session is one that turns were deleted from.
    missing: plan.relation === 'agrees' ? [] : missing,
  };
}

/** Brings into the log what it lacks, and takes out what was deleted. Inside a writing transaction. */
export function reconcileRecord(scope: Scope, record: WorkspaceRecord): ReconcileReport {
  const { database, workspace } = scope;
  const plan = planOf(scope, record);
  if (record.logId === database.logId && record.sequence > database.sequence) {
    database.run(`UPDATE meta SET value = ? WHERE name = 'sequence'`, record.sequence);
  }
  const deleted = { sessions: 0, turns: 0, facts: 0 };
  const lost = plan.deletions.filter(({ kind, id }) => kind === 'turn' && !findTurn(scope, id));
  deleteSummariesOfLost(scope, new Set(lost.map(({ id }) => id)));
  for (const { kind, id } of plan.deletions) deleted[`${kind}s`] += buryHere(scope, kind, id);
  for (const session of plan.sessions) {
    const known = findSession(scope, session.id);
    if (known) writeHeader(scope, known.key, session);
    else insertSession(scope, session, session.updatedAt);
  }
  const unknown = new Set(plan.turns.filter(({ id }) => !findTurn(scope, id)).map(({ id }) => id));
  const turns = plan.turns.filter((turn) => putTurn(scope, turn));
  for (const { id, contextStart } of plan.sessions) {
    const { key, nextPosition } = getSession(scope, id);
    const start = Math.min(contextStart, nextPosition);
    database.run('UPDATE sessions SET context_start = ? WHERE key = ?', start, key);
  }
  for (const fact of plan.facts) {
    const row = findFact(scope, fact.id);
    if (row) replaceFact(scope, row, fact);
    else insertFact(scope, fact);
  }
  if (plan.relation === 'empty-log') adopt(scope, record);
  else if (record.activeSessionId !== undefined && findSession(scope, record.activeSessionId)) {
    database.run(
      'UPDATE workspaces SET active_session = coalesce(active_session, ?) WHERE key = ?',
      record.activeSessionId,
      workspace,
    );
  }
  const addedTurns = turns
    .filter(({ id }) => unknown.has(id))
    .map(({ id, sessionId }) => ({ id, sessionId }));
  return { ...reportOf(scope, record, { ...plan, turns }), addedTurns, deleted };
}

/** A workspace that is new here takes over what the record knows of it. */
function adopt({ database, workspace }: Scope, { aliases, activeSessionId }: WorkspaceRecord): void {
  for (const alias of aliases) {
    database.run('INSERT OR IGNORE INTO aliases (alias, workspace) VALUES (?, ?)', alias, workspace);
  }
  database.run(
    `UPDATE workspaces SET active_session = (SELECT id FROM sessions WHERE workspace = ? AND id = ?) WHERE key = ?`,
    workspace,
    activeSessionId ?? '',
    workspace,
  );
}

/** @returns how many of the kind went */
function buryHere(scope: Scope, kind: 'session' | 'turn' | 'fact', id: string): number {
  if (kind === 'session') {
    const session = findSession(scope, id);
    if (session) deleteSession(scope, id);
    else bury(scope, kind, id);
    return session ? 1 : 0;
  }
  if (kind === 'fact') {
    const row = findFact(scope, id);
    if (row) deleteFact(scope, row);
    else bury(scope, kind, id);
    return row ? 1 : 0;
  }
  const turn = findTurn(scope, id);
  if (turn) {
    deleteTurn(scope, turn);
    lengthen(scope, turn.session, -1);
  } else bury(scope, kind, id);
  return turn ? 1 : 0;
}

/** At the place it had, where that is free. @returns false where its session is not known */
function putTurn(scope: Scope, { sessionId, position, messages, ...header }: RecordTurn): boolean {
  const { database } = scope;
  const known = findTurn(scope, header.id);
  if (known) {
    const sound = soundTurnOf(scope, known, sessionIdOf(scope, known.session)) !== undefined;
    // A damaged turn becomes what it was; one that was cut off becomes more than what was summarized.
    if (sound) deleteSummariesOf(scope, known);
    keepMarksOf(scope, header.id, messages);
    rewriteTurn(scope, known, { keep: 0, messages, header });
    database.run('UPDATE turns SET owner = NULL, lease_until = NULL, recovered = 0 WHERE key = ?', known.key);
    return true;
  }
  const session = findSession(scope, sessionId);
  if (!session) return false;
  const taken = database.get('SELECT 1 FROM turns WHERE session = ? AND position = ?', session.key, position);
  const place = taken ? session.nextPosition : position;
  insertTurn(scope, { session: session.key, sessionId, position: place }, header, messages);
  // A session may have counted the turn all the time.
  database.run(
    `UPDATE sessions SET length = max(length, (SELECT count(*) FROM turns WHERE session = sessions.key)),
       next_position = max(next_position, ?), sequence = ? WHERE key = ?`,
    place + 1,
    database.nextSequence(),
    session.key,
  );
  return true;
}
