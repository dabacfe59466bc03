import type { LostTurn, MissingTurns, ReconcileReport, RepairReport, SourceCounts } from './historyDoctor';

/** What the workspace's record brought after a repair. */
export interface ReconciledWorkspace {
  readonly workspaceId: string;
  readonly report: ReconcileReport;
}

/**
 * Repairs one after the other, and the comparisons with records that followed them, as one: a turn that one called lost
 * and a later one brought is not lost. Undefined where nothing was repaired.
 */
export function repairOutcome(
  repairs: readonly RepairReport[],
  reconciled: readonly ReconciledWorkspace[],
): RepairReport | undefined {
  const made = repairs.filter(({ repaired }) => repaired);
  const last = made.at(-1);
  if (!last) return undefined;
  const brought = reconciled.flatMap(({ workspaceId, report }) =>
    report.addedTurns.map((turn) => ({ ...turn, workspaceId })),
  );
  const before = made.slice(0, -1).flatMap(({ fromBackup, fromRecord }) => [fromBackup, fromRecord]);
  const named = made.flatMap(({ lost }) => lost);
  const lost = named.filter(
    (turn, n) =>
      !brought.some((one) => one.id === turn.id && one.workspaceId === turn.workspaceId) &&
      named.findIndex(({ id, workspaceId }) => id === turn.id && workspaceId === turn.workspaceId) === n,
  );
  const unnamed = brought.filter(
    (turn) => !named.some(({ id, workspaceId }) => id === turn.id && workspaceId === turn.workspaceId),
  );
  const countKnown = made.every((one) => one.countKnown);
  const counted = without(together(made.flatMap(({ missing }) => missing)), unnamed);
  const missing = countKnown ? counted : atLeast(counted, reconciled, lost);
  const removed = made.flatMap(({ quarantineRemoved = [] }) => quarantineRemoved);
  return {
    ...last,
    fromLog: sumOf([last.fromLog], before),
    fromBackup: sumOf(made.map(({ fromBackup }) => fromBackup)),
    fromRecord: sumOf([
      ...made.map(({ fromRecord }) => fromRecord),
      ...reconciled.map(({ report }) => report.restored),
    ]),
    lost,
    missing,
    countKnown,
    problems: made.flatMap(({ problems }) => problems),
    ...(removed.length > 0 && { quarantineRemoved: removed }),
  };
}

function sumOf(counts: readonly SourceCounts[], less: readonly SourceCounts[] = []): SourceCounts {
  const sum = (key: keyof SourceCounts): number => {
    const all = counts.reduce((total, one) => total + one[key], 0);
    return Math.max(
      0,
      less.reduce((total, one) => total - one[key], all),
    );
  };
  return { sessions: sum('sessions'), turns: sum('turns'), facts: sum('facts') };
}

/** Each session once. */
function together(missing: readonly MissingTurns[]): readonly MissingTurns[] {
  const sessions = new Map<string, MissingTurns>();
  for (const one of missing) {
    const key = keyOf(one);
    const turns = (sessions.get(key)?.turns ?? 0) + one.turns;
    sessions.set(key, { ...one, turns });
  }
  return [...sessions.values()];
}

function without(
  missing: readonly MissingTurns[],
  found: readonly { readonly workspaceId: string; readonly sessionId: string }[],
): readonly MissingTurns[] {
  return missing.flatMap((one) => {
    const back = found.filter(
      ({ workspaceId, sessionId }) => workspaceId === one.workspaceId && sessionId === one.sessionId,
    );
    const turns = one.turns - back.length;
    return turns > 0 ? [{ ...one, turns }] : [];
  });
}

/** What repairs know, or records where they know more. */
function atLeast(
  counted: readonly MissingTurns[],
  reconciled: readonly ReconciledWorkspace[],
  named: readonly LostTurn[],
): readonly MissingTurns[] {
  const sessions = new Map(counted.map((one) => [keyOf(one), one]));
  for (const one of reconciled.flatMap(({ report }) => report.missing)) {
    const others = named.filter((turn) => turn.sessionId === undefined || turn.sessionId === one.sessionId);
    const turns = one.turns - others.length;
    if (turns > (sessions.get(keyOf(one))?.turns ?? 0)) sessions.set(keyOf(one), { ...one, turns });
  }
  return [...sessions.values()];
}

function keyOf({ workspaceId, sessionId }: MissingTurns): string {
  return JSON.stringify([workspaceId, sessionId]);
}
