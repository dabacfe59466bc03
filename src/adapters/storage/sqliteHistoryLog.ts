import type { SentContext } from '../../core/context/sentContext';
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
import type { Summary } from '../../core/memory/summary';
import type { Usage } from '../../core/message';
import { pairToolCalls } from '../../core/toolPairs';
import type { CallInput, CallOutput, CallType } from '../../protocol/worker';
import type { HashedText } from '../../protocol/hashedContext';
import { SentMessages } from './sentMessages';
import { SentTexts } from './sentTexts';
import { storedContext } from './storedContext';
import type { ScopedClient } from './workspaceClient';

export interface SqliteHistoryLogOptions {
  readonly client: ScopedClient;
  readonly workspaceId: string;
}

/** One workspace's history in the storage worker's database. Closing it leaves the client open. */
export class SqliteHistoryLog implements HistoryLog {
  readonly #client: ScopedClient;
  readonly #workspaceId: string;
  readonly #sent: SentMessages;
  readonly #texts = new SentTexts();
  readonly #subscriptions = new Set<() => void>();

  constructor({ client, workspaceId }: SqliteHistoryLogOptions) {
    this.#client = client;
    this.#workspaceId = workspaceId;
    this.#sent = new SentMessages(() => client.starts);
  }

  sessions(): Promise<readonly SessionSummary[]> {
    return this.#call('session-list', {});
  }

  session(sessionId: string): Promise<SessionSummary | undefined> {
    return this.#call('session-read', { sessionId });
  }

  createSession(session: NewSession): Promise<SessionSummary> {
    return this.#change(session.id, 'session-create', { session });
  }

  renameSession(sessionId: string, title: string): Promise<SessionSummary> {
    return this.#change(sessionId, 'session-rename', { sessionId, title });
  }

  activeSession(): Promise<string | undefined> {
    return this.#call('session-active', {});
  }

  setActiveSession(sessionId: string): Promise<void> {
    return this.#change(sessionId, 'session-activate', { sessionId });
  }

  async begin(turn: TurnStart, options: BeginOptions): Promise<number> {
    const position = await this.#change(turn.sessionId, 'turn-begin', { turn, ...options });
    // Repeated while it runs, it may have more messages than these.
    this.#sent.forget(turn.id);
    return position;
  }

  async progress(turnId: string, owner: string, { messages, leaseMs }: TurnProgress): Promise<void> {
    const change = this.#sent.changeTo(turnId, messages);
    await this.#sent.during(turnId, messages, () =>
      this.#change(undefined, 'turn-progress', { turnId, owner, leaseMs, ...(change && { change }) }),
    );
  }

  async finish(turnId: string, owner: string, outcome: TurnOutcome): Promise<void> {
    const { messages: given, context, ...rest } = outcome;
    const { messages } = pairToolCalls(given);
    const change = this.#sent.changeTo(turnId, messages) ?? { keep: messages.length, messages: [] };
    this.#sent.forget(turnId);
    const sent = context && this.#texts.split(storedContext(context));
    const ended = { ...rest, ...(sent && { context: sent.context }) };
    const call = (texts: readonly HashedText[]) =>
      this.#change(undefined, 'turn-finish', { turnId, owner, change, outcome: ended, texts });
    const texts = sent?.texts ?? [];
    const unsent = this.#texts.unsent(texts);
    // Texts that were stored may have been cleared by another window.
    if ((await call(unsent)) === 'texts-needed') await call(texts);
    this.#texts.stored(texts);
  }

  recover(): Promise<readonly string[]> {
    return this.#change(undefined, 'turn-recover', {});
  }

  turns(sessionId: string, options: { readonly before?: number; readonly limit: number }): Promise<TurnPage> {
    return this.#call('turn-page', { sessionId, ...options });
  }

  turn(turnId: string): Promise<StoredTurn | undefined> {
    return this.#call('turn-read', { turnId });
  }

  sentContext(turnId: string): Promise<SentContext | undefined> {
    return this.#call('turn-context', { turnId });
  }

  pin(turnId: string, pinned: boolean): Promise<void> {
    return this.#change(undefined, 'turn-pin', { turnId, pinned });
  }

  usage(sessionId: string): Promise<Usage | undefined> {
    return this.#call('session-usage', { sessionId });
  }

  async pinned(sessionId: string): Promise<readonly StoredTurn[]> {
    return (await this.#call('turn-pinned', { sessionId })).turns;
  }

  async summaries(sessionId: string): Promise<readonly Summary[]> {
    return (await this.#call('summary-list', { sessionId })).summaries;
  }

  putSummary(summary: Summary): Promise<void> {
    return this.#change(summary.sessionId, 'summary-put', { summary });
  }

  trim(
    sessionId: string,
    contextStart: number,
    contextKept: readonly number[] = [],
  ): Promise<SessionSummary> {
    return this.#change(sessionId, 'session-trim', { sessionId, contextStart, contextKept });
  }

  undoTrim(sessionId: string): Promise<SessionSummary> {
    return this.#change(sessionId, 'session-undo-trim', { sessionId });
  }

  deleteTurn(turnId: string): Promise<HistoryCounts> {
    this.#sent.forget(turnId);
    return this.#change(undefined, 'turn-delete', { turnId });
  }

  deleteSession(sessionId: string): Promise<HistoryCounts> {
    return this.#change(sessionId, 'session-delete', { sessionId });
  }

  clear(): Promise<HistoryCounts> {
    return this.#change(undefined, 'workspace-clear', {});
  }

  dump(sessionId?: string): Promise<HistoryDump> {
    return this.#call('history-dump', sessionId === undefined ? {} : { sessionId });
  }

  load(dump: HistoryDump, mode: LoadMode): Promise<LoadReport> {
    return this.#change(undefined, 'history-load', { dump, mode });
  }

  onChange(listener: (change: HistoryChange) => void): () => void {
    const unsubscribe = this.#client.onChange(this.#workspaceId, ({ sessionId, by, memoryOnly }) =>
      listener({ own: by === this || memoryOnly === true, ...(sessionId !== undefined && { sessionId }) }),
    );
    this.#subscriptions.add(unsubscribe);
    return () => {
      this.#subscriptions.delete(unsubscribe);
      unsubscribe();
    };
  }

  close(): Promise<void> {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#subscriptions.clear();
    return Promise.resolve();
  }

  #call<T extends CallType>(type: T, input: Omit<CallInput<T>, 'workspaceId'>): Promise<CallOutput<T>> {
    const scoped = { ...input, workspaceId: this.#workspaceId };
    // Every call of a log is scoped; the compiler cannot add a property back to a generic Omit.
    return this.#client.call(type, scoped);
  }

  async #change<T extends CallType>(
    sessionId: string | undefined,
    type: T,
    input: Omit<CallInput<T>, 'workspaceId'>,
  ): Promise<CallOutput<T>> {
    const result = await this.#call(type, input);
    const workspaceId = this.#workspaceId;
    this.#client.changed({ workspaceId, by: this, ...(sessionId !== undefined && { sessionId }) });
    return result;
  }
}
