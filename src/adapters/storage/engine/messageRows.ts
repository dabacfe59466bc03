import { InputError } from '../../../core/errors';
import type { Message } from '../../../core/message';
import { searchableText } from '../searchText';
import { storedMessage } from '../storedShape';
import { messageBody } from './bodies';
import { bodyChecksum } from './checksums';
import { bytesOf, integerOf, type Database, type Row } from './database';

/**
 * A message's key is its turn's key and its place in the turn, so a turn's messages lie side by side without an index
 * of their own. Both fit a JavaScript number: 2^20 messages a turn, 2^33 turns.
 */
export const messagesPerTurn = 2 ** 20;

export function placeOf(row: Row): number {
  return integerOf(row, 'key') % messagesPerTurn;
}

/** In order. */
export function messageRows(database: Database, turn: number): readonly Row[] {
  return database.all(
    'SELECT * FROM messages WHERE key >= ? AND key < ? ORDER BY key',
    turn * messagesPerTurn,
    (turn + 1) * messagesPerTurn,
  );
}

/** Of the first `count` messages. */
export function messageChecksums(database: Database, turn: number, count: number): readonly Uint8Array[] {
  return database
    .all(
      'SELECT checksum FROM messages WHERE key >= ? AND key < ? ORDER BY key',
      turn * messagesPerTurn,
      turn * messagesPerTurn + count,
    )
    .map((row) => bytesOf(row, 'checksum'));
}

/** Without reading the messages. */
export function messageBytes(database: Database, turn: number): number {
  const row = database.get(
    'SELECT coalesce(sum(octet_length(body)), 0) AS bytes FROM messages WHERE key >= ? AND key < ?',
    turn * messagesPerTurn,
    (turn + 1) * messagesPerTurn,
  );
  return integerOf(row, 'bytes');
}

/** @returns how many there were */
export function deleteMessages(database: Database, turn: number, from = 0): number {
  return database.run(
    'DELETE FROM messages WHERE key >= ? AND key < ?',
    turn * messagesPerTurn + from,
    (turn + 1) * messagesPerTurn,
  );
}

/** A message as its row holds it. */
export interface MessageRow {
  readonly role: string;
  readonly checksum: Uint8Array;
  readonly extra: string;
  readonly body: string;
}

export function messageRowOf(message: Message): MessageRow {
  const body = messageBody(message);
  const { extra } = searchableText(storedMessage(message));
  return { role: message.role, checksum: bodyChecksum(body), extra, body };
}

export function insertMessages(
  database: Database,
  turn: number,
  from: number,
  messages: readonly MessageRow[],
): void {
  if (from + messages.length > messagesPerTurn) {
    const message = `A turn can hold ${messagesPerTurn} messages, not ${from + messages.length}`;
    throw new InputError({ reason: 'invalid-argument', message });
  }
  messages.forEach(({ role, checksum, extra, body }, index) => {
    database.run(
      'INSERT INTO messages (key, role, checksum, extra, body) VALUES (?, ?, ?, ?, ?)',
      turn * messagesPerTurn + from + index,
      role,
      checksum,
      extra,
      body,
    );
  });
}
