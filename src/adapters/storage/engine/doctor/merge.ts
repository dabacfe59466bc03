import type { LostTurn, RepairPlan, SourceCounts } from '../../../../core/historyDoctor';
import { mergedFact, type Fact } from '../../../../core/memory/fact';
import { newSessionTitle } from '../../../../core/sessionEntry';
import type { WorkspaceRecord } from '../../../../protocol/workspaceRecord';
import type { HeldSession, HeldSummary, HeldTurn, HeldWorkspace, Holdings } from './holdings';
import { idOf } from './holdings';
import { isGone, lostSummaries, mergeTexts } from './mergeContext';
import { mergeMarks } from './mergeMarks';
import { missingTurns } from './missingTurns';

type HeldFact = Holdings['facts'][number];

export type SourceKind = 'log' | 'backup' | 'record';

export interface Source {
  readonly kind: SourceKind;
  readonly holdings: Holdings;
}

/** Everything that any source has and none knows deleted, and where each came from. */
export interface Merged extends Omit<Holdings, 'damaged' | 'summaryIds' | 'whole'> {
  readonly plan: RepairPlan;
}

/**
 * @param sources in the order of trust: the log, its backups from the newest on, records. Of a turn that several have,
 * the state that was written last counts, as far as the sources are of one log; else the first.
 */
export function merge(sources: readonly Source[]): Merged {
  // Backups carry their log's id in their names as well, and so have it for sure.
  const trusted = [...sources.filter(({ kind }) => kind === 'backup'), ...sources];
  const logId = trusted.map(({ holdings }) => holdings.logId).find((id) => id !== undefined);
  const tombstones = uniqueBy(
    sources.flatMap(({ holdings }) => holdings.tombstones),
    ({ workspaceId, kind, id }) => JSON.stringify([workspaceId, kind, id]),
  );
  const buried = new Set(tombstones.map(({ workspaceId, kind, id }) => kind + idOf(workspaceId, id)));
  const titles = new Map(
    tombstones.flatMap(({ workspaceId, kind, id, sequence }) =>
      kind === 'title' ? [[idOf(workspaceId, id), sequence] as const] : [],
    ),
  );
  /** A title that was deleted since. */
  const withoutOldTitle = (session: HeldSession, kind: SourceKind, sequence: number): HeldSession => {
    const gone = titles.get(idOf(session.workspaceId, session.header.id));
    const last = kind === 'record' ? sequence : session.sequence;
    if (gone === undefined || last >= gone) return session;
    return { ...session, header: { ...session.header, title: newSessionTitle } };
  };
  const sessions = new Pick<HeldSession>();
  const turns = new Pick<HeldTurn>();
  const facts = new Pick<HeldFact>();
  const versions = new Map<string, Fact[]>();
  const summaries = new Pick<HeldSummary>();
  const workspaces = new Map<string, HeldWorkspace>();
  for (const { kind, holdings } of sources) {
    const sameLog = holdings.logId === logId && kind !== 'record';
    for (const session of holdings.sessions) {
      const id = idOf(session.workspaceId, session.header.id);
      if (!buried.has(`session${id}`))
        sessions.offer(id, withoutOldTitle(session, kind, holdings.sequence), kind, sameLog);
    }
    for (const turn of holdings.turns) {
      const id = idOf(turn.workspaceId, turn.header.id);
      const gone = buried.has(`turn${id}`) || buried.has(`session${idOf(turn.workspaceId, turn.sessionId)}`);
      if (!gone) turns.offer(id, turn, kind, sameLog);
    }
    for (const fact of holdings.facts) {
      const id = idOf(fact.workspaceId, fact.fact.id);
      if (buried.has(`fact${id}`)) continue;
      facts.offer(id, fact, kind, sameLog);
      versions.set(id, [...(versions.get(id) ?? []), fact.fact]);
    }
    for (const one of holdings.summaries) {
      if (!isGone(one, buried)) summaries.offer(idOf(one.workspaceId, one.summary.id), one, kind, sameLog);
    }
    for (const [id, held] of holdings.workspaces) workspaces.set(id, together(workspaces.get(id), held));
  }
  const count = (kind: SourceKind): SourceCounts => ({
    sessions: sessions.from(kind),
    turns: turns.from(kind),
    facts: facts.from(kind),
  });
  const lost = uniqueBy(
    sources.flatMap(({ holdings }) => holdings.damaged),
    ({ workspaceId = '', id }) => idOf(workspaceId, id),
  ).filter((turn) => isLost(turn, turns, buried));
  const placed = summaries.values.filter(({ workspaceId, summary }) =>
    sessions.has(idOf(workspaceId, summary.sessionId)),
  );
  const all = sources.map(({ holdings }) => holdings);
  const texts = mergeTexts(all, turns.values);
  const summariesLost = lostSummaries(all, placed, buried);
  return {
    logId,
    sequence: Math.max(0, ...sources.map(({ holdings }) => holdings.sequence)),
    scrubDue: sources.some(({ holdings }) => holdings.scrubDue),
    workspaces,
    sessions: sessions.values,
    turns: texts.turns,
    facts: facts.values.map((held) => withVersions(held, versions)),
    summaries: placed,
    texts: texts.texts,
    marks: mergeMarks(all, { turns: turns.values, facts: facts.values }),
    tombstones,
    plan: {
      fromLog: count('log'),
      fromBackup: count('backup'),
      fromRecord: count('record'),
      lost,
      ...missingTurns(sources, { logId, sessions: sessions.values, turns: turns.values, tombstones, lost }),
      ...(summariesLost > 0 && { lostSummaries: summariesLost }),
      ...(texts.lost > 0 && { lostTexts: texts.lost }),
    },
  };
}

/** Another source may know newer texts of a fact, or earlier ones. */
function withVersions(held: HeldFact, versions: ReadonlyMap<string, readonly Fact[]>): HeldFact {
  const all = versions.get(idOf(held.workspaceId, held.fact.id)) ?? [];
  return { ...held, fact: all.reduce(mergedFact, held.fact) };
}

function isLost(
  { workspaceId = '', id, sessionId }: LostTurn,
  turns: Pick<HeldTurn>,
  buried: ReadonlySet<string>,
): boolean {
  const turn = idOf(workspaceId, id);
  const inDeleted = sessionId !== undefined && buried.has(`session${idOf(workspaceId, sessionId)}`);
  return !turns.has(turn) && !buried.has(`turn${turn}`) && !inDeleted;
}

function together(first: HeldWorkspace | undefined, second: HeldWorkspace): HeldWorkspace {
  const activeSession = first?.activeSession ?? second.activeSession;
  const aliases = [...new Set([...(first?.aliases ?? []), ...second.aliases])];
  return { aliases, ...(activeSession !== undefined && { activeSession }) };
}

function uniqueBy<T>(items: readonly T[], idOfItem: (item: T) => string): readonly T[] {
  const unique = new Map<string, T>();
  for (const item of items) if (!unique.has(idOfItem(item))) unique.set(idOfItem(item), item);
  return [...unique.values()];
}

/** The best of what is offered by id, in the order in which the ids came. */
class Pick<T extends { readonly sequence: number; readonly madeUp?: boolean }> {
  readonly #best = new Map<
    string,
    { readonly item: T; readonly kind: SourceKind; readonly sameLog: boolean }
  >();

  offer(id: string, item: T, kind: SourceKind, sameLog: boolean): void {
    const best = this.#best.get(id);
    const newer = best?.sameLog === true && sameLog && item.sequence > best.item.sequence;
    const better = best?.item.madeUp === true && item.madeUp !== true;
    // What the log has is the log's, though a better state of it may come from elsewhere.
    if (!best || newer || better) this.#best.set(id, { item, kind: better ? best.kind : kind, sameLog });
  }

  has(id: string): boolean {
    return this.#best.has(id);
  }

  get values(): readonly T[] {
    return [...this.#best.values()].map(({ item }) => item);
  }

  from(kind: SourceKind): number {
    return [...this.#best.values()].filter((one) => one.kind === kind).length;
  }
}

export function holdingsOfRecord(record: WorkspaceRecord): Holdings {
  const { workspaceId, sequence, logId, aliases, activeSessionId } = record;
  const placed = { workspaceId, sequence: 0 };
  return {
    logId,
    sequence,
    workspaces: new Map([
      [workspaceId, { aliases, ...(activeSessionId !== undefined && { activeSession: activeSessionId }) }],
    ]),
    sessions: record.sessions.map(({ length, contextStart, updatedAt, ...header }) => ({
      ...placed,
      header,
      updatedAt,
      contextStart,
      undoStarts: [],
      nextPosition: 0,
      length,
    })),
    turns: record.turns.map(({ sessionId, position, messages, ...header }) => ({
      ...placed,
      sessionId,
      position,
      header,
      messages,
      run: { owner: null, leaseUntil: null, recovered: 0 },
    })),
    facts: [...record.facts].reverse().map((fact) => ({ ...placed, fact })),
    tombstones: (['session', 'turn', 'fact'] as const).flatMap((kind) =>
      record.tombstones[kind].map((id) => ({ ...placed, kind, id })),
    ),
    summaries: [],
    texts: [],
    marks: [],
    damaged: [],
    summaryIds: [],
    scrubDue: false,
    whole: { sessions: false, tombstones: false },
  };
}
