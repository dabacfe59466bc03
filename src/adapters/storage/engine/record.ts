import type { StoredTurn } from '../../../core/historyLog';
import { withoutHistory, type Fact } from '../../../core/memory/fact';
import { recordFormat, type WorkspaceRecord } from '../../../protocol/workspaceRecord';
import { signedRecord } from '../workspaceRecord';
import { integerOf, textOf } from './database';
import { newestFacts } from './factHistory';
import { messageBytes } from './messageRows';
import type { Scope } from './scope';
import { activeSession, listSessions } from './sessions';
import type { BuriedKind } from './tombstones';
import { soundTurnOf, turnRowOf } from './turnRows';

/** More turns than this do not fit anyway. */
const mostTurns = 400;

/** Everything of the workspace, or what is worth most of it, in at most `maxBytes` of JSON. */
export function recordOf(scope: Scope, workspaceId: string, maxBytes: number): WorkspaceRecord {
  const { database, workspace } = scope;
  const active = activeSession(scope);
  const budget = new Budget(maxBytes - 256);
  const base = {
    format: recordFormat,
    workspaceId,
    logId: database.logId,
    sequence: database.sequence,
    savedAt: new Date(scope.now).toISOString(),
    ...(active !== undefined && { activeSessionId: active }),
  } as const;
  budget.take(base);
  const aliases = budget.fit(
    database
      .all('SELECT alias FROM aliases WHERE workspace = ? LIMIT 64', workspace)
      .map((row) => textOf(row, 'alias')),
    maxBytes / 8,
  );
  const pins = budget.fit(pinnedTurns(scope), maxBytes / 16);
  const buried = budget.fit(lastBuried(scope), maxBytes / 4);
  const sessions = budget.fit(
    listSessions(scope, 1000).map(({ trims: _trims, corrupt: _corrupt, ...session }) => session),
    maxBytes / 4,
  );
  const facts = budget.fitFacts(newestFacts(scope, 1000), maxBytes / 4);
  const turns = budget.whole && mayFit(scope) ? newestTurns(scope, undefined, budget.left) : undefined;
  const wholeHistory = budget.whole && turns?.complete === true;
  const kept = wholeHistory
    ? turns.turns
    : newestTurns(scope, active ?? sessions[0]?.id ?? '', budget.left).turns;
  const ofKind = (kind: BuriedKind): string[] =>
    buried.filter((one) => one.kind === kind).map(({ id }) => id);
  return signedRecord({
    ...base,
    aliases,
    tombstones: { session: ofKind('session'), turn: ofKind('turn'), fact: ofKind('fact') },
    sessions,
    facts: facts as WorkspaceRecord['facts'],
    pins,
    turns: kept as WorkspaceRecord['turns'],
    complete: wholeHistory,
  });
}

/** By the sessions' lengths, so that a long history is not even looked at. */
function mayFit({ database, workspace }: Scope): boolean {
  const row = database.get(
    'SELECT coalesce(sum(length), 0) AS turns FROM sessions WHERE workspace = ?',
    workspace,
  );
  return integerOf(row, 'turns') < mostTurns;
}

/** Newest first by session and position, until no more fit. Turns too large to fit at all are passed over. */
function newestTurns(
  scope: Scope,
  sessionId: string | undefined,
  maxBytes: number,
): { readonly turns: readonly StoredTurn[]; readonly complete: boolean } {
  const budget = new Budget(maxBytes);
  const turns: StoredTurn[] = [];
  const rows = turnRows(scope, sessionId);
  for (const { turn, session } of rows) {
    if (messageBytes(scope.database, turn.key) > budget.left) {
      if (sessionId === undefined) return { turns: [], complete: false };
      continue;
    }
    const sound = soundTurnOf(scope, turn, session);
    if (!sound || !budget.take(sound)) continue;
    turns.unshift(sound);
  }
  return { turns, complete: turns.length === rows.length && rows.length < mostTurns };
}

/** Of one session, or of the workspace. */
function turnRows({ database, workspace }: Scope, sessionId: string | undefined) {
  const whose = sessionId === undefined ? 's.workspace = ?' : 's.workspace = ? AND s.id = ?';
  return database
    .all(
      `SELECT t.*, s.id AS session_id FROM sessions s JOIN turns t ON t.session = s.key
       WHERE ${whose} AND t.status <> 'running' ORDER BY t.session DESC, t.position DESC LIMIT ?`,
      workspace,
      ...(sessionId === undefined ? [] : [sessionId]),
      mostTurns,
    )
    .map((row) => ({ turn: turnRowOf(row), session: textOf(row, 'session_id') }));
}

function pinnedTurns({ database, workspace }: Scope): readonly string[] {
  return database
    .all('SELECT id FROM turns WHERE workspace = ? AND pinned = 1 ORDER BY key DESC LIMIT 200', workspace)
    .map((row) => textOf(row, 'id'));
}

function lastBuried({
  database,
  workspace,
}: Scope): readonly { readonly kind: string; readonly id: string }[] {
  return database
    .all(
      `SELECT kind, id FROM tombstones WHERE workspace = ? AND kind IN ('session', 'turn', 'fact')
       ORDER BY sequence DESC LIMIT 1000`,
      workspace,
    )
    .map((row) => ({ kind: textOf(row, 'kind'), id: textOf(row, 'id') }));
}

/** Bytes of JSON that may still be spent. */
class Budget {
  left: number;
  /** Whether everything fitted so far. */
  whole = true;

  constructor(bytes: number) {
    this.left = bytes;
  }

  /** @returns whether it fitted */
  take(item: unknown): boolean {
    const bytes = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (bytes > this.left) return false;
    this.left -= bytes;
    return true;
  }

  /** The first of the items, as many as fit into `share` bytes. */
  fit<T>(items: readonly T[], share: number): T[] {
    const part = new Budget(Math.min(share, this.left));
    const kept: T[] = [];
    for (const item of items) {
      if (!part.take(item)) break;
      kept.push(item);
    }
    this.left -= Math.min(share, this.left) - part.left;
    if (kept.length < items.length) this.whole = false;
    return kept;
  }

  /** What they say now first, then what the newest of them said before. */
  fitFacts(facts: readonly Fact[], share: number): readonly Fact[] {
    const before = this.left;
    const present = this.fit(facts.map(withoutHistory), share);
    const earlier = facts
      .slice(0, present.length)
      .flatMap(({ id, history }) => (history ? [{ id, history }] : []));
    const kept = new Map(
      this.fit(earlier, share - (before - this.left)).map(({ id, history }) => [id, { history }]),
    );
    return present.map((fact) => ({ ...fact, ...kept.get(fact.id) }));
  }
}
