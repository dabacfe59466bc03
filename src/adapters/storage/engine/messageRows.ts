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

/** @returns their checksums */
export function insertMessages(
  database: Database,
  turn: number,
  from: number,
  messages: readonly Message[],
): readonly Uint8Array[] {
  if (from + messages.length > messagesPerTurn) {
    const message = `A turn can hold ${messagesPerTurn} messages, not ${from + messages.length}`;
    throw new InputError({ reason: 'invalid-argument', message });
  }
  return messages.map((message, index) => {
    const body = messageBody(message);
    const checksum = bodyChecksum(body);
    database.run(
      'INSERT INTO messages (key, role, checksum, extra, body) VALUES (?, ?, ?, ?, ?)',
      turn * messagesPerTurn + from + index,
      message.role,
      checksum,
      searchableText(storedMessage(message)).extra,
      body,
    );
    return checksum;
  });
}
