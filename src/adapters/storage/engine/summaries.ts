import { HistoryError, InputError } from '../../../core/errors';
import type { Summary } from '../../../core/memory/summary';
import { storedSummary, storedText } from '../storedShape';
import { summaryOf } from './bodies';
import { bodyChecksum } from './checksums';
import { integerOf, textOf, type Row } from './database';
import type { Scope } from './scope';
import { findSession, getSession, touchSession } from './sessions';
import { bury, isDeleted } from './tombstones';
import { sessionIdOf } from './turnRows';

export interface SummaryList {
  readonly summaries: readonly Summary[];
  /** Ids of those that are left out, as what is stored of them is not what was written. */
  readonly corrupt?: readonly string[];
}

/** HistoryLog's `summaries`. */
export function listSummaries(scope: Scope, sessionId: string): SummaryList {
  const session = findSession(scope, sessionId);
  const rows = session ? summaryRows(scope, session.key) : [];
  const read = rows.map((row) => soundSummaryOf(row) ?? textOf(row, 'id'));
  const corrupt = read.filter((one) => typeof one === 'string');
  if (corrupt.length > 0) scope.database.checkVersion();
  return {
    summaries: read.filter((one) => typeof one !== 'string'),
    ...(corrupt.length > 0 && { corrupt }),
  };
}

/** In the order of what they cover. */
function summaryRows({ database }: Scope, session: number): readonly Row[] {
  // A log of an earlier version that cannot be written has none.
  if (!database.hasSchema(2)) return [];
  return database.all(
    'SELECT * FROM summaries WHERE session = ? ORDER BY from_position, to_position, key',
    session,
  );
}

/** Undefined where what is stored is not what was written. */
export function soundSummaryOf(row: Row): Summary | undefined {
  const summary = summaryOf(row);
  const isRows =
    summary?.id === row.id &&
    summary?.from === row.from_position &&
    summary?.to === row.to_position &&
    summary?.state === row.state;
  return isRows ? summary : undefined;
}

/** HistoryLog's `putSummary`. @returns whether that changed anything */
export function putSummary(scope: Scope, summary: Summary): boolean {
  const stored = storedSummary(summary);
  if (isDeleted(scope, 'summary', stored.id)) {
    throw new HistoryError({ reason: 'exists', message: `The summary ${stored.id} was deleted for good` });
  }
  const session = getSession(scope, stored.sessionId).key;
  if (stored.turnIds.length === 0) {
    throw new InputError({ reason: 'invalid-argument', message: 'A summary is of turns' });
  }
  for (const id of stored.turnIds) checkCovered(scope, session, id);
  const { database, workspace } = scope;
  const known = database.get('SELECT * FROM summaries WHERE id = ? AND workspace = ?', stored.id, workspace);
  if (known && integerOf(known, 'session') === session && isStoredAs(known, stored)) return false;
  if (known) {
    touchSession(scope, integerOf(known, 'session'));
    updateSummary(scope, integerOf(known, 'key'), session, stored);
  } else insertSummary(scope, session, stored);
  touchSession(scope, session);
  return true;
}

export function hasSummary({ database, workspace }: Scope, id: string): boolean {
  const row = database.get(
    'SELECT 1 FROM summaries WHERE id = ? AND workspace = ?',
    storedText(id),
    workspace,
  );
  return row !== undefined;
}

function isStoredAs(row: Row, summary: Summary): boolean {
  return soundSummaryOf(row) !== undefined && textOf(row, 'body') === JSON.stringify(summary);
}

function checkCovered({ database, workspace }: Scope, session: number, turnId: string): void {
  const row = database.get(
    'SELECT session, status FROM turns WHERE workspace = ? AND id = ?',
    workspace,
    turnId,
  );
  if (row?.session !== session) {
    throw new HistoryError({ reason: 'not-found', message: `No turn ${turnId} in the summary's session` });
  }
  if (row.status === 'running') {
    throw new HistoryError({ reason: 'busy', message: `Turn ${turnId} has not ended yet` });
  }
}

export function insertSummary({ database, workspace }: Scope, session: number, summary: Summary): void {
  const body = JSON.stringify(summary);
  database.run(
    `INSERT INTO summaries (workspace, session, id, sequence, from_position, to_position, state, checksum, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    workspace,
    session,
    summary.id,
    database.nextSequence(),
    summary.from,
    summary.to,
    summary.state,
    bodyChecksum(body),
    body,
  );
}

function updateSummary({ database }: Scope, key: number, session: number, summary: Summary): void {
  const body = JSON.stringify(summary);
  database.run(
    `UPDATE summaries SET session = ?, sequence = ?, from_position = ?, to_position = ?, state = ?, checksum = ?,
       body = ? WHERE key = ?`,
    session,
    database.nextSequence(),
    summary.from,
    summary.to,
    summary.state,
    bodyChecksum(body),
    body,
    key,
  );
}

/**
 * Those that cover the turn, which is deleted, or becomes another. A damaged one may cover it too. All of the session's
 * are read, as what they cover is in what their checksums are over.
 */
export function deleteSummariesOf(
  scope: Scope,
  turn: { readonly session: number; readonly id: string },
): void {
  for (const row of summaryRows(scope, turn.session)) {
    if (soundSummaryOf(row)?.turnIds.includes(turn.id) === false) continue;
    deleteSummary(scope, row);
  }
}

/** Those that cover one of the turns, or are damaged and may: they go with it. */
export function summariesCovering(
  scope: Scope,
  turns: readonly { readonly session: number; readonly id: string }[],
): readonly { readonly id: string; readonly sessionId: string }[] {
  const ids = new Set(turns.map(({ id }) => id));
  return [...new Set(turns.map(({ session }) => session))].flatMap((session) =>
    summaryRows(scope, session)
      .filter((row) => soundSummaryOf(row)?.turnIds.some((id) => ids.has(id)) !== false)
      .map((row) => ({ id: textOf(row, 'id'), sessionId: sessionIdOf(scope, session) })),
  );
}

/** What it stands for is sent as it is from then on. */
export function deleteSummaryById(scope: Scope, id: string): void {
  const { database, workspace } = scope;
  const row = database.get('SELECT * FROM summaries WHERE id = ? AND workspace = ?', id, workspace);
  if (!row) return;
  deleteSummary(scope, row);
  touchSession(scope, integerOf(row, 'session'));
}

/** Those that tell of turns that are deleted without being here, as where damage has lost them. */
export function deleteSummariesOfLost(scope: Scope, turnIds: ReadonlySet<string>): void {
  const { database, workspace } = scope;
  if (turnIds.size === 0) return;
  for (const row of database.all('SELECT * FROM summaries WHERE workspace = ?', workspace)) {
    if (soundSummaryOf(row)?.turnIds.some((id) => turnIds.has(id))) deleteSummary(scope, row);
  }
}

/** All of the session's. */
export function deleteSummariesIn(scope: Scope, session: number): void {
  for (const row of summaryRows(scope, session)) deleteSummary(scope, row);
}

function deleteSummary(scope: Scope, row: Row): void {
  scope.database.run('DELETE FROM summaries WHERE key = ?', integerOf(row, 'key'));
  bury(scope, 'summary', textOf(row, 'id'));
}
