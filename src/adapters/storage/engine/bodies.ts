import { HistoryError } from '../../../core/errors';
import type { Fact } from '../../../core/historyLog';
import type { Message } from '../../../core/message';
import { storedFact, storedMessage, type SessionHeader, type TurnHeader } from '../storedShape';
import { bodyChecksum, sameBytes } from './checksums';
import { bytesOf, textOf, type Row } from './database';

/** What a row's body holds, unchecked. */
export function parsedBody(body: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    throw new HistoryError({ reason: 'corrupt', message: 'A stored row is not JSON', cause });
  }
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** The body of a row whose checksum holds, which is therefore what was written; else undefined. */
function soundBody(row: Row): unknown {
  const body = textOf(row, 'body');
  return sameBytes(bodyChecksum(body), bytesOf(row, 'checksum')) ? parsedBody(body) : undefined;
}

export function messageOf(row: Row): Message | undefined {
  return soundBody(row) as Message | undefined;
}

export function factOf(row: Row): Fact | undefined {
  return soundBody(row) as Fact | undefined;
}

export function sessionHeaderOf(row: Row): SessionHeader | undefined {
  return soundBody(row) as SessionHeader | undefined;
}

/** The turn's own checksum is checked with its messages. */
export function turnHeaderOf(row: Row): TurnHeader {
  return parsedBody(textOf(row, 'body')) as unknown as TurnHeader;
}

export function messageBody(message: Message): string {
  return JSON.stringify(storedMessage(message));
}

export function factBody(fact: Fact): string {
  return JSON.stringify(storedFact(fact));
}
