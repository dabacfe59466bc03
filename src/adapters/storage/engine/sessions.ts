import { HistoryError } from '../../../core/errors';
import type { NewSession, SessionSummary } from '../../../core/historyLog';
import { isSameMark, maxUndo, recencyOf, trimMark, trimOf, type TrimMark } from '../sessionRules';
import { storedSession, storedText, type SessionHeader } from '../storedShape';
import { sessionHeaderOf } from './bodies';
import { bodyChecksum } from './checksums';
import { integerOf, optionalTextOf, textOf, type Row } from './database';
import type { Scope } from './scope';
import { isDeleted } from './tombstones';

/** Where a session's next turn goes. */
export interface SessionEnd {
  readonly key: number;
  readonly length: number;
  readonly nextPosition: number;
}

export interface StoredSession extends SessionEnd {
  readonly id: string;
  readonly summary: SessionSummary;
}

export function findSession({ database, workspace }: Scope, id: string): StoredSession | undefined {
  const row = database.get('SELECT * FROM sessions WHERE workspace = ? AND id = ?', workspace, id);
  return row && sessionOf(row);
}

/** @throws HistoryError `not-found` */
export function getSession(scope: Scope, id: string): StoredSession {
  return findSession(scope, id) ?? notFound(id);
}

/** Without what else there is of the session. @throws HistoryError `not-found` */
export function endOfSession({ database, workspace }: Scope, id: string): SessionEnd {
  const row = database.get(
    'SELECT key, length, next_position FROM sessions WHERE workspace = ? AND id = ?',
    workspace,
    id,
  );
  return row ? endOf(row) : notFound(id);
}

function endOf(row: Row): SessionEnd {
  return {
    key: integerOf(row, 'key'),
    length: integerOf(row, 'length'),
    nextPosition: integerOf(row, 'next_position'),
  };
}

function notFound(id: string): never {
  throw new HistoryError({ reason: 'not-found', message: `No session ${id}` });
}

/** The most recently updated first. */
export function listSessions({ database, workspace }: Scope, limit = -1): readonly SessionSummary[] {
  return database
    .all(
      'SELECT * FROM sessions WHERE workspace = ? ORDER BY recency DESC, key DESC LIMIT ?',
      workspace,
      limit,
    )
    .map((row) => sessionOf(row).summary);
}

/** In the order of the log. */
export function allSessions({ database, workspace }: Scope): readonly StoredSession[] {
  return database.all('SELECT * FROM sessions WHERE workspace = ? ORDER BY key', workspace).map(sessionOf);
}

function sessionOf(row: Row): StoredSession {
  const id = textOf(row, 'id');
  const end = endOf(row);
  const updatedAt = textOf(row, 'updated_at');
  const header = sessionHeaderOf(row);
  const summary: SessionSummary = {
    ...(header ?? { id, title: '', createdAt: updatedAt, corrupt: true }),
    updatedAt,
    length: end.length,
    ...trimOf(markOf(row)),
    trims: undoMarksOf(row).length,
  };
  return { ...end, id, summary };
}

function markOf(row: Row): TrimMark {
  const { context_kept: kept } = row;
  return [integerOf(row, 'context_start'), ...(typeof kept === 'string' ? numbersIn(JSON.parse(kept)) : [])];
}

function undoMarksOf(row: Row | undefined): readonly TrimMark[] {
  const value: unknown = JSON.parse(textOf(row, 'undo_starts'));
  const marks: readonly unknown[] = Array.isArray(value) ? value : [];
  return marks.flatMap((mark): readonly TrimMark[] => {
    const [start, ...kept] = typeof mark === 'number' ? [mark] : numbersIn(mark);
    return start === undefined ? [] : [[start, ...kept]];
  });
}

function numbersIn(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'number') : [];
}

export function createSession(scope: Scope, session: NewSession): SessionSummary {
  const known = findSession(scope, session.id);
  if (known) return known.summary;
  if (isDeleted(scope, 'session', session.id)) {
    throw new HistoryError({ reason: 'exists', message: `The session ${session.id} was deleted for good` });
  }
  insertSession(scope, session, session.createdAt);
  return getSession(scope, session.id).summary;
}

export function insertSession(
  { database, workspace }: Scope,
  header: SessionHeader,
  updatedAt: string,
): void {
  const body = JSON.stringify(storedSession(header));
  database.run(
    `INSERT INTO sessions (workspace, id, sequence, length, next_position, context_start, undo_starts, updated_at,
       recency, checksum, body) VALUES (?, ?, ?, 0, 0, 0, '[]', ?, ?, ?, ?)`,
    workspace,
    storedText(header.id),
    database.nextSequence(),
    storedText(updatedAt),
    recencyOf(updatedAt),
    bodyChecksum(body),
    body,
  );
}

export function writeHeader({ database }: Scope, key: number, header: SessionHeader): void {
  const body = JSON.stringify(storedSession(header));
  database.run(
    'UPDATE sessions SET body = ?, checksum = ?, sequence = ? WHERE key = ?',
    body,
    bodyChecksum(body),
    database.nextSequence(),
    key,
  );
}

export function writeUpdatedAt({ database }: Scope, key: number, updatedAt: string): void {
  database.run(
    'UPDATE sessions SET updated_at = ?, recency = ?, sequence = ? WHERE key = ?',
    storedText(updatedAt),
    recencyOf(updatedAt),
    database.nextSequence(),
    key,
  );
}

/** Tells other windows that something of the session has changed. */
export function touchSession({ database }: Scope, key: number): void {
  database.run('UPDATE sessions SET sequence = ? WHERE key = ?', database.nextSequence(), key);
}

export function renameSession(scope: Scope, id: string, title: string): SessionSummary {
  const { key, summary } = getSession(scope, id);
  writeHeader(scope, key, { ...summary, title });
  return getSession(scope, id).summary;
}

export function activeSession({ database, workspace }: Scope): string | undefined {
  const row = database.get('SELECT active_session FROM workspaces WHERE key = ?', workspace);
  return row && optionalTextOf(row, 'active_session');
}

export function activateSession(scope: Scope, id: string): undefined {
  getSession(scope, id);
  scope.database.run('UPDATE workspaces SET active_session = ? WHERE key = ?', id, scope.workspace);
}

export function trimSession(
  scope: Scope,
  id: string,
  contextStart: number,
  contextKept: readonly number[] = [],
): SessionSummary {
  const { key, nextPosition, summary } = getSession(scope, id);
  const mark = trimMark(contextStart, contextKept, nextPosition);
  const before: TrimMark = [summary.contextStart, ...(summary.contextKept ?? [])];
  if (isSameMark(mark, before)) return summary;
  const undo = undoMarksOf(scope.database.get('SELECT undo_starts FROM sessions WHERE key = ?', key));
  return moveContext(scope, id, key, mark, [...undo, before].slice(-maxUndo));
}

export function undoTrim(scope: Scope, id: string): SessionSummary {
  const { key } = getSession(scope, id);
  const undo = undoMarksOf(scope.database.get('SELECT undo_starts FROM sessions WHERE key = ?', key));
  const mark = undo.at(-1);
  if (mark === undefined) throw new HistoryError({ reason: 'not-found', message: 'No trim to undo' });
  return moveContext(scope, id, key, mark, undo.slice(0, -1));
}

function moveContext(
  scope: Scope,
  id: string,
  key: number,
  [start, ...kept]: TrimMark,
  undo: readonly TrimMark[],
): SessionSummary {
  scope.database.run(
    'UPDATE sessions SET context_start = ?, context_kept = ?, undo_starts = ?, sequence = ? WHERE key = ?',
    start,
    JSON.stringify(kept),
    JSON.stringify(undo.map((mark) => (mark.length === 1 ? mark[0] : mark))),
    scope.database.nextSequence(),
    key,
  );
  return getSession(scope, id).summary;
}
