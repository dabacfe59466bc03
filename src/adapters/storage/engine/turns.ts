import { HistoryError } from '../../../core/errors';
import type { StoredTurn, TurnPage, TurnStart } from '../../../core/historyLog';
import { interruption, type Message } from '../../../core/message';
import type { HashedContext, HashedText } from '../../../protocol/hashedContext';
import type { FinishOutcome } from '../../../protocol/worker';
import { pairToolCalls } from '../../../core/toolPairs';
import { recencyOf } from '../sessionRules';
import type { Scope } from './scope';
import { hashesIn, keepTexts } from './sentTexts';
import { endOfSession, findSession, touchSession, writeUpdatedAt } from './sessions';
import { deleteSummariesOf } from './summaries';
import { isDeleted } from './tombstones';
import {
  bodyOf,
  corruptTurn,
  findTurn,
  insertTurn,
  isStoredAs,
  rewriteTurn,
  sessionIdOf,
  soundTurnOf,
  toldTurnOf,
  turnRowOf,
  type TurnRow,
} from './turnRows';

export interface BeginRequest {
  readonly turn: TurnStart;
  readonly expectedLength: number;
  readonly owner: string;
  readonly leaseMs: number;
}

/** HistoryLog's `begin`. */
export function beginTurn(scope: Scope, { turn, expectedLength, owner, leaseMs }: BeginRequest): number {
  const leaseUntil = scope.now + leaseMs;
  const known = findTurn(scope, turn.id);
  if (known) return beginAgain(scope, known, { sessionId: turn.sessionId, owner, leaseUntil });
  if (isDeleted(scope, 'turn', turn.id)) {
    throw new HistoryError({ reason: 'exists', message: `The turn ${turn.id} was deleted for good` });
  }
  const session = endOfSession(scope, turn.sessionId);
  makeRoom(scope, session.key);
  if (session.length !== expectedLength) {
    const message = `The session has ${session.length} turns, not ${expectedLength}`;
    throw new HistoryError({ reason: 'stale', message });
  }
  const position = session.nextPosition;
  const { id, createdAt, model, messages } = turn;
  insertTurn(
    scope,
    { session: session.key, sessionId: turn.sessionId, position },
    { id, createdAt, status: 'running', ...(model !== undefined && { model }) },
    messages,
    { owner, leaseUntil },
  );
  append(scope, session.key, new Date(scope.now).toISOString());
  return position;
}

function beginAgain(
  scope: Scope,
  turn: TurnRow,
  run: { readonly sessionId: string; readonly owner: string; readonly leaseUntil: number },
): number {
  const { sessionId, owner, leaseUntil } = run;
  if (turn.status !== 'running' || sessionIdOf(scope, turn.session) !== sessionId) {
    throw new HistoryError({
      reason: 'exists',
      message: `Turn ${turn.id} has ended, or is of another session`,
    });
  }
  if (turn.owner !== owner) {
    throw new HistoryError({ reason: 'busy', message: `Turn ${turn.id} runs in another window` });
  }
  scope.database.run('UPDATE turns SET lease_until = ? WHERE key = ?', leaseUntil, turn.key);
  return turn.position;
}

/** A running turn keeps the session to itself while its lease lasts. */
function makeRoom(scope: Scope, session: number): void {
  const { database, workspace, now } = scope;
  const running = database
    .all(
      `SELECT * FROM turns WHERE workspace = ? AND status = 'running' AND session = ? AND indexed = 0`,
      workspace,
      session,
    )
    .map(turnRowOf);
  for (const turn of running) {
    if (turn.leaseUntil > now) {
      throw new HistoryError({ reason: 'busy', message: `Turn ${turn.id} of the session is running` });
    }
    stopDead(scope, turn);
  }
}

/** A turn more, just now. */
function append({ database }: Scope, session: number, updatedAt: string): void {
  database.run(
    `UPDATE sessions SET length = length + 1, next_position = next_position + 1, updated_at = ?, recency = ?,
     sequence = ? WHERE key = ?`,
    updatedAt,
    recencyOf(updatedAt),
    database.nextSequence(),
    session,
  );
}

/** Appends to, or takes from, a session's count of turns. */
export function lengthen({ database }: Scope, session: number, by: number): void {
  database.run(
    'UPDATE sessions SET length = length + ?, next_position = next_position + ? WHERE key = ?',
    by,
    Math.max(0, by),
    session,
  );
}

export interface ProgressRequest {
  readonly turnId: string;
  readonly owner: string;
  readonly leaseMs: number;
  /** Left out where nothing has changed since the last one. */
  readonly change?: MessageChange;
}

/** The first `keep` messages stay as stored, and are followed by these. */
export interface MessageChange {
  readonly keep: number;
  readonly messages: readonly Message[];
}

/** HistoryLog's `progress`. */
export function saveProgress(scope: Scope, request: ProgressRequest): undefined {
  const { turnId, owner, leaseMs, change } = request;
  const turn = findTurn(scope, turnId);
  if (turn?.status !== 'running' || turn.owner !== owner) throw notRunning(turnId);
  scope.database.run('UPDATE turns SET lease_until = ? WHERE key = ?', scope.now + leaseMs, turn.key);
  if (!change) return;
  rewriteTurn(scope, turn, { ...change, header: bodyOf(turn) });
  touchSession(scope, turn.session);
}

export interface FinishRequest {
  readonly turnId: string;
  readonly owner: string;
  readonly change: MessageChange;
  readonly outcome: FinishOutcome;
  /** Those of the outcome's context that may not be stored yet. */
  readonly texts?: readonly HashedText[];
}

/**
 * HistoryLog's `finish`. A turn that was taken for dead and stopped (a laptop that slept) takes its owner's outcome
 * all the same: what was stopped is a part of it. Summaries of what was stopped say less than there is, and go.
 */
export function finishTurn(scope: Scope, request: FinishRequest): 'texts-needed' | undefined {
  const { turnId, owner, change, outcome, texts = [] } = request;
  const turn = findTurn(scope, turnId);
  if (turn?.owner !== owner) throw notRunning(turnId);
  const { context: sent, ...ended } = outcome;
  const context = sent === undefined ? undefined : (JSON.parse(sent) as HashedContext);
  const { error, ...begun } = bodyOf(turn);
  // What recovering it said is not so: its owner is alive.
  const kept = error && !turn.recovered && { error };
  const header = { ...begun, ...kept, ...ended, ...(context && { context }) };
  if (turn.status !== 'running' && !turn.recovered) {
    if (isStoredAs(scope, turn, header, change)) return undefined;
    throw new HistoryError({ reason: 'exists', message: `Turn ${turnId} has ended otherwise` });
  }
  if (!keepTexts(scope, hashesIn(context), texts)) return 'texts-needed';
  if (turn.recovered) deleteSummariesOf(scope, turn);
  rewriteTurn(scope, turn, { ...change, header, ended: true });
  writeUpdatedAt(scope, turn.session, new Date(scope.now).toISOString());
  return undefined;
}

function notRunning(turnId: string): HistoryError {
  return new HistoryError({ reason: 'not-found', message: `Turn ${turnId} does not run under this owner` });
}

/** No lease is so long: one that ends later was given by a clock that was wrong. */
const longestLeaseMs = 3_600_000;
const leaseIsOver = '(lease_until <= ? OR lease_until > ?)';

/** HistoryLog's `recover`. */
export function recoverTurns(scope: Scope): readonly string[] {
  const { database, workspace, now } = scope;
  const dead = database
    .all(
      `SELECT * FROM turns WHERE workspace = ? AND status = 'running' AND indexed = 0
       AND ${leaseIsOver} ORDER BY key`,
      workspace,
      now,
      now + longestLeaseMs,
    )
    .map(turnRowOf);
  for (const turn of dead) stopDead(scope, turn);
  return dead.map(({ id }) => id);
}

/** Whether `recoverTurns` has something to do: cheaper to ask, as it needs no lock. */
export function hasDeadTurns({ database, workspace, now }: Scope): boolean {
  const row = database.get(
    `SELECT 1 FROM turns WHERE workspace = ? AND status = 'running' AND indexed = 0 AND ${leaseIsOver}`,
    workspace,
    now,
    now + longestLeaseMs,
  );
  return row !== undefined;
}

/** A damaged turn ends too, but stays recognisably damaged. */
function stopDead(scope: Scope, turn: TurnRow): void {
  const sound = soundTurnOf(scope, turn, sessionIdOf(scope, turn.session));
  if (sound) {
    const { messages } = pairToolCalls(sound.messages);
    const keep = messages === sound.messages ? messages.length : 0;
    const header = { ...bodyOf(turn), status: 'stopped' as const, error: interruption };
    rewriteTurn(scope, turn, { keep, messages: messages.slice(keep), header });
  }
  scope.database.run(
    `UPDATE turns SET status = 'stopped', lease_until = NULL, recovered = 1 WHERE key = ?`,
    turn.key,
  );
  touchSession(scope, turn.session);
}

/** HistoryLog's `turns`. */
export function pageOfTurns(
  scope: Scope,
  sessionId: string,
  { before, limit }: { readonly before?: number; readonly limit: number },
): TurnPage {
  const session = findSession(scope, sessionId);
  if (!session) return { turns: [], more: false };
  const rows = scope.database
    .all(
      'SELECT * FROM turns WHERE session = ? AND position < ? ORDER BY position DESC LIMIT ?',
      session.key,
      before ?? Number.MAX_SAFE_INTEGER,
      Math.max(0, limit) + 1,
    )
    .map(turnRowOf);
  const page = rows.slice(0, Math.max(0, limit)).reverse();
  return { ...readTurns(scope, page, sessionId), more: rows.length > page.length };
}

/** What is sound of the session's rows, and what is not. */
export function readTurns(
  scope: Scope,
  rows: readonly TurnRow[],
  sessionId: string,
): Pick<TurnPage, 'turns' | 'corrupt'> {
  const read = rows.map((row) => toldTurnOf(scope, row, sessionId) ?? corruptTurn(row, sessionId));
  const corrupt = read.filter((turn) => !isSound(turn));
  return { turns: read.filter(isSound), ...(corrupt.length > 0 && { corrupt }) };
}

function isSound(turn: object): turn is StoredTurn {
  return 'messages' in turn;
}

/** HistoryLog's `turn`. */
export function readTurn(scope: Scope, turnId: string): StoredTurn | undefined {
  const row = findTurn(scope, turnId);
  if (!row) return undefined;
  const turn = toldTurnOf(scope, row, sessionIdOf(scope, row.session));
  if (!turn) {
    throw new HistoryError({ reason: 'corrupt', message: `What is stored of turn ${turnId} is damaged` });
  }
  return turn;
}
