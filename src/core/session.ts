import type { LoopEvent } from './agentLoop';
import type { SentContext } from './context/sentContext';
import { SessionRequests } from './context/sessionRequests';
import { TurnRequests } from './context/turnRequests';
import { SessionContext, type ContextParts } from './context/sessionContext';
import { HistoryError, InputError, reasonOf } from './errors';
import type { SendOptions, SessionDependencies } from './sessionDependencies';
import { SessionEntry } from './sessionEntry';
import { changeOf } from './changeOf';
import type { SessionSummary, TurnPage } from './historyLog';
import type { LiveTurn, SessionEvent } from './liveTurn';
import { linkAbort } from './linkAbort';
import { messageId, type Message } from './message';
import { Compaction } from './memory/compaction';
import { asStored, leaseMs, reservePlace, type ReservedPlace } from './turnPlace';
import { requireSamePrompt } from './samePrompt';
import { runTurn, windowClosed } from './turnRun';
import { isOutage, UnsavedTurns } from './unsavedTurns';

/**
 * A conversation of a workspace: queues prompts, runs one at a time, keeps every turn in the log. A turn is shown as
 * done only once its commit is on disk.
 */
export class Session {
  readonly id: string;
  /** What its requests carry. */
  readonly requests: SessionRequests;
  /** Summaries in place of the oldest turns. */
  readonly compaction: Compaction;
  readonly #deps: SessionDependencies;
  readonly #entry: SessionEntry;
  readonly #context: SessionContext;
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  readonly #live = new Map<
    string,
    {
      turn: LiveTurn;
      readonly abort: AbortController;
      result: Promise<LiveTurn>;
      sent?: () => SentContext | undefined;
    }
  >();
  readonly #unsaved: UnsavedTurns;
  #queue: Promise<unknown> = Promise.resolve();

  /** @param summary left out for a session that is to be created with its first prompt */
  constructor(id: string, deps: SessionDependencies, summary?: SessionSummary) {
    this.id = id;
    this.#deps = deps;
    this.#entry = new SessionEntry(
      id,
      { ...deps, changed: () => this.#emit({ type: 'session-change', sessionId: id }) },
      summary,
    );
    this.#context = new SessionContext(id, {
      ...deps,
      counted: () => this.#emit({ type: 'tokens-counted' }),
    });
    this.requests = new SessionRequests(id, {
      ...deps,
      entry: this.#entry,
      context: this.#context,
      unsaved: (turns) => this.#unsaved.after(turns),
      settled: () => this.settled().then(() => undefined),
      refresh: () => this.refresh(),
    });
    this.compaction = new Compaction({
      ...deps,
      session: this.requests,
      settings: () => deps.settings().compaction,
      counter: () => deps.settings().counter,
      changed: (state) => this.#emit({ type: 'compaction-change', state }),
    });
    this.#unsaved = new UnsavedTurns({
      ...deps,
      leaseMs,
      prepare: async () => {
        await this.refresh();
        return (await this.#entry.create()).length;
      },
      begun: async ({ createdAt, messages }) => {
        // Masked as a whole: a title is a part of the prompt, which may cut a secret beyond recognition.
        const prompt = await deps.masking.text(messages[0]?.content ?? '');
        await this.#entry.grown(createdAt, prompt);
      },
      dropped: (turn) => {
        this.#live.delete(turn.id);
        this.#emit({ type: 'session-change', sessionId: id });
      },
      saved: (turn) => {
        this.#live.delete(turn.id);
        this.#emit({ type: 'turn-change', turn });
        void this.refresh().catch(() => undefined);
      },
    });
  }

  get title(): string {
    return this.#entry.title;
  }

  /** As last read; undefined before the first prompt. */
  get summary(): SessionSummary | undefined {
    return this.#entry.summary;
  }

  /** Turns that are queued, running, or ended without having reached the disk, in order. */
  get live(): readonly LiveTurn[] {
    return [...this.#live.values()].map(({ turn }) => turn);
  }

  /** One of them, with what its requests carry so far. */
  liveTurn(turnId: string): { readonly turn: LiveTurn; readonly sent?: SentContext } | undefined {
    const live = this.#live.get(turnId);
    const sent = live?.sent?.();
    return live && { turn: live.turn, ...(sent && { sent }) };
  }

  onEvent(listener: (event: SessionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Queues a prompt. Resolves with the ended turn, be it complete, stopped or failed.
   * @throws InputError where the prompt is refused, HistoryError where its place is (`stale`, `busy`), or where its id
   * is another prompt's (`exists`): then nothing is stored and no model was called
   */
  async send(prompt: string, options: SendOptions = {}): Promise<LiveTurn> {
    this.#checkPrompt(prompt);
    const turnId = options.turnId ?? this.#deps.newId();
    const known = this.#live.get(turnId);
    if (known) {
      await requireSamePrompt(known.turn, prompt, this.#deps.masking);
      return known.result;
    }
    const createdAt = this.#deps.clock().toISOString();
    const message: Message = { id: messageId(turnId, 0), role: 'user', content: prompt, createdAt };
    const turn: LiveTurn = {
      id: turnId,
      sessionId: this.id,
      createdAt,
      status: 'queued',
      saved: true,
      messages: [message],
    };
    const abort = new AbortController();
    const result = this.#queue
      .then(() => this.#run(turn, abort.signal, options))
      .finally(linkAbort(options.signal, abort))
      .then(
        (ended) => {
          if (!this.#unsaved.has(turnId)) this.#live.delete(turnId);
          return ended;
        },
        (error: unknown) => {
          this.#live.delete(turnId);
          throw error;
        },
      );
    this.#queue = result.catch(() => undefined);
    this.#live.set(turnId, { turn, abort, result });
    this.#emit({ type: 'turn-change', turn });
    return result;
  }

  /** Stops a turn, queued or running; all of them where `turnId` is left out. Resolves once they have ended. */
  async stop(turnId?: string): Promise<void> {
    await this.#abort(turnId, new DOMException('Stopped', 'AbortError'));
  }

  async #abort(turnId: string | undefined, why: DOMException): Promise<void> {
    const live = turnId === undefined ? [...this.#live.values()] : [this.#live.get(turnId)];
    for (const entry of live) entry?.abort.abort(why);
    await Promise.allSettled(live.flatMap((entry) => (entry ? [entry.result] : [])));
  }

  /** The session is deleted: stops what runs, and forgets what has not been written. */
  async discard(): Promise<void> {
    this.compaction.cancel();
    this.#unsaved.discard();
    await this.stop();
    this.#unsaved.discard();
    this.#live.clear();
    this.#emit({ type: 'session-change', sessionId: this.id });
  }

  /** Takes out what waits, and what has ended and is not written: they are forgotten, and leave no trace. */
  drop(turnIds: readonly string[]): void {
    this.#unsaved.discard(turnIds);
    for (const { turn, abort } of [...this.#live.values()]) {
      if (!turnIds.includes(turn.id) || (turn.saved && turn.status !== 'queued')) continue;
      abort.abort(new DOMException('Forgotten', 'AbortError'));
      this.#live.delete(turn.id);
    }
    this.#emit({ type: 'session-change', sessionId: this.id });
  }

  /** Takes over turns that an earlier window could not write: they are written as soon as that works. */
  restore(turns: readonly LiveTurn[]): void {
    for (const turn of turns.filter(({ id }) => !this.#live.has(id))) {
      this.#live.set(turn.id, { turn, abort: new AbortController(), result: Promise.resolve(turn) });
      this.#unsaved.add(turn);
      this.#emit({ type: 'turn-change', turn });
    }
    void this.#unsaved.flush().catch(() => undefined);
  }

  /** The window closes: what runs is interrupted, and what is not saved tried once more. */
  async close(): Promise<void> {
    this.compaction.cancel();
    await this.#abort(undefined, windowClosed());
    await this.#unsaved.flush().catch(() => undefined);
    this.#unsaved.dispose();
  }

  /** Resolves once nothing runs or waits. */
  settled(): Promise<unknown> {
    return this.#queue;
  }

  /** The newest turns, or those before the turn `before`, oldest first. The running one may be among them. */
  async page(limit: number, before?: string): Promise<TurnPage> {
    if (!this.#entry.summary) return { turns: [], more: false };
    const turn = before === undefined ? undefined : await this.#deps.log.turn(before);
    return this.#deps.log.turns(this.id, { limit, ...(turn && { before: turn.position }) });
  }

  /** The prompt of a turn of this session; undefined where there is none. */
  async promptOf(turnId: string): Promise<string | undefined> {
    const turn = this.#live.get(turnId)?.turn ?? (await this.#deps.log.turn(turnId));
    return turn?.messages.find((message) => message.role === 'user')?.content;
  }

  /** What the conversation consists of, system messages aside: every ended turn's messages, in order. */
  async history(): Promise<readonly Message[]> {
    if (!this.#entry.summary) return [];
    const { sessions } = await this.#deps.log.dump(this.id);
    return sessions.flatMap((session) => session.turns).flatMap((turn) => turn.messages);
  }

  /** Reads the session again, after another window or an import changed it. @returns false if it was deleted */
  refresh(): Promise<boolean> {
    this.#context.forget();
    return this.#entry.refresh();
  }

  rename(title: string): Promise<void> {
    return this.#entry.rename(title);
  }

  #checkPrompt(prompt: string): void {
    const { maxPromptLength } = this.#deps.settings();
    if (prompt.trim() === '') throw new InputError({ reason: 'empty-prompt' });
    if (prompt.length > maxPromptLength) {
      const message = `The prompt has ${prompt.length} characters; ${maxPromptLength} is the most.`;
      throw new InputError({ reason: 'prompt-too-large', message });
    }
  }

  /** The turn, where it was sent before and has ended. */
  async #ended(turnId: string): Promise<LiveTurn | undefined> {
    if (!this.#entry.summary) return undefined;
    const turn = await this.#deps.log.turn(turnId);
    if (turn && turn.sessionId !== this.id) throw new HistoryError({ reason: 'exists' });
    return turn && turn.status !== 'running' ? { ...turn, saved: true } : undefined;
  }

  async #run(queued: LiveTurn, signal: AbortSignal, options: SendOptions): Promise<LiveTurn> {
    try {
      signal.throwIfAborted();
      const known = await this.#ended(queued.id);
      if (known) {
        await requireSamePrompt(known, queued.messages[0]?.content ?? '', this.#deps.masking);
        this.#change(known);
        return known;
      }
      const { model: chosen } = options;
      const inspected = await this.requests.inspectedAs(queued, options.contextId);
      const { position, parts, place } = await this.#reserve(queued, signal, options);
      const requests = new TurnRequests({ ...this.#deps, context: this.#context, parts, signal, inspected });
      const live = this.#live.get(queued.id);
      if (live) live.sent = () => requests.sent;
      const ended = await runTurn(queued, {
        ...this.#deps,
        place,
        leaseMs,
        signal,
        model: chosen ? () => Promise.resolve(chosen) : this.#deps.model,
        context: (current, settings) => requests.next(current, settings),
        sent: () => requests.sent,
        emit: (turn, event) => this.#change(turn, event),
      });
      if (ended.saved) {
        this.#context.add(asStored(ended, position));
        void this.compaction.turnEnded();
      } else if (isOutage(ended.outage)) this.#unsaved.add(ended);
      // Deleted meanwhile, in another window: it stays deleted.
      else await this.refresh();
      return ended;
    } catch (error) {
      // Refused before it was accepted: it leaves no trace.
      this.#emit({ type: 'session-change', sessionId: this.id });
      throw error;
    }
  }

  /** Reserves the turn's place, before any model call; if need be, once another window's turn has ended. */
  async #reserve(turn: LiveTurn, signal: AbortSignal, options: SendOptions): Promise<Reserved> {
    for (;;) {
      try {
        const parts = await this.requests.parts();
        // Refused now, while nothing is stored, if the prompt cannot fit. What was inspected does.
        if (options.contextId === undefined) this.#context.build(parts, turn.messages);
        const { value: messages } = await this.#deps.masking.messages(turn.messages);
        const stored = { ...turn, messages };
        return { ...(await reservePlace(stored, this.#entry, this.#unsaved, this.#deps)), parts };
      } catch (error) {
        const reason = reasonOf(error);
        if (reason === 'stale' || reason === 'busy' || reason === 'not-found') await this.refresh();
        if (options.wait !== true || (reason !== 'stale' && reason !== 'busy')) throw error;
        if (reason === 'busy') await changeOf(this.#deps.log, this.id, signal);
      }
    }
  }

  #change(turn: LiveTurn, event?: LoopEvent): void {
    const entry = this.#live.get(turn.id);
    if (entry) entry.turn = turn;
    this.#emit(event === undefined ? { type: 'turn-change', turn } : { ...event, turnId: turn.id });
  }

  #emit(event: SessionEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

/** `parts`: as they were before the turn. */
type Reserved = ReservedPlace & { readonly parts: ContextParts };
