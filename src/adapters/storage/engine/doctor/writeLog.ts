import { Database } from '../database';
import { Erased } from '../erased';
import { insertFact } from '../facts';
import { writeMark } from '../markRows';
import { openWorkspace, type Scope } from '../scope';
import { SearchIndex } from '../searchIndex';
import { keepTexts } from '../sentTexts';
import { findSession, insertSession } from '../sessions';
import { insertSummary } from '../summaries';
import { findTurn, insertTurn } from '../turnRows';
import { noVectors } from '../vectors/vectorIndex';
import type { HeldSession, HeldSummary, HeldTurn } from './holdings';
import type { Merged } from './merge';

/**
 * A new log of what was merged, whole on disk when this returns. It is the same log: it keeps the id, and its sequence
 * goes on behind all that is known to have been given out, so that records and other windows see it as newer.
 * @param from what it was rebuilt from, by which an interrupted repair knows that it was done
 */
export function writeLog(path: string, merged: Merged, from: string, newId: () => string): void {
  const database = new Database(path, () => merged.logId ?? newId());
  try {
    database.write(() => {
      fill(database, merged, newId);
      database.run(`INSERT OR REPLACE INTO meta VALUES ('rebuiltFrom', ?)`, from);
      if (merged.scrubDue)
        database.run(`INSERT OR REPLACE INTO meta VALUES ('lastDelete', ?)`, merged.sequence);
    });
    database.checkpoint();
    if (database.get('PRAGMA quick_check')?.quick_check !== 'ok')
      throw new Error('The rebuilt log is not sound');
  } finally {
    database.close();
  }
}

function fill(database: Database, merged: Merged, newId: () => string): void {
  database.run(`UPDATE meta SET value = ? WHERE name = 'sequence'`, merged.sequence);
  const search = new SearchIndex(database, false);
  const scopeOf = (workspaceId: string): Scope => ({
    database,
    search,
    vectors: noVectors,
    workspace: openWorkspace(database, workspaceId),
    now: 0,
    newId,
    erased: new Erased(),
  });
  for (const { workspaceId, kind, id, sequence } of merged.tombstones) {
    database.run(
      'INSERT OR IGNORE INTO tombstones (workspace, kind, id, sequence) VALUES (?, ?, ?, ?)',
      scopeOf(workspaceId).workspace,
      kind,
      id,
      Math.max(1, sequence),
    );
  }
  for (const session of merged.sessions)
    insertSession(scopeOf(session.workspaceId), session.header, session.updatedAt);
  const inOrder = [...merged.turns].sort((a, b) => a.position - b.position);
  for (const turn of inOrder) putTurn(scopeOf(turn.workspaceId), turn);
  for (const session of merged.sessions) putContext(scopeOf(session.workspaceId), session);
  for (const { workspaceId, fact } of merged.facts) insertFact(scopeOf(workspaceId), fact);
  for (const summary of merged.summaries) putSummary(scopeOf(summary.workspaceId), summary);
  for (const { workspaceId, mark, sequence } of merged.marks) writeMark(scopeOf(workspaceId), mark, sequence);
  for (const text of merged.texts) keepTexts(scopeOf(text.workspaceId), [text.hash], [text]);
  for (const [id, { aliases, activeSession }] of merged.workspaces) {
    const { workspace } = scopeOf(id);
    for (const alias of aliases)
      database.run('INSERT OR IGNORE INTO aliases (alias, workspace) VALUES (?, ?)', alias, workspace);
    database.run(
      `UPDATE workspaces SET active_session = (SELECT id FROM sessions WHERE workspace = ? AND id = ?) WHERE key = ?`,
      workspace,
      activeSession ?? '',
      workspace,
    );
  }
}

/** At the place it had; where two sources had different turns there, one moves to the end. */
function putTurn(scope: Scope, { sessionId, position, header, messages, run }: HeldTurn): void {
  const { database } = scope;
  const session = findSession(scope, sessionId);
  if (!session) return;
  const place = Math.max(position, session.nextPosition);
  const running = header.status === 'running' && run.owner !== null && run.leaseUntil !== null;
  const key = insertTurn(
    scope,
    { session: session.key, sessionId, position: place },
    running || header.status !== 'running' ? header : { ...header, status: 'stopped' },
    messages,
    running ? { owner: run.owner, leaseUntil: run.leaseUntil } : undefined,
  );
  if (!running)
    database.run('UPDATE turns SET owner = ?, recovered = ? WHERE key = ?', run.owner, run.recovered, key);
  database.run(
    'UPDATE sessions SET length = length + 1, next_position = ? WHERE key = ?',
    place + 1,
    session.key,
  );
}

/** Where its turns are now; where all of them are lost, where they were. */
function putSummary(scope: Scope, { summary }: HeldSummary): void {
  const session = findSession(scope, summary.sessionId);
  if (!session) return;
  const places = summary.turnIds.flatMap((id) => findTurn(scope, id)?.position ?? []);
  const [from, to] =
    places.length === 0 ? [summary.from, summary.to] : [Math.min(...places), Math.max(...places)];
  insertSummary(scope, session.key, { ...summary, from, to });
}

function putContext(scope: Scope, { header, contextStart, undoStarts, nextPosition }: HeldSession): void {
  const session = findSession(scope, header.id);
  if (!session) return;
  const next = Math.max(session.nextPosition, nextPosition);
  scope.database.run(
    'UPDATE sessions SET next_position = ?, context_start = ?, undo_starts = ? WHERE key = ?',
    next,
    Math.max(0, Math.min(contextStart, next)),
    JSON.stringify(undoStarts),
    session.key,
  );
}
