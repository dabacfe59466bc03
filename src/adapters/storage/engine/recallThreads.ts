import type { RecallMessage, Thread } from '../../../core/recall/rank';
import { calledText } from '../searchText';
import { messageOfBody, turnBodyOf } from './bodies';
import { integerOf, textOf, type Row } from './database';
import { messageRows, messagesPerTurn, placeOf } from './messageRows';
import type { Scope } from './scope';

/** A message with where it is stored. What is read of it here is not checked: see soundTurnOf. */
export interface StoredMessage extends RecallMessage {
  readonly turn: TurnPlace;
  readonly place: number;
}

export interface TurnPlace {
  readonly key: number;
  readonly id: string;
  readonly session: number;
  readonly position: number;
}

/** So many turns on either side of a candidate are read, where turns are single messages of people. */
const farTurns = 2;

/** The candidates' turns with those beside them, as threads. */
export function threadsAround(scope: Scope, keys: readonly number[]): readonly Thread<StoredMessage>[] {
  const bySession = new Map<number, Map<number, TurnPlace>>();
  const seen = new Set<number>();
  for (const key of keys) {
    const turn = Math.floor(key / messagesPerTurn);
    if (seen.has(turn)) continue;
    seen.add(turn);
    const row = scope.database.get(
      'SELECT session, position FROM turns WHERE key = ? AND workspace = ?',
      turn,
      scope.workspace,
    );
    if (!row) continue;
    const session = integerOf(row, 'session');
    const position = integerOf(row, 'position');
    const turns = bySession.get(session) ?? new Map<number, TurnPlace>();
    bySession.set(session, turns);
    for (const near of turnsBetween(scope, session, position - farTurns, position + farTurns)) {
      turns.set(near.position, near);
    }
  }
  return [...bySession].flatMap(([session, turns]) => threadsOf(scope, session, turns));
}

function turnsBetween({ database }: Scope, session: number, from: number, to: number): readonly TurnPlace[] {
  return database
    .all(
      `SELECT key, id, session, position FROM turns
       WHERE session = ? AND position BETWEEN ? AND ? AND status <> 'running'`,
      session,
      from,
      to,
    )
    .map((row) => ({
      key: integerOf(row, 'key'),
      id: textOf(row, 'id'),
      session: integerOf(row, 'session'),
      position: integerOf(row, 'position'),
    }));
}

/** Turns that follow each other are a thread; deleted ones between them do not matter. */
function threadsOf(
  scope: Scope,
  session: number,
  turns: ReadonlyMap<number, TurnPlace>,
): readonly Thread<StoredMessage>[] {
  const threads: { session: number; messages: StoredMessage[] }[] = [];
  let last = -Infinity;
  for (const turn of [...turns.values()].sort((a, b) => a.position - b.position)) {
    const messages = messageRows(scope.database, turn.key).flatMap((row) => messageIn(scope, turn, row));
    const thread = threads.at(-1);
    if (thread && turn.position - last <= farTurns) thread.messages.push(...messages);
    else threads.push({ session, messages });
    last = turn.position;
  }
  return threads;
}

function messageIn(scope: Scope, turn: TurnPlace, row: Row): readonly StoredMessage[] {
  const message = messageOfBody(row);
  if (!message) return [];
  const { role, content, name, createdAt } = message;
  return [
    {
      role,
      ...(name !== undefined && { name }),
      text: content,
      extra: calledText(message),
      at: createdAt === undefined ? turnTime(scope, turn) : Date.parse(createdAt),
      turn,
      place: placeOf(row),
    },
  ];
}

function turnTime({ database }: Scope, { key }: TurnPlace): number {
  const row = database.get('SELECT body FROM turns WHERE key = ?', key);
  return Date.parse((row && turnBodyOf(row)?.createdAt) ?? '');
}
