import assert from 'node:assert/strict';
import { HistoryError, type HistoryErrorReason } from '../../src/core/errors';
import type { HistoryLog, SessionDump, TurnOutcome, TurnStart } from '../../src/core/historyLog';
import type { Message, Turn, TurnStatus } from '../../src/core/message';

export interface LogFixture {
  readonly log: HistoryLog;
  /** Moves the clock of leases on. */
  advance(milliseconds: number): void;
  dispose(): Promise<void>;
}

export const startOfTime = Date.parse('2026-03-01T10:00:00.000Z');
export const createdAt = '2026-03-01T10:00:00.000Z';
export const leaseMs = 10_000;
export const owner = 'window-1';

export function rejectsWith(promise: Promise<unknown>, reason: HistoryErrorReason): Promise<void> {
  return assert.rejects(promise, (error) => error instanceof HistoryError && error.reason === reason);
}

export function user(content: string): Message {
  return { role: 'user', content };
}

export function assistant(content: string): Message {
  return { role: 'assistant', content };
}

export const calls: readonly Message[] = [
  user('Add 5 and 10 for me.'),
  {
    role: 'assistant',
    content: '',
    tool_calls: [
      {
        id: 'call-1',
        type: 'function',
        function: { name: 'calculator', arguments: '{"expression":"5+10"}' },
      },
      { id: 'call-2', type: 'function', function: { name: 'now', arguments: 'not json' } },
    ],
  },
  { role: 'tool', content: '15', tool_call_id: 'call-1', name: 'calculator' },
];

export function start(id: string, sessionId = 's1', content = `prompt ${id}`): TurnStart {
  return { id, sessionId, createdAt, messages: [user(content)] };
}

export function complete(id: string, answer = `answer ${id}`): TurnOutcome {
  return { status: 'complete', messages: [user(`prompt ${id}`), assistant(answer)] };
}

export function turn(id: string, more: Partial<Turn> = {}): Turn {
  return {
    id,
    createdAt,
    status: 'complete',
    messages: [user(`prompt ${id}`), assistant(`answer ${id}`)],
    ...more,
  };
}

export function session(id: string, turns: readonly Turn[]): SessionDump {
  return { id, title: `Session ${id}`, createdAt, updatedAt: createdAt, turns };
}

export async function openSession(log: HistoryLog, id = 's1'): Promise<void> {
  await log.createSession({ id, title: `Session ${id}`, createdAt });
}

/** Begins and completes a turn. @returns its position */
export async function append(log: HistoryLog, id: string, sessionId = 's1'): Promise<number> {
  const expectedLength = (await log.session(sessionId))?.length ?? 0;
  const position = await log.begin(start(id, sessionId), { expectedLength, owner, leaseMs });
  await log.finish(id, owner, complete(id));
  return position;
}

export async function turnIds(log: HistoryLog, sessionId = 's1'): Promise<readonly string[]> {
  return (await log.turns(sessionId, { limit: 1000 })).turns.map(({ id }) => id);
}

/** A turn that has ended, at the end of its session. */
export async function appendTurn(
  log: HistoryLog,
  id: string,
  sessionId: string,
  ...messages: readonly Message[]
): Promise<void> {
  const expectedLength = (await log.session(sessionId))?.length ?? 0;
  const options = { expectedLength, owner, leaseMs };
  await log.begin({ id, sessionId, createdAt, messages: messages.slice(0, 1) }, options);
  await log.finish(id, owner, { status: 'complete', messages });
}

/** A turn as somebody tells of it. */
export interface Told {
  readonly at: string;
  readonly messages: readonly Message[];
  readonly status?: TurnStatus;
}

/** A session of these turns, named by their places in it: `s.0`, `s.1`, … */
export async function tellSession(log: HistoryLog, id: string, turns: readonly Told[]): Promise<void> {
  const at = turns[0]?.at ?? '';
  const session: SessionDump = {
    id,
    title: id,
    createdAt: at,
    updatedAt: at,
    turns: turns.map((told, index) => ({
      id: `${id}.${index}`,
      createdAt: told.at,
      status: told.status ?? 'complete',
      messages: told.messages,
    })),
  };
  await log.load({ sessions: [session], facts: [] }, 'update');
}
