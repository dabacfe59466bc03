import { beginningOf, type TextFact } from '../../../../core/forgetting/alike';
import type {
  ForgetFactItem,
  ForgetReason,
  ForgetSessionItem,
  ForgetSummaryItem,
  ForgetTurnItem,
} from '../../../../core/forgetting/forgetting';
import type { Message } from '../../../../core/message';
import { factOf, messageOfBody, parsedBody, turnBodyOf } from '../bodies';
import { integerOf, textOf, type Row } from '../database';
import { messageBytes, messageRows } from '../messageRows';
import type { Scope } from '../scope';
import type { StoredSession } from '../sessions';
import { soundSummaryOf } from '../summaries';
import { sessionIdOf, type TurnRow } from '../turnRows';

/** What can be read of a turn's messages, sound or not: what is damaged is to be forgotten, too. */
export function messagesOf({ database }: Scope, turn: TurnRow): readonly Message[] {
  return messageRows(database, turn.key).flatMap((row) => messageOfBody(row) ?? []);
}

export function isRunning({ status, leaseUntil }: TurnRow, { now }: Scope): boolean {
  return status === 'running' && leaseUntil > now;
}

export function turnItem(scope: Scope, turn: TurnRow, why: ForgetReason): ForgetTurnItem {
  const messages = messagesOf(scope, turn);
  const createdAt: unknown = turnBodyOf(turn.row)?.createdAt;
  return {
    kind: 'turn',
    id: turn.id,
    why,
    sessionId: sessionIdOf(scope, turn.session),
    createdAt: typeof createdAt === 'string' ? createdAt : '',
    beginning: beginningOf(
      messages.find(({ role }) => role === 'user')?.content ?? messages[0]?.content ?? '',
    ),
    messages: messages.length,
    bytes: messageBytes(scope.database, turn.key),
    ...(isRunning(turn, scope) && { running: true as const }),
  };
}

export function sessionItem(
  { database }: Scope,
  { summary }: StoredSession,
  turns: readonly TurnRow[],
): ForgetSessionItem {
  const counted = turns.map((turn) => ({
    messages: messageRows(database, turn.key).length,
    bytes: messageBytes(database, turn.key),
  }));
  return {
    kind: 'session',
    id: summary.id,
    why: 'target',
    createdAt: summary.createdAt,
    beginning: beginningOf(summary.title),
    turns: turns.length,
    messages: counted.reduce((total, { messages }) => total + messages, 0),
    bytes: counted.reduce((total, { bytes }) => total + bytes, 0),
  };
}

export interface FactText extends TextFact {
  readonly createdAt: string;
  readonly bytes: number;
}

/** All of the workspace, newest first; of a damaged one what can be read. */
export function factsIn({ database, workspace }: Scope): readonly FactText[] {
  return database.all('SELECT * FROM facts WHERE workspace = ? ORDER BY key DESC', workspace).map(factText);
}

export function factText(row: Row): FactText {
  const body = textOf(row, 'body');
  const fact = factOf(row);
  const text: unknown = parsedBody(body)?.text;
  const unsound = { text: typeof text === 'string' ? text : '', createdAt: '' };
  return { ...(fact ?? unsound), id: textOf(row, 'id'), bytes: body.length };
}

export function factItem({ id, text, createdAt, bytes }: FactText, why: ForgetReason): ForgetFactItem {
  return { kind: 'fact', id, why, createdAt, beginning: beginningOf(text), bytes };
}

export interface SummaryText {
  readonly item: ForgetSummaryItem;
  readonly text: string;
}

/** All of the workspace; of a damaged one what can be read. */
export function summariesIn(scope: Scope): readonly SummaryText[] {
  const { database, workspace } = scope;
  if (!database.hasSchema(2)) return [];
  return database.all('SELECT * FROM summaries WHERE workspace = ?', workspace).map((row) => {
    const body = textOf(row, 'body');
    const sound = soundSummaryOf(row);
    const text: unknown = sound?.text ?? parsedBody(body)?.text;
    const known = typeof text === 'string' ? text : '';
    const sessionId = sessionIdOf(scope, integerOf(row, 'session'));
    const createdAt = sound?.createdAt ?? '';
    const shown = { beginning: beginningOf(known), bytes: body.length, createdAt, sessionId };
    return { text: known, item: { kind: 'summary', id: textOf(row, 'id'), why: 'target', ...shown } };
  });
}
