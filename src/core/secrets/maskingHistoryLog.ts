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
} from '../historyLog';
import type { Summary } from '../memory/summary';
import type { Usage } from '../message';
import type { Masking } from './masking';
import { mapDump, mapError, mapSentContext } from './storedTexts';

/** A log that no secret reaches: every text is masked before it is handed on. What is read was masked when written. */
export class MaskingHistoryLog implements HistoryLog {
  readonly #log: HistoryLog;
  readonly #masking: Masking;

  constructor(log: HistoryLog, masking: Masking) {
    this.#log = log;
    this.#masking = masking;
  }

  async createSession(session: NewSession): Promise<SessionSummary> {
    return this.#log.createSession({ ...session, title: await this.#masking.text(session.title) });
  }

  async renameSession(sessionId: string, title: string): Promise<SessionSummary> {
    return this.#log.renameSession(sessionId, await this.#masking.text(title));
  }

  async begin(turn: TurnStart, options: BeginOptions): Promise<number> {
    const { value: messages } = await this.#masking.messages(turn.messages);
    return this.#log.begin({ ...turn, messages }, options);
  }

  /** A secret that is only begun is masked, too: what comes next may be the rest of it. */
  async progress(turnId: string, owner: string, progress: TurnProgress): Promise<void> {
    const { value: messages } = await this.#masking.messages(progress.messages, { unfinished: true });
    return this.#log.progress(turnId, owner, { ...progress, messages });
  }

  async finish(turnId: string, owner: string, outcome: TurnOutcome): Promise<void> {
    const { value: messages } = await this.#masking.messages(outcome.messages, {
      unfinished: outcome.status !== 'complete',
    });
    const { value } = await this.#masking.in(outcome, ({ error, context, ...rest }, map) => ({
      ...rest,
      ...(error && { error: mapError(error, map) }),
      ...(context && { context: mapSentContext(context, map) }),
    }));
    return this.#log.finish(turnId, owner, { ...value, messages });
  }

  async putSummary(summary: Summary): Promise<void> {
    return this.#log.putSummary({ ...summary, text: await this.#masking.text(summary.text) });
  }

  async load(dump: HistoryDump, mode: LoadMode): Promise<LoadReport> {
    return this.#log.load((await this.#masking.in(dump, mapDump)).value, mode);
  }

  sessions(): Promise<readonly SessionSummary[]> {
    return this.#log.sessions();
  }

  session(sessionId: string): Promise<SessionSummary | undefined> {
    return this.#log.session(sessionId);
  }

  activeSession(): Promise<string | undefined> {
    return this.#log.activeSession();
  }

  setActiveSession(sessionId: string): Promise<void> {
    return this.#log.setActiveSession(sessionId);
  }

  recover(): Promise<readonly string[]> {
    return this.#log.recover();
  }

  turns(sessionId: string, options: { readonly before?: number; readonly limit: number }): Promise<TurnPage> {
    return this.#log.turns(sessionId, options);
  }

  turn(turnId: string): Promise<StoredTurn | undefined> {
    return this.#log.turn(turnId);
  }

  usage(sessionId: string): Promise<Usage | undefined> {
    return this.#log.usage(sessionId);
  }

  sentContext(turnId: string): ReturnType<HistoryLog['sentContext']> {
    return this.#log.sentContext(turnId);
  }

  pin(turnId: string, pinned: boolean): Promise<void> {
    return this.#log.pin(turnId, pinned);
  }

  pinned(sessionId: string): Promise<readonly StoredTurn[]> {
    return this.#log.pinned(sessionId);
  }

  summaries(sessionId: string): Promise<readonly Summary[]> {
    return this.#log.summaries(sessionId);
  }

  trim(sessionId: string, contextStart: number, contextKept?: readonly number[]): Promise<SessionSummary> {
    return this.#log.trim(sessionId, contextStart, contextKept);
  }

  undoTrim(sessionId: string): Promise<SessionSummary> {
    return this.#log.undoTrim(sessionId);
  }

  deleteTurn(turnId: string): Promise<HistoryCounts> {
    return this.#log.deleteTurn(turnId);
  }

  deleteSession(sessionId: string): Promise<HistoryCounts> {
    return this.#log.deleteSession(sessionId);
  }

  clear(): Promise<HistoryCounts> {
    return this.#log.clear();
  }

  dump(sessionId?: string): Promise<HistoryDump> {
    return this.#log.dump(sessionId);
  }

  onChange(listener: (change: HistoryChange) => void): () => void {
    return this.#log.onChange(listener);
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}
