import type { SentContext } from '../../core/context/sentContext';
import { HistoryError, InputError } from '../../core/errors';
import type {
  BeginOptions,
  HistoryChange,
  HistoryCounts,
  HistoryDump,
  HistoryLog,
  LoadMode,
  LoadReport,
  NewSession,
  SessionSummary,
  StoredTurn,
  TurnOutcome,
  TurnPage,
  TurnProgress,
  TurnStart,
} from '../../core/historyLog';
import type { ForgetSelection } from '../../core/forgetting/forgetting';
import type { Summary } from '../../core/memory/summary';
import type { Usage } from '../../core/message';
import { usageOf } from '../../core/tokens/usage';
import { pairToolCalls } from '../../core/toolPairs';
import { loadDump } from './loadDump';
import {
  deletedBefore,
  endedAs,
  MemoryHistory,
  messageCount,
  notRunning,
  plainTurn,
  storedTurnOf,
  summaryOf,
  type MemorySession,
  type MemoryTurn,
} from './memoryHistory';
import { isSameMark, maxUndo, recencyOf, trimMark } from './sessionRules';
import { storedContext } from './storedContext';
import { storedMessage, storedSession, storedSummary, storedText, storedTurn } from './storedShape';

export interface MemoryHistoryLogOptions {
  /** Shared with MemoryLongTermMemory, whose facts `clear`, `dump` and `load` include. */
  readonly history?: MemoryHistory;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly newId?: () => string;
}

/** A history that is gone with the process, for the strategies `none` and `session`. Writes nothing. */
export class MemoryHistoryLog implements HistoryLog {
  readonly #history: MemoryHistory;
  readonly #now: () => number;
  readonly #newId: () => string;

  constructor({ history, now, newId }: MemoryHistoryLogOptions = {}) {
    this.#history = history ?? new MemoryHistory();
    this.#now = now ?? Date.now;
    this.#newId = newId ?? (() => crypto.randomUUID());
  }

  async sessions(): Promise<readonly SessionSummary[]> {
    const newestFirst = [...this.#history.state.sessions.values()].reverse().map(summaryOf);
    return Promise.resolve(newestFirst.sort((a, b) => recencyOf(b.updatedAt) - recencyOf(a.updatedAt)));
  }

  async session(sessionId: string): Promise<SessionSummary | undefined> {
    const session = this.#history.state.sessions.get(sessionId);
    return Promise.resolve(session && summaryOf(session));
  }

  async createSession(session: NewSession): Promise<SessionSummary> {
    return this.#change(session.id, () => {
      const known = this.#history.state.sessions.get(session.id);
      if (known) return summaryOf(known);
      if (this.#history.isDeleted('session', session.id)) throw deletedBefore('session', session.id);
      return this.#history.putSessionState({
        ...storedSession(session),
        updatedAt: storedText(session.createdAt),
        mark: [0],
        undoMarks: [],
        nextPosition: 0,
        turns: new Map(),
      });
    });
  }

  async renameSession(sessionId: string, title: string): Promise<SessionSummary> {
    return this.#changeSession(sessionId, (session) => ({ ...session, title: storedText(title) }));
  }

  async activeSession(): Promise<string | undefined> {
    return Promise.resolve(this.#history.state.active);
  }

  async setActiveSession(sessionId: string): Promise<void> {
    return this.#change(sessionId, () => {
      this.#history.state.active = this.#history.session(sessionId).id;
    });
  }

  async begin(turn: TurnStart, { expectedLength, owner, leaseMs }: BeginOptions): Promise<number> {
    return this.#change(turn.sessionId, () => {
      const leaseUntil = this.#now() + leaseMs;
      const known = this.#history.turn(turn.id);
      if (known) return this.#beginAgain(known, turn.sessionId, owner, leaseUntil);
      if (this.#history.isDeleted('turn', turn.id)) throw deletedBefore('turn', turn.id);
      const session = this.#history.session(turn.sessionId);
      const running = [...session.turns.values()].filter(({ status }) => status === 'running');
      // A running turn keeps the session to itself while its lease lasts.
      if (running.some((other) => other.leaseUntil > this.#now())) throw new HistoryError({ reason: 'busy' });
      if (session.turns.size !== expectedLength) throw new HistoryError({ reason: 'stale' });
      for (const dead of running) this.#history.stop(dead);
      const position = session.nextPosition;
      const { sessionId, ...start } = turn;
      this.#history.putSessionState({
        ...session,
        updatedAt: new Date(this.#now()).toISOString(),
        nextPosition: position + 1,
      });
      this.#history.putTurnState({
        ...storedTurn({ ...start, status: 'running' }),
        sessionId,
        position,
        owner,
        leaseUntil,
        recovered: false,
      });
      return position;
    });
  }

  #beginAgain(turn: MemoryTurn, sessionId: string, owner: string, leaseUntil: number): number {
    if (turn.status !== 'running' || turn.sessionId !== sessionId)
      throw new HistoryError({ reason: 'exists' });
    if (turn.owner !== owner) throw new HistoryError({ reason: 'busy' });
    this.#history.putTurnState({ ...turn, leaseUntil });
    return turn.position;
  }

  async progress(turnId: string, owner: string, { messages, leaseMs }: TurnProgress): Promise<void> {
    const turn = this.#history.turn(turnId);
    return this.#change(turn?.sessionId, () => {
      if (turn?.status !== 'running' || turn.owner !== owner) throw notRunning(turnId);
      const leaseUntil = this.#now() + leaseMs;
      this.#history.putTurnState({ ...turn, messages: messages.map(storedMessage), leaseUntil });
    });
  }

  async finish(turnId: string, owner: string, outcome: TurnOutcome): Promise<void> {
    const turn = this.#history.turn(turnId);
    return this.#change(turn?.sessionId, () => {
      if (!turn || turn.owner !== owner) throw notRunning(turnId);
      const { messages } = pairToolCalls(outcome.messages);
      const { error, ...begun } = plainTurn(turn);
      // What recovering it said is not so: its owner is alive.
      const kept = error && !turn.recovered && { error };
      const ended = storedTurn({ ...begun, ...kept, ...outcome, messages });
      const context = outcome.context && storedContext(outcome.context);
      if (turn.status !== 'running' && !turn.recovered) {
        if (endedAs(turn, ended, context)) return;
        throw new HistoryError({ reason: 'exists', message: `Turn ${turnId} has ended otherwise` });
      }
      // A summary of what was stopped says less than there is.
      if (turn.recovered) this.#history.deleteSummariesOf(turnId);
      const { error: _, ...rest } = turn;
      this.#history.putTurnState({ ...rest, ...ended, ...(context && { context }), recovered: false });
      const updatedAt = new Date(this.#now()).toISOString();
      this.#history.putSessionState({ ...this.#history.session(turn.sessionId), updatedAt });
    });
  }

  async recover(): Promise<readonly string[]> {
    return this.#change(undefined, () => {
      const dead = this.#history.runningTurns().filter(({ leaseUntil }) => leaseUntil <= this.#now());
      for (const turn of dead) this.#history.stop(turn);
      return dead.map(({ id }) => id);
    });
  }

  async turns(sessionId: string, { before, limit }: { before?: number; limit: number }): Promise<TurnPage> {
    const session = this.#history.state.sessions.get(sessionId);
    const earlier = [...(session?.turns.values() ?? [])].filter(
      ({ position }) => position < (before ?? Infinity),
    );
    const turns = earlier.slice(Math.max(0, earlier.length - limit)).map(storedTurnOf);
    return Promise.resolve({ turns, more: earlier.length > turns.length });
  }

  async turn(turnId: string): Promise<StoredTurn | undefined> {
    const turn = this.#history.turn(turnId);
    return Promise.resolve(turn && storedTurnOf(turn));
  }

  async sentContext(turnId: string): Promise<SentContext | undefined> {
    return Promise.resolve(this.#history.turn(turnId)?.context);
  }

  async pin(turnId: string, pinned: boolean): Promise<void> {
    const turn = this.#history.turn(turnId);
    return this.#change(turn?.sessionId, () => {
      if (!turn) throw new HistoryError({ reason: 'not-found', message: `No turn ${turnId}` });
      this.#refuseRunning(turn);
      const { pinned: _pinned, ...rest } = turn;
      this.#history.putTurnState({ ...rest, ...(pinned && { pinned }) });
    });
  }

  usage(sessionId: string): Promise<Usage | undefined> {
    return Promise.resolve(usageOf(this.#history.turnsOf(sessionId)));
  }

  async pinned(sessionId: string): Promise<readonly StoredTurn[]> {
    const pinned = this.#history
      .turnsOf(sessionId)
      .filter((turn) => turn.pinned === true && turn.status !== 'running');
    return Promise.resolve(pinned.map(storedTurnOf));
  }

  async summaries(sessionId: string): Promise<readonly Summary[]> {
    return Promise.resolve(this.#history.summariesOf(sessionId));
  }

  async putSummary(summary: Summary): Promise<void> {
    return this.#change(summary.sessionId, () => {
      const stored = storedSummary(summary);
      if (this.#history.isDeleted('summary', stored.id)) throw deletedBefore('summary', stored.id);
      const { turns } = this.#history.session(stored.sessionId);
      if (stored.turnIds.length === 0) {
        throw new InputError({ reason: 'invalid-argument', message: 'A summary is of turns' });
      }
      for (const id of stored.turnIds) {
        const status = turns.get(id)?.status;
        if (status === undefined) throw new HistoryError({ reason: 'not-found', message: `No turn ${id}` });
        if (status === 'running') throw new HistoryError({ reason: 'busy' });
      }
      this.#history.state.summaries.set(stored.id, stored);
    });
  }

  async trim(
    sessionId: string,
    contextStart: number,
    contextKept: readonly number[] = [],
  ): Promise<SessionSummary> {
    return this.#changeSession(sessionId, (session) => {
      const mark = trimMark(contextStart, contextKept, session.nextPosition);
      if (isSameMark(mark, session.mark)) return session;
      return { ...session, mark, undoMarks: [...session.undoMarks, session.mark].slice(-maxUndo) };
    });
  }

  async undoTrim(sessionId: string): Promise<SessionSummary> {
    return this.#changeSession(sessionId, (session) => {
      const mark = session.undoMarks.at(-1);
      if (mark === undefined) throw new HistoryError({ reason: 'not-found' });
      return { ...session, mark, undoMarks: session.undoMarks.slice(0, -1) };
    });
  }

  async deleteTurn(turnId: string): Promise<HistoryCounts> {
    const turn = this.#history.turn(turnId);
    return this.#change(turn?.sessionId, () => {
      this.#refuseRunning(turn);
      if (!turn) throw new HistoryError({ reason: 'not-found', message: `No turn ${turnId}` });
      return { sessions: 0, turns: 1, messages: this.#history.deleteTurns([turn]), facts: 0 };
    });
  }

  /** What MemoryForgetting deletes. @returns how many messages */
  async forget(selection: ForgetSelection): Promise<number> {
    return this.#change(undefined, () => {
      for (const id of selection.turnIds) this.#refuseRunning(this.#history.turn(id));
      const gone = selection.sessionIds.flatMap((id) => this.#history.state.sessions.get(id) ?? []);
      return this.#delete(gone).messages + this.#history.forget(selection);
    });
  }

  #refuseRunning(turn: MemoryTurn | undefined): void {
    if (turn?.status === 'running' && turn.leaseUntil > this.#now())
      throw new HistoryError({ reason: 'busy' });
  }

  async deleteSession(sessionId: string): Promise<HistoryCounts> {
    return this.#change(sessionId, () => this.#delete([this.#history.session(sessionId)]));
  }

  async clear(): Promise<HistoryCounts> {
    return this.#change(undefined, () => {
      const { sessions, facts } = this.#history.state;
      const counts = this.#delete([...sessions.values()]);
      return { ...counts, facts: this.#history.deleteFacts([...facts.keys()]) };
    });
  }

  #delete(sessions: readonly MemorySession[]): HistoryCounts {
    const { state } = this.#history;
    const turns = sessions.flatMap((session) => [...session.turns.values()]);
    for (const { id } of turns) this.#history.bury('turn', id);
    for (const { id } of sessions) {
      this.#history.deleteSummaries(({ sessionId }) => sessionId === id);
      this.#history.bury('session', id);
      state.sessions.delete(id);
      if (state.active === id) state.active = undefined;
    }
    return { sessions: sessions.length, turns: turns.length, messages: messageCount(turns), facts: 0 };
  }

  async dump(sessionId?: string): Promise<HistoryDump> {
    const { sessions, facts } = this.#history.state;
    const wanted = sessionId === undefined ? [...sessions.values()] : [this.#history.session(sessionId)];
    return Promise.resolve({
      sessions: wanted.map((session) => this.#history.sessionDump(session)),
      facts: sessionId === undefined ? [...facts.values()] : [],
    });
  }

  async load(dump: HistoryDump, mode: LoadMode): Promise<LoadReport> {
    return this.#change(undefined, () =>
      this.#history.atomically(() => loadDump(this.#history, dump, mode, this.#newId)),
    );
  }

  onChange(listener: (change: HistoryChange) => void): () => void {
    return this.#history.onChange(listener);
  }

  async close(): Promise<void> {
    this.#history.close();
    return Promise.resolve();
  }

  #changeSession(
    sessionId: string,
    change: (session: MemorySession) => MemorySession,
  ): Promise<SessionSummary> {
    return this.#change(sessionId, () =>
      this.#history.putSessionState(change(this.#history.session(sessionId))),
    );
  }

  #change<T>(sessionId: string | undefined, work: () => T): Promise<T> {
    return new Promise((resolve) => {
      resolve(work());
      this.#history.changed(sessionId);
    });
  }
}
