import type { RecallMessage, Thread } from '../../../core/recall/rank';
import { mayBeTalk } from '../../../core/recall/talk';
import { calledText, isUnanswered, type Message } from '../../../core/message';
import { messageOfBody, turnBodyOf } from './bodies';
import { integerOf, textOf, type Row } from './database';
import { messageRows, messagesPerTurn, placeOf } from './messageRows';
import type { Scope } from './scope';

/** A message with where it is stored. What is read of it here is not checked: see soundTurnOf. */
export interface StoredMessage extends RecallMessage {
  readonly turn: TurnPlace & { readonly unanswered: boolean };
  readonly place: number;
}

export interface TurnPlace {
  readonly key: number;
  readonly workspace: number;
  readonly id: string;
  readonly session: number;
  readonly position: number;
}

/** So many turns on either side of a candidate are read, where people talk: there a turn is a single message. */
const nearTurns = 2;

/**
 * The candidates' turns, and where people talk those beside them unless they are read `apart`, as threads; those of other
 * workspaces if asked for.
 */
export function threadsAround(
  scope: Scope,
  keys: readonly number[],
  { everywhere = false, apart = false }: { readonly everywhere?: boolean; readonly apart?: boolean } = {},
): readonly Thread<StoredMessage>[] {
  const turns = new TurnReader(scope, everywhere);
  const found = new Map<number, ReadTurn>();
  for (const key of new Set(keys.map((one) => Math.floor(one / messagesPerTurn)))) {
    const turn = turns.byKey(key);
    if (!turn) continue;
    found.set(key, turn);
    if (apart || !mayBeTalk(turn.messages)) continue;
    for (const near of turns.around(turn)) found.set(near.key, near);
  }
  const ordered = [...found.values()].sort((a, b) => a.session - b.session || a.position - b.position);
  const threads: { session: number; messages: StoredMessage[]; last: number }[] = [];
  for (const { session, position, messages } of ordered) {
    const thread = threads.at(-1);
    // Deleted turns between two do not matter.
    if (thread?.session === session && position - thread.last <= nearTurns) {
      thread.messages.push(...messages);
      thread.last = position;
    } else threads.push({ session, messages: [...messages], last: position });
  }
  return threads;
}

interface ReadTurn extends TurnPlace {
  readonly messages: readonly StoredMessage[];
}

/** Reads each turn once. */
class TurnReader {
  readonly #scope: Scope;
  readonly #everywhere: boolean;
  readonly #read = new Map<number, ReadTurn>();

  constructor(scope: Scope, everywhere: boolean) {
    this.#scope = scope;
    this.#everywhere = everywhere;
  }

  byKey(key: number): ReadTurn | undefined {
    const known = this.#read.get(key);
    if (known) return known;
    const { database, workspace } = this.#scope;
    const row = database.get(
      `SELECT key, workspace, id, session, position, status FROM turns WHERE key = ? AND status <> 'running'`,
      key,
    );
    const isWanted = row && (this.#everywhere || integerOf(row, 'workspace') === workspace);
    return isWanted ? this.#readTurn(row) : undefined;
  }

  around({ session, position }: TurnPlace): readonly ReadTurn[] {
    return this.#scope.database
      .all(
        `SELECT key, workspace, id, session, position, status FROM turns
         WHERE session = ? AND position BETWEEN ? AND ? AND status <> 'running'`,
        session,
        position - nearTurns,
        position + nearTurns,
      )
      .map((row) => this.#read.get(integerOf(row, 'key')) ?? this.#readTurn(row));
  }

  #readTurn(row: Row): ReadTurn {
    const place = {
      key: integerOf(row, 'key'),
      workspace: integerOf(row, 'workspace'),
      id: textOf(row, 'id'),
      session: integerOf(row, 'session'),
      position: integerOf(row, 'position'),
    };
    let known: number | undefined;
    const time = (): number => (known ??= turnTime(this.#scope, place));
    const read = messageRows(this.#scope.database, place.key).flatMap((message) => {
      const body = messageOfBody(message);
      return body ? [{ body, at: placeOf(message) }] : [];
    });
    const messages = read.map(({ body }) => body);
    const unanswered = isUnanswered({ status: textOf(row, 'status'), messages });
    const of = { ...place, unanswered };
    const turn = { ...place, messages: read.map(({ body, at }) => storedMessage(of, body, at, time)) };
    this.#read.set(place.key, turn);
    return turn;
  }
}

/** @param time of the turn: of a message that tells none of its own */
function storedMessage(
  turn: StoredMessage['turn'],
  message: Message,
  place: number,
  time: () => number,
): StoredMessage {
  const { role, content, name, createdAt } = message;
  return {
    role,
    ...(name !== undefined && { name }),
    text: content,
    extra: calledText(message),
    at: createdAt === undefined ? time() : Date.parse(createdAt),
    turn,
    place,
  };
}

function turnTime({ database }: Scope, { key }: TurnPlace): number {
  const row = database.get('SELECT body FROM turns WHERE key = ?', key);
  return Date.parse((row && turnBodyOf(row)?.createdAt) ?? '');
}
