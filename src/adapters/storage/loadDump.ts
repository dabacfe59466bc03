import { InputError } from '../../core/errors';
import type {
  Fact,
  HistoryCounts,
  HistoryDump,
  LoadMode,
  LoadReport,
  SessionDump,
} from '../../core/historyLog';
import type { SummaryDump } from '../../core/memory/summary';
import { messageId, type Turn } from '../../core/message';
import { pairToolCalls } from '../../core/toolPairs';
import { storedFact, storedText, storedTurn } from './storedShape';

/** `kept`: it was stored alike already, or runs right now and is left alone. */
export type Placed = 'added' | 'updated' | 'kept';

export type LoadedKind = 'session' | 'turn' | 'fact';

/** What loading needs of a log. */
export interface LoadTarget {
  isDeleted(kind: LoadedKind, id: string): boolean;
  has(kind: LoadedKind, id: string): boolean;
  putSession(session: Omit<SessionDump, 'turns'>): Placed;
  /** A turn that is stored stays where it is; a new one becomes the session's last. */
  putTurn(sessionId: string, turn: Turn): Placed;
  putFact(fact: Fact): Placed;
  /** Leaves it out (`kept`) where one of its turns is not in the session or still runs, or where it was deleted. */
  putSummary(sessionId: string, summary: SummaryDump, isKept: boolean): Placed | 'deleted';
}

/** Loads `dump` by the rules of LoadMode. The caller makes it all or nothing. */
export function loadDump(
  target: LoadTarget,
  dump: HistoryDump,
  mode: LoadMode,
  newId: () => string,
): LoadReport {
  refuseTwins(dump);
  const { sessions, facts } = mode === 'copy' ? copyOf(dump, newId) : dump;
  const report = {
    added: new Counter(),
    updated: new Counter(),
    kept: new Counter(),
    deleted: new Counter(),
  };
  const summaries = { added: 0, updated: 0, kept: 0, deleted: 0 };
  const sessionIds: string[] = [];
  const place = (kind: LoadedKind, id: string, put: () => Placed): keyof typeof report => {
    if (target.isDeleted(kind, id)) return 'deleted';
    return mode === 'skip' && target.has(kind, id) ? 'kept' : put();
  };
  for (const session of sessions) {
    const placed = place('session', session.id, () => target.putSession(session));
    report[placed].sessions += 1;
    if (placed !== 'deleted') sessionIds.push(session.id);
    for (const turn of session.turns.map(soundTurn)) {
      const turnPlaced =
        placed === 'deleted' ? placed : place('turn', turn.id, () => target.putTurn(session.id, turn));
      report[turnPlaced].turns += 1;
      report[turnPlaced].messages += turn.messages.length;
    }
    for (const summary of session.summaries ?? []) {
      const isKept = mode === 'skip';
      summaries[placed === 'deleted' ? placed : target.putSummary(session.id, summary, isKept)] += 1;
    }
  }
  for (const fact of facts.map(storedFact)) {
    report[place('fact', fact.id, () => target.putFact(fact))].facts += 1;
  }
  const { added, updated, kept, deleted } = report;
  return {
    added: added.counts,
    updated: updated.counts,
    skipped: kept.counts,
    deleted: deleted.counts,
    summaries: {
      added: summaries.added,
      updated: summaries.updated,
      skipped: summaries.kept,
      deleted: summaries.deleted,
    },
    sessionIds,
  };
}

/** What comes from outside has ended, and its tool calls have their results. */
export function soundTurn(turn: Turn): Turn {
  const { messages, orphans } = pairToolCalls(turn.messages);
  if (orphans.length > 0) {
    const message = `Turn ${turn.id}: message ${orphans[0] ?? 0} is the result of a tool call that is not there.`;
    throw new InputError({ reason: 'not-an-export', message });
  }
  return storedTurn({ ...turn, messages, status: turn.status === 'running' ? 'stopped' : turn.status });
}

/** Two of one id would overwrite each other. Halves of a surrogate pair are alike once they are stored. */
function refuseTwins({ sessions, facts }: HistoryDump): void {
  const kinds = {
    sessions: sessions.map(({ id }) => id),
    turns: sessions.flatMap(({ turns }) => turns.map(({ id }) => id)),
    summaries: sessions.flatMap(({ summaries = [] }) => summaries.map(({ id }) => id)),
    facts: facts.map(({ id }) => id),
  };
  for (const [kind, ids] of Object.entries(kinds)) {
    if (new Set(ids.map(storedText)).size === ids.length) continue;
    throw new InputError({ reason: 'not-an-export', message: `Two of its ${kind} have the same id.` });
  }
}

class Counter {
  sessions = 0;
  turns = 0;
  messages = 0;
  facts = 0;
  get counts(): HistoryCounts {
    const { sessions, turns, messages, facts } = this;
    return { sessions, turns, messages, facts };
  }
}

/** The same under new ids. Origins that lie outside the dump stay as they are. */
export function copyOf(dump: HistoryDump, newId: () => string): HistoryDump {
  const sessionIds = new Map(dump.sessions.map(({ id }) => [id, newId()]));
  const turnIds = new Map(dump.sessions.flatMap(({ turns }) => turns).map(({ id }) => [id, newId()]));
  const summaryIds = new Map(
    dump.sessions.flatMap(({ summaries = [] }) => summaries).map(({ id }) => [id, newId()]),
  );
  const origin = ({ sessionId, turnId }: { sessionId: string; turnId: string }) => ({
    sessionId: sessionIds.get(sessionId) ?? sessionId,
    turnId: turnIds.get(turnId) ?? turnId,
  });
  return {
    sessions: dump.sessions.map((session) => ({
      ...session,
      id: sessionIds.get(session.id) ?? session.id,
      ...(session.forkedFrom && { forkedFrom: origin(session.forkedFrom) }),
      turns: session.turns.map((turn) => copiedTurn(turn, turnIds.get(turn.id) ?? turn.id)),
      ...(session.summaries && {
        summaries: session.summaries.map((summary) => ({
          ...summary,
          id: summaryIds.get(summary.id) ?? summary.id,
          turnIds: summary.turnIds.map((id) => turnIds.get(id) ?? id),
          ...(summary.replaces && { replaces: summary.replaces.map((id) => summaryIds.get(id) ?? id) }),
        })),
      }),
    })),
    facts: dump.facts.map((fact) => ({
      ...fact,
      id: newId(),
      ...(fact.source && { source: origin(fact.source) }),
      ...(fact.history && {
        history: fact.history.map((version) => ({
          ...version,
          ...(version.source && { source: origin(version.source) }),
        })),
      }),
    })),
  };
}

function copiedTurn(turn: Turn, id: string): Turn {
  const messages = turn.messages.map((message, index) =>
    message.id === undefined ? message : { ...message, id: messageId(id, index) },
  );
  return { ...turn, id, messages };
}
