import { recalledIn } from '../../../core/context/sentContext';
import { HistoryError } from '../../../core/errors';
import type { CorruptTurn, StoredTurn } from '../../../core/historyLog';
import type { Message } from '../../../core/message';
import type { MessageChange } from '../../../protocol/worker';
import { storedHeader } from '../storedShape';
import { messageBody, messageOf, turnBody, turnBodyOf, type TurnBody } from './bodies';
import { bodyChecksum, sameBytes, turnChecksum } from './checksums';
import { bytesOf, integerOf, optionalTextOf, textOf, type Row } from './database';
import {
  deleteMessages,
  insertMessages,
  messageChecksums,
  messageRowOf,
  messageRows,
  messagesPerTurn,
} from './messageRows';
import type { Scope } from './scope';
import { noteTexts } from './sentTexts';

/** A turn's row without its content. */
export interface TurnRow {
  readonly key: number;
  readonly id: string;
  readonly session: number;
  readonly position: number;
  readonly status: string;
  readonly owner: string | undefined;
  readonly leaseUntil: number;
  readonly recovered: boolean;
  readonly indexed: boolean;
  readonly row: Row;
}

export function findTurn({ database, workspace }: Scope, id: string): TurnRow | undefined {
  const row = database.get('SELECT * FROM turns WHERE workspace = ? AND id = ?', workspace, id);
  return row && turnRowOf(row);
}

export function turnRowOf(row: Row): TurnRow {
  return {
    key: integerOf(row, 'key'),
    id: textOf(row, 'id'),
    session: integerOf(row, 'session'),
    position: integerOf(row, 'position'),
    status: textOf(row, 'status'),
    owner: optionalTextOf(row, 'owner'),
    leaseUntil: row.lease_until === null ? 0 : integerOf(row, 'lease_until'),
    recovered: integerOf(row, 'recovered') === 1,
    indexed: integerOf(row, 'indexed') === 1,
    row,
  };
}

export function sessionIdOf({ database }: Scope, session: number): string {
  return textOf(database.get('SELECT id FROM sessions WHERE key = ?', session), 'id');
}

/**
 * The turn as it was written; undefined where what is stored is not what was written.
 * @throws HistoryError `newer-version` where a newer version may have written it in a way of its own
 */
export function soundTurnOf(scope: Scope, turn: TurnRow, sessionId: string): StoredTurn | undefined {
  const { row, position } = turn;
  const rows = messageRows(scope.database, turn.key);
  const messages = rows.map(messageOf);
  const { context: _context, ...header } = turnBodyOf(row) ?? {};
  const checksum = turnChecksum(
    { sessionId, position },
    textOf(row, 'body'),
    rows.map((message) => bytesOf(message, 'checksum')),
  );
  if (
    isHeader(header) &&
    header.status === turn.status &&
    header.id === turn.id &&
    sameBytes(checksum, bytesOf(row, 'checksum')) &&
    messages.every((message) => message !== undefined)
  ) {
    return { ...header, messages, sessionId, position };
  }
  scope.database.checkVersion();
  return undefined;
}

/** As `turn` and `turns` tell it: with how much its first request recalled. */
export function toldTurnOf(scope: Scope, turn: TurnRow, sessionId: string): StoredTurn | undefined {
  const sound = soundTurnOf(scope, turn, sessionId);
  return sound && { ...sound, ...recalledIn(turnBodyOf(turn.row)?.context) };
}

/** @throws HistoryError `corrupt` */
export function bodyOf({ id, row }: TurnRow): TurnBody {
  const body = turnBodyOf(row);
  if (!body)
    throw new HistoryError({ reason: 'corrupt', message: `What is stored of turn ${id} is damaged` });
  return body;
}

function isHeader(header: Partial<TurnBody>): header is TurnBody {
  return header.id !== undefined;
}

/** Whether the turn is as it was written, without reading its messages. */
export function hasSoundRow(scope: Scope, { key, session, position, row }: TurnRow): boolean {
  const place = { sessionId: sessionIdOf(scope, session), position };
  const checksums = messageChecksums(scope.database, key, messagesPerTurn);
  return sameBytes(turnChecksum(place, textOf(row, 'body'), checksums), bytesOf(row, 'checksum'));
}

export function corruptTurn({ id, position }: TurnRow, sessionId: string): CorruptTurn {
  return { id, sessionId, position };
}

export function insertTurn(
  scope: Scope,
  place: { readonly session: number; readonly sessionId: string; readonly position: number },
  header: TurnBody,
  messages: readonly Message[],
  run?: { readonly owner: string; readonly leaseUntil: number },
): number {
  const { database, workspace } = scope;
  const stored = storedHeader(header);
  const body = turnBody(header);
  const rows = messages.map(messageRowOf);
  const key = database.insert(
    `INSERT INTO turns (workspace, id, session, position, sequence, status, owner, lease_until, recovered, indexed,
       pinned, checksum, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?)`,
    workspace,
    stored.id,
    place.session,
    place.position,
    database.nextSequence(),
    stored.status,
    run?.owner ?? null,
    run?.leaseUntil ?? null,
    stored.pinned ? 1 : 0,
    turnChecksum(
      place,
      body,
      rows.map(({ checksum }) => checksum),
    ),
    body,
  );
  insertMessages(database, key, 0, rows);
  return key;
}

export interface TurnChange {
  /** So many of the messages stay as they are. */
  readonly keep: number;
  /** What follows these. */
  readonly messages: readonly Message[];
  /** The turn's new header. */
  readonly header: TurnBody;
  /** Its owner has ended it: it runs no more, and was not recovered. */
  readonly ended?: boolean;
}

/**
 * Before an indexed turn changes or goes. What a damaged one has put into the search index can no longer be told, nor be
 * taken out of it by itself: then all goes, and the rest is indexed anew.
 */
export function unindexTurn(scope: Scope, turn: TurnRow): void {
  if (!turn.indexed) return;
  // All may have gone since the row was read.
  const row = scope.database.get('SELECT indexed FROM turns WHERE key = ?', turn.key);
  if (integerOf(row, 'indexed') === 0) return;
  if (soundTurnOf(scope, turn, sessionIdOf(scope, turn.session)))
    scope.erased.indexed += scope.search.removeTurn(turn.key);
  else scope.search.empty();
}

/** Replaces the turn's header and the messages from `keep` on. A turn in the search index is taken out of it first. */
export function rewriteTurn(
  scope: Scope,
  turn: TurnRow,
  { keep, messages, header, ended }: TurnChange,
): void {
  const { database, workspace } = scope;
  unindexTurn(scope, turn);
  // One that runs has none yet.
  if (turn.status !== 'running') scope.vectors.removeTurn(workspace, turn.key);
  noteTexts(scope, turn);
  const kept = messageChecksums(database, turn.key, keep);
  if (kept.length !== keep) {
    throw new HistoryError({ reason: 'corrupt', message: `Turn ${turn.id} lacks messages it had` });
  }
  deleteMessages(database, turn.key, keep);
  const added = messages.map(messageRowOf);
  insertMessages(database, turn.key, keep, added);
  const checksums = [...kept, ...added.map(({ checksum }) => checksum)];
  writeBody(scope, { ...turn, indexed: false }, header, checksums, ended);
}

/** Replaces the turn's header alone. */
export function rewriteHeader(scope: Scope, turn: TurnRow, header: TurnBody): void {
  writeBody(scope, turn, header, messageChecksums(scope.database, turn.key, messagesPerTurn));
}

function writeBody(
  scope: Scope,
  turn: TurnRow,
  header: TurnBody,
  messages: readonly Uint8Array[],
  ended = false,
): void {
  const { database } = scope;
  const body = turnBody(header);
  const place = { sessionId: sessionIdOf(scope, turn.session), position: turn.position };
  database.run(
    `UPDATE turns SET status = ?, indexed = ?, pinned = ?, checksum = ?, body = ?, sequence = ?
     ${ended ? ', lease_until = NULL, recovered = 0' : ''} WHERE key = ?`,
    header.status,
    turn.indexed ? 1 : 0,
    header.pinned ? 1 : 0,
    turnChecksum(place, body, messages),
    body,
    database.nextSequence(),
    turn.key,
  );
}

/** Whether the turn is stored exactly so: the first `keep` of its messages, followed by these. */
export function isStoredAs(
  scope: Scope,
  turn: TurnRow,
  header: TurnBody,
  { keep, messages }: MessageChange,
): boolean {
  const place = { sessionId: sessionIdOf(scope, turn.session), position: turn.position };
  const kept = messageRows(scope.database, turn.key).slice(0, keep);
  const checksums = [
    ...kept.map((message) => bytesOf(message, 'checksum')),
    ...messages.map((message) => bodyChecksum(messageBody(message))),
  ];
  const wanted = turnChecksum(place, turnBody(header), checksums);
  return (
    sameBytes(wanted, bytesOf(turn.row, 'checksum')) &&
    soundTurnOf(scope, turn, place.sessionId) !== undefined
  );
}
