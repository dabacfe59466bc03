import type { LostTurn, MissingTurns, RepairPlan } from '../../../../core/historyDoctor';
import type { HeldSession, HeldTurn, Holdings } from './holdings';
import { idOf } from './holdings';
import type { Source } from './merge';

/** What a repair brings, as far as it matters for what it cannot bring. */
interface Brought {
  readonly logId: string | undefined;
  readonly sessions: readonly HeldSession[];
  readonly turns: readonly HeldTurn[];
  readonly tombstones: Holdings['tombstones'];
  readonly lost: readonly LostTurn[];
}

/**
 * The turns that are neither brought nor named, by their sessions' counts. These are known to be the last ones only
 * where the log's own sessions are all there, are those of the newest source, and fit what was found; else there may be
 * more. A session's length is what it has and nothing that was deleted.
 */
export function missingTurns(
  sources: readonly Source[],
  brought: Brought,
): Pick<RepairPlan, 'missing' | 'countKnown'> {
  const ofLog = sources.filter(({ holdings }) => holdings.logId === brought.logId);
  const log = ofLog.find(({ kind }) => kind === 'log')?.holdings;
  const own = new Map(log?.sessions.map((session) => [keyOf(session), session]));
  const turnsIn = groupBy(brought.turns, (turn) => idOf(turn.workspaceId, turn.sessionId));
  const namedIn = groupBy(brought.lost, (turn) => idOf(turn.workspaceId ?? '', turn.sessionId ?? ''));
  const isNewest = ofLog.every(({ holdings }) => holdings.sequence <= (log?.sequence ?? -1));
  const { sessions: sessionsWhole = false, tombstones: tombstonesWhole = false } = log?.whole ?? {};
  const rowsCount = sessionsWhole && isNewest;
  let countKnown = rowsCount && brought.lost.every(({ sessionId }) => sessionId !== undefined);
  const missing: MissingTurns[] = [];
  for (const session of brought.sessions) {
    const { workspaceId, header, madeUp } = session;
    const key = keyOf(session);
    const row = own.get(key);
    const count = rowsCount ? row?.length : countIn(key, ofLog, brought);
    // Of another log, as of another machine's: what it had is not this log's to miss.
    if (count === undefined && madeUp !== true && !row) continue;
    const turns = turnsIn.get(key) ?? [];
    const short = (count ?? 0) - turns.length - (namedIn.get(key)?.length ?? 0);
    const mayHoldDeleted = !tombstonesWhole && row?.length !== row?.nextPosition;
    if (!fits(row, turns) || mayHoldDeleted || short < 0) countKnown = false;
    const title = madeUp !== true && { sessionTitle: header.title };
    if (short > 0) missing.push({ workspaceId, sessionId: header.id, ...title, turns: short });
  }
  return { missing, countKnown };
}

/** The newest that any source has of the session, less what may have been deleted of it since. */
function countIn(
  key: string,
  sources: readonly Source[],
  { tombstones }: Pick<Brought, 'tombstones'>,
): number | undefined {
  const counts = sources.flatMap(({ kind, holdings }) =>
    holdings.sessions
      .filter((session) => session.length !== undefined && keyOf(session) === key)
      .map(({ workspaceId, length = 0, sequence }) => {
        const asOf = kind === 'record' ? holdings.sequence : sequence;
        const since = tombstones.filter((one) => one.workspaceId === workspaceId && one.sequence > asOf);
        return { turns: length - since.filter((one) => one.kind === 'turn').length, asOf };
      }),
  );
  return counts.sort((a, b) => b.asOf - a.asOf)[0]?.turns;
}

/** Whether the session's row can be of after the last change to any of its turns. */
function fits(row: HeldSession | undefined, turns: readonly HeldTurn[]): boolean {
  if (row?.length === undefined || row.length > row.nextPosition) return false;
  return turns.every((turn) => turn.sequence <= row.sequence && turn.position < row.nextPosition);
}

function keyOf({ workspaceId, header }: HeldSession): string {
  return idOf(workspaceId, header.id);
}

function groupBy<T>(items: readonly T[], keyOfItem: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOfItem(item));
    if (group) group.push(item);
    else groups.set(keyOfItem(item), [item]);
  }
  return groups;
}
