import type { ReconcileReport } from '../../core/historyDoctor';
import { mergedFact, type Fact } from '../../core/memory/fact';
import type { Turn } from '../../core/message';
import type { WorkspaceRecord } from '../../protocol/workspaceRecord';

export type RecordTurn = WorkspaceRecord['turns'][number];
export type RecordSession = WorkspaceRecord['sessions'][number];
type Kind = 'session' | 'turn' | 'fact';

/** What the log knows of the workspace, asked only about what the record names. */
export interface LogView {
  readonly logId: string;
  readonly sequence: number;
  /** Whether the workspace has neither history nor deletions here. */
  readonly empty: boolean;
  isDeleted(kind: Kind, id: string): boolean;
  session(id: string): 'missing' | 'damaged' | 'sound';
  fact(id: string): 'missing' | 'damaged' | Fact;
  turn(id: string): 'missing' | 'damaged' | 'running' | Turn;
}

export interface ReconcilePlan {
  readonly relation: ReconcileReport['relation'];
  /** To be added, or put in the place of what is damaged. */
  readonly sessions: readonly RecordSession[];
  /** In the record's order: oldest first within a session. */
  readonly turns: readonly RecordTurn[];
  /** With all texts that either side knows of. Oldest first. */
  readonly facts: readonly Fact[];
  /** What the record knows deleted and the log does not. */
  readonly deletions: readonly { readonly kind: Kind; readonly id: string }[];
}

/**
 * What brings the log up to what the record proves. Of the same log, the log wins but for what it lost: it never drops
 * anything without a tombstone, so what it lacks is lost, and where the record is ahead an older state of a turn is an
 * older state. Of different logs, the union by id. Deleted on either side stays deleted.
 */
export function planReconcile(record: WorkspaceRecord, log: LogView): ReconcilePlan {
  const sameLog = record.logId === log.logId;
  const ahead = sameLog && record.sequence > log.sequence;
  const buried: Readonly<Record<Kind, ReadonlySet<string>>> = {
    session: new Set(record.tombstones.session),
    turn: new Set(record.tombstones.turn),
    fact: new Set(record.tombstones.fact),
  };
  const alive = (kind: Kind, id: string): boolean => !buried[kind].has(id) && !log.isDeleted(kind, id);
  const sessions = record.sessions.filter(({ id }) => alive('session', id) && log.session(id) !== 'sound');
  const turns = record.turns.filter((turn) => {
    if (!alive('turn', turn.id) || !alive('session', turn.sessionId)) return false;
    const known = log.turn(turn.id);
    if (known === 'missing' || known === 'damaged') return true;
    return ahead && (known === 'running' || endedSince(known, turn));
  });
  const facts = record.facts
    .filter(({ id }) => alive('fact', id))
    .flatMap((fact) => {
      const known = log.fact(fact.id);
      if (known === 'missing' || known === 'damaged') return [fact];
      const merged = sameLog && !ahead ? known : mergedFact(known, fact);
      return merged === known ? [] : [merged];
    })
    .reverse();
  const deletions = (['session', 'turn', 'fact'] as const).flatMap((kind) =>
    [...buried[kind]].filter((id) => !log.isDeleted(kind, id)).map((id) => ({ kind, id })),
  );
  const lost = ahead || sessions.length + turns.length + facts.length + deletions.length > 0;
  const relation = sameLog ? (lost ? 'behind' : 'agrees') : log.empty ? 'empty-log' : 'other-log';
  return { relation, sessions, turns, facts, deletions };
}

/** The log's turn was cut off, and the record's has more. */
function endedSince(known: Turn, turn: RecordTurn): boolean {
  return known.status === 'stopped' && turn.status !== 'stopped';
}

export function isNothing({ sessions, turns, facts, deletions }: ReconcilePlan): boolean {
  return sessions.length + turns.length + facts.length + deletions.length === 0;
}
