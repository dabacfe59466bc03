import { HistoryError } from '../../core/errors';
import { recalledIn, type SentContext } from '../../core/context/sentContext';
import type { Fact, HistoryChange, SessionDump, SessionSummary, StoredTurn } from '../../core/historyLog';
import type { ForgetSelection } from '../../core/forgetting/forgetting';
import { joinedFact } from '../../core/memory/fact';
import { dumpedSummaries, summaryFrom, type Summary, type SummaryDump } from '../../core/memory/summary';
import { messageIn, type RecallMark } from '../../core/memory/recallMarks';
import { interruption, type Message, type Turn, type TurnStatus } from '../../core/message';
import type { Span } from '../../core/recall/passages';
import { newSessionTitle, titleFrom } from '../../core/sessionEntry';
import { pairToolCalls } from '../../core/toolPairs';
import type { LoadedKind, LoadTarget, Placed } from './loadDump';
import { trimOf, type TrimMark } from './sessionRules';
import { storedFact, storedSession, storedSummary, storedText, type SessionHeader } from './storedShape';

export interface MemoryTurn extends StoredTurn {
  readonly owner?: string;
  readonly leaseUntil: number;
  /** Ended by `recover`, not by its owner. */
  readonly recovered: boolean;
  readonly context?: SentContext;
}

export interface MemorySession extends SessionHeader {
  readonly updatedAt: string;
  /** The trim in force, and those before it. */
  readonly mark: TrimMark;
  readonly undoMarks: readonly TrimMark[];
  readonly nextPosition: number;
  /** By id, in order of position. */
  readonly turns: Map<string, MemoryTurn>;
}

/** Of a message, with its turn, or of a fact. */
export interface MemoryMark {
  readonly messageId?: string;
  readonly turnId?: string;
  readonly factId?: string;
  readonly mark: RecallMark;
  readonly passage?: Span;
  /** A later mark has a larger one. */
  readonly order: number;
}

export interface MemoryState {
  readonly sessions: Map<string, MemorySession>;
  readonly facts: Map<string, Fact>;
  readonly summaries: Map<string, Summary>;
  readonly tombstones: Set<string>;
  /** By what is marked, that marked last at the end. */
  readonly marks: Map<string, MemoryMark>;
  active: string | undefined;
}

/** A workspace's history in memory: what MemoryHistoryLog and MemoryLongTermMemory share. */
export class MemoryHistory implements LoadTarget {
  state: MemoryState = {
    sessions: new Map(),
    facts: new Map(),
    summaries: new Map(),
    tombstones: new Set(),
    marks: new Map(),
    active: undefined,
  };
  readonly #listeners = new Set<(change: HistoryChange) => void>();

  /** @returns unsubscribe */
  onChange(listener: (change: HistoryChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(sessionId?: string): void {
    const change: HistoryChange = { own: true, ...(sessionId !== undefined && { sessionId }) };
    for (const listener of this.#listeners) listener(change);
  }

  /** Nobody listens any more. */
  close(): void {
    this.#listeners.clear();
  }

  session(id: string): MemorySession {
    const session = this.state.sessions.get(id);
    if (!session) throw new HistoryError({ reason: 'not-found', message: `No session ${id}` });
    return session;
  }

  /** In order of position; none of a session that there is not. */
  turnsOf(sessionId: string): readonly MemoryTurn[] {
    return [...(this.state.sessions.get(sessionId)?.turns.values() ?? [])];
  }

  putSessionState(session: MemorySession): SessionSummary {
    this.state.sessions.set(session.id, session);
    return summaryOf(session);
  }

  turn(id: string): MemoryTurn | undefined {
    for (const { turns } of this.state.sessions.values()) {
      const turn = turns.get(id);
      if (turn) return turn;
    }
    return undefined;
  }

  putTurnState(turn: MemoryTurn): void {
    this.session(turn.sessionId).turns.set(turn.id, turn);
  }

  /** Ends a turn whose owner gives no more sign of life. */
  stop(turn: MemoryTurn): void {
    const { messages } = pairToolCalls(turn.messages);
    this.putTurnState({ ...turn, messages, status: 'stopped', error: interruption, recovered: true });
  }

  runningTurns(): readonly MemoryTurn[] {
    return [...this.state.sessions.values()]
      .flatMap(({ turns }) => [...turns.values()])
      .filter(({ status }) => status === 'running');
  }

  /** In the order of what they cover. */
  summariesOf(sessionId: string): readonly Summary[] {
    const all = [...this.state.summaries.values()].filter((one) => one.sessionId === sessionId);
    return all.sort((a, b) => a.from - b.from || a.to - b.to);
  }

  sessionDump(session: MemorySession): SessionDump {
    const turns = [...session.turns.values()].filter(({ status }) => status !== 'running').map(plainTurn);
    const ids = new Set(turns.map(({ id }) => id));
    return { ...dumpHeader(session), turns, ...dumpedSummaries(this.summariesOf(session.id), ids) };
  }

  /** For good, as what they cover is deleted, or becomes another. */
  deleteSummaries(which: (summary: Summary) => boolean): void {
    for (const summary of [...this.state.summaries.values()].filter(which)) {
      this.state.summaries.delete(summary.id);
      this.bury('summary', summary.id);
    }
  }

  deleteSummariesOf(turnId: string): void {
    this.deleteSummaries(({ turnIds }) => turnIds.includes(turnId));
  }

  /** All but sessions. What a title gave way to as its turn went stays. @returns how many messages */
  forget({ turnIds, factIds, summaryIds, titleIds, seenTitles = {} }: ForgetSelection): number {
    const titled = titleIds.flatMap((id) => this.state.sessions.get(id) ?? []);
    const messages = this.deleteTurns(turnIds.flatMap((id) => this.turn(id) ?? []));
    this.deleteFacts(factIds);
    this.deleteSummaries(({ id }) => summaryIds.includes(id));
    for (const { id, title } of titled)
      if ([seenTitles[id] ?? title, this.session(id).title].every((one) => one === title)) this.retitle(id);
    return messages;
  }

  /** For good. @returns how many there were */
  deleteFacts(ids: readonly string[]): number {
    const gone = ids.filter((id) => this.state.facts.delete(id));
    for (const id of gone) this.bury('fact', id);
    return gone.length;
  }

  /** For good. The others keep their positions. @returns how many messages they had */
  deleteTurns(turns: readonly MemoryTurn[]): number {
    for (const { id, sessionId } of turns) {
      this.session(sessionId).turns.delete(id);
      this.deleteSummariesOf(id);
      this.bury('turn', id);
    }
    for (const turn of turns) {
      const { id, title } = this.session(turn.sessionId);
      if (title === titleFrom(turn) && !this.#titlesOf(id).includes(title)) this.retitle(id);
    }
    return messageCount(turns);
  }

  /** The session's title is gone for good: it is called after the first prompt that there is, other than by that title. */
  retitle(id: string): void {
    const session = this.session(id);
    const [title = newSessionTitle] = this.#titlesOf(id).filter((one) => one !== '' && one !== session.title);
    this.putSessionState({ ...session, title });
  }

  #titlesOf(id: string): readonly string[] {
    return this.turnsOf(id).flatMap((turn) => titleFrom(turn) ?? []);
  }

  bury(kind: LoadedKind | 'summary', id: string): void {
    this.state.tombstones.add(`${kind} ${id}`);
    this.#deleteMarks(({ turnId, factId }) => (kind === 'fact' ? factId : kind === 'turn' && turnId) === id);
  }

  #deleteMarks(which: (mark: MemoryMark) => boolean): void {
    for (const [key, mark] of this.state.marks) if (which(mark)) this.state.marks.delete(key);
  }

  /** Before a turn's messages become these: marks of those that are no more, or say something else, go. */
  #keepMarksOf(turn: MemoryTurn, messages: readonly Message[]): void {
    this.#deleteMarks(({ turnId, messageId = '' }) => {
      if (turnId !== turn.id) return false;
      const now = messageIn({ id: turn.id, messages }, messageId);
      return now === undefined || now.content !== messageIn(turn, messageId)?.content;
    });
  }

  isDeleted(kind: LoadedKind | 'summary', id: string): boolean {
    return this.state.tombstones.has(`${kind} ${id}`);
  }

  has(kind: LoadedKind, id: string): boolean {
    if (kind === 'session') return this.state.sessions.has(id);
    return kind === 'turn' ? this.turn(id) !== undefined : this.state.facts.has(id);
  }

  putSession(header: SessionHeader & { readonly updatedAt: string }): Placed {
    const { id, title, createdAt, forkedFrom } = storedSession(header);
    const updatedAt = storedText(header.updatedAt);
    const incoming = { id, title, createdAt, updatedAt, ...(forkedFrom && { forkedFrom }) };
    const known = this.state.sessions.get(id);
    if (known && same(incoming, dumpHeader(known))) return 'kept';
    this.putSessionState({
      ...incoming,
      mark: known?.mark ?? [0],
      undoMarks: known?.undoMarks ?? [],
      nextPosition: known?.nextPosition ?? 0,
      turns: known?.turns ?? new Map<string, MemoryTurn>(),
    });
    return known ? 'updated' : 'added';
  }

  putTurn(sessionId: string, turn: Turn): Placed {
    const known = this.turn(turn.id);
    if (known) {
      if (known.status === 'running' || same(turn, plainTurn(known))) return 'kept';
      const { sessionId: home, position, context } = known;
      const isOther = !same(turn.messages, known.messages);
      if (isOther) {
        this.deleteSummariesOf(turn.id);
        this.#keepMarksOf(known, turn.messages);
      }
      const kept = !isOther && context && { context };
      this.putTurnState({ ...turn, ...kept, sessionId: home, position, leaseUntil: 0, recovered: false });
      return 'updated';
    }
    const session = this.session(sessionId);
    const position = session.nextPosition;
    this.putSessionState({ ...session, nextPosition: position + 1 });
    this.putTurnState({ ...turn, sessionId, position, leaseUntil: 0, recovered: false });
    return 'added';
  }

  putFact(fact: Fact): Placed {
    const known = this.state.facts.get(fact.id);
    const loaded = known ? storedFact(joinedFact(fact, known)) : fact;
    if (known && same(known, loaded)) return 'kept';
    this.state.facts.set(fact.id, loaded);
    return known ? 'updated' : 'added';
  }

  putSummary(sessionId: string, dump: SummaryDump, isKept: boolean): Placed | 'deleted' {
    const { turns } = this.session(sessionId);
    const summary = summaryFrom(dump, sessionId, (id) => {
      const turn = turns.get(storedText(id));
      return turn?.status === 'running' ? undefined : turn?.position;
    });
    const stored = summary && storedSummary(summary);
    const id = storedText(dump.id);
    if (this.isDeleted('summary', id)) return 'deleted';
    const known = this.state.summaries.get(id);
    if (!stored || (known && (isKept || same(known, stored)))) return 'kept';
    this.state.summaries.set(id, stored);
    return known ? 'updated' : 'added';
  }

  /** Undoes everything that `work` did, should it throw. */
  atomically<T>(work: () => T): T {
    const { sessions, facts, summaries, tombstones, marks, active } = this.state;
    const before: MemoryState = {
      sessions: new Map([...sessions].map(([id, s]) => [id, { ...s, turns: new Map(s.turns) }])),
      facts: new Map(facts),
      summaries: new Map(summaries),
      tombstones: new Set(tombstones),
      marks: new Map(marks),
      active,
    };
    try {
      return work();
    } catch (error) {
      this.state = before;
      throw error;
    }
  }
}

export function summaryOf(session: MemorySession): SessionSummary {
  const { mark, undoMarks, turns } = session;
  return { ...dumpHeader(session), length: turns.size, ...trimOf(mark), trims: undoMarks.length };
}

export function dumpHeader(session: MemorySession): SessionHeader & { readonly updatedAt: string } {
  const { id, title, createdAt, updatedAt, forkedFrom } = session;
  return { id, title, createdAt, updatedAt, ...(forkedFrom && { forkedFrom }) };
}

export function storedTurnOf(turn: MemoryTurn): StoredTurn {
  const { sessionId, position, context } = turn;
  return { ...plainTurn(turn), sessionId, position, ...recalledIn(context) };
}

export function plainTurn(turn: MemoryTurn): Turn {
  const { id, createdAt, status, model, usage, pinned, error, messages } = turn;
  return {
    id,
    createdAt,
    status,
    ...(model !== undefined && { model }),
    ...(usage && { usage }),
    ...(pinned && { pinned }),
    ...(error && { error }),
    messages,
  };
}

/** @param context left out: as it is */
export function endedAs(turn: MemoryTurn, ended: Turn, context?: SentContext): boolean {
  return same(plainTurn(turn), ended) && same(turn.context, context ?? turn.context);
}

export type EndedStatus = Exclude<TurnStatus, 'running'>;

/** Both were made in the stored shape, whose fields come in one order. */
function same(left: object | undefined, right: object | undefined): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

export function messageCount(turns: Iterable<{ readonly messages: readonly Message[] }>): number {
  let count = 0;
  for (const { messages } of turns) count += messages.length;
  return count;
}

export function deletedBefore(kind: string, id: string): HistoryError {
  return new HistoryError({ reason: 'exists', message: `The ${kind} ${id} was deleted for good` });
}

export function notRunning(turnId: string): HistoryError {
  return new HistoryError({ reason: 'not-found', message: `Turn ${turnId} does not run under this owner` });
}
