import type { Fact } from '../../../core/historyLog';
import type { Summary } from '../../../core/memory/summary';
import type { Message } from '../../../core/message';
import type { HashedContext } from '../../../protocol/hashedContext';
import { storedFact, storedHeader, storedMessage, type SessionHeader, type TurnHeader } from '../storedShape';
import { bodyChecksum, sameBytes } from './checksums';
import { bytesOf, textOf, type Row } from './database';

/** What a row's body holds, unchecked; undefined where it is not even an object. */
export function parsedBody(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The body of a row whose checksum holds, which is therefore what was written; else undefined. */
function soundBody(row: Row): unknown {
  const body = textOf(row, 'body');
  return sameBytes(bodyChecksum(body), bytesOf(row, 'checksum')) ? parsedBody(body) : undefined;
}

export function messageOf(row: Row): Message | undefined {
  return soundBody(row) as Message | undefined;
}

/** The message of a row whose checksum is not looked at, if it has the form of one: to be searched, not shown. */
export function messageOfBody(row: Row): Message | undefined {
  const body = parsedBody(textOf(row, 'body'));
  return typeof body?.role === 'string' && typeof body.content === 'string'
    ? (body as unknown as Message)
    : undefined;
}

export function factOf(row: Row): Fact | undefined {
  return soundBody(row) as Fact | undefined;
}

export function sessionHeaderOf(row: Row): SessionHeader | undefined {
  return soundBody(row) as SessionHeader | undefined;
}

export function summaryOf(row: Row): Summary | undefined {
  return soundBody(row) as Summary | undefined;
}

/** A turn's own row: what was sent is for `sentContext` alone, and in no turn that is read. */
export interface TurnBody extends TurnHeader {
  readonly context?: HashedContext;
}

/** The turn's own checksum is checked with its messages. */
export function turnBodyOf(row: Row): TurnBody | undefined {
  return parsedBody(textOf(row, 'body')) as TurnBody | undefined;
}

export function turnBody(header: TurnBody): string {
  const { context } = header;
  return JSON.stringify({ ...storedHeader(header), ...(context && { context }) });
}

export function messageBody(message: Message): string {
  return JSON.stringify(storedMessage(message));
}

export function factBody(fact: Fact): string {
  return JSON.stringify(storedFact(fact));
}
