import type { LoopEvent } from './agentLoop';
import type { ChatModel } from './chatModel';
import type { Context, ContextBuilder } from './contextBuilder';
import { InputError, reasonOf } from './errors';
import type { HistoryLog, SessionSummary, StoredTurn, TurnPage, TurnStart } from './historyLog';
import type { LiveTurn, SessionEvent } from './liveTurn';
import { messageId, type Message, type TurnError } from './message';
import { SessionWindow } from './sessionWindow';
import type { ToolRegistry } from './tools/toolRegistry';
import { runTurn } from './turnRun';

export interface SessionDependencies {
  readonly log: HistoryLog;
  readonly tools: ToolRegistry;
  readonly context: ContextBuilder;
  /** The model that answers where a prompt names none. */
  readonly model: () => Promise<ChatModel>;
  readonly settings: () => SessionSettings;
  readonly clock: () => Date;
  readonly newId: () => string;
  /** Who runs the turns: one id per extension host. */
  readonly owner: string;
  /** The words for an error that ends a turn. */
  readonly describe: (error: unknown) => TurnError;
}

export interface SessionSettings {
  readonly maxTokens: number;
  readonly stepLimit: number;
  readonly instructions: readonly { readonly text: string; readonly reason: string }[];
  /** The longest prompt that is accepted, in characters. */
  readonly maxPromptLength: number;
}

export interface SendOptions {
  /** Minted by the sender, so that sending twice is one turn. */
  readonly turnId?: string;
  readonly model?: ChatModel;
  readonly signal?: AbortSignal;
}

/** Renewed at a third of it. A turn without a sign of life for so long is taken for dead. */
const leaseMs = 30_000;
export const newSessionTitle = 'New session';

/**
 * A conversation of a workspace: queues prompts, runs one at a time, keeps every turn in the log. A turn is shown as
 * done only once its commit is on disk.
 */
export class Session {
  readonly id: string;
  readonly #deps: SessionDependencies;
  readonly #window: SessionWindow;
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  readonly #live = new Map<
    string,
    { turn: LiveTurn; readonly abort: AbortController; result: Promise<LiveTurn> }
  >();
  #queue: Promise<unknown> = Promise.resolve();
  #summary: SessionSummary | undefined;
  #title: string;

  /** @param summary left out for a session that is to be created with its first prompt */
  constructor(id: string, deps: SessionDependencies, summary?: SessionSummary) {
    this.id = id;
    this.#deps = deps;
    this.#summary = summary;
    this.#title = summary?.title ?? newSessionTitle;
    this.#window = new SessionWindow(id, deps.log, deps.context.turnCost);
  }

  get title(): string {
    return this.#title;
  }

  /** As last read; undefined before the first prompt. */
  get summary(): SessionSummary | undefined {
    return this.#summary;
  }

  /** Turns that are queued, running, or ended without having reached the disk, in order. */
  get live(): readonly LiveTurn[] {
    return [...this.#live.values()].map(({ turn }) => turn);
  }

  onEvent(listener: (event: SessionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Queues a prompt. Resolves with the ended turn, be it complete, stopped or failed.
   * @throws InputError where the prompt is refused, HistoryError where its place is (`stale`, `busy`): then nothing
   * is stored and no model was called
   */
  async send(prompt: string, options: SendOptions = {}): Promise<LiveTurn> {
    this.#checkPrompt(prompt);
    const turnId = options.turnId ?? this.#deps.newId();
    const known = this.#live.get(turnId);
    if (known) return known.result;
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
    const unlink = link(options.signal, abort);
    const result = this.#queue
      .then(() => this.#run(turn, abort.signal, options.model))
      .finally(unlink)
      .then(
        (ended) => {
          if (ended.saved) this.#live.delete(turnId);
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
    const live = turnId === undefined ? [...this.#live.values()] : [this.#live.get(turnId)];
    for (const entry of live) entry?.abort.abort(new DOMException('Stopped', 'AbortError'));
    await Promise.allSettled(live.flatMap((entry) => (entry ? [entry.result] : [])));
  }

  /** Resolves once nothing runs or waits. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  /** The newest turns, or those before the turn `before`, oldest first. The running one may be among them. */
  async page(limit: number, before?: string): Promise<TurnPage> {
    if (!this.#summary) return { turns: [], more: false };
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
    if (!this.#summary) return [];
    const { sessions } = await this.#deps.log.dump(this.id);
    return sessions.flatMap((session) => session.turns).flatMap((turn) => turn.messages);
  }

  /** Exactly what sending `prompt` now would make of the first request. Stores nothing. */
  async inspect(prompt: string): Promise<Context> {
    await this.#queue;
    return this.#context(await this.#readWindow(), [{ role: 'user', content: prompt }]);
  }

  /** Reads the session again, after another window or an import changed it. @returns false if it was deleted */
  async refresh(): Promise<boolean> {
    const known = this.#summary !== undefined;
    const summary = await this.#deps.log.session(this.id);
    if (!summary && !known) return true;
    this.#summary = summary;
    this.#title = summary?.title ?? newSessionTitle;
    this.#window.forget();
    this.#emit({ type: 'session-change', sessionId: this.id });
    return summary !== undefined;
  }

  async rename(title: string): Promise<void> {
    await this.create();
    this.#adopt(await this.#deps.log.renameSession(this.id, title));
  }

  /** Requests carry only the last `turns` turns from now on. Undoable. @returns how many turns that leaves out */
  async trim(turns: number): Promise<number> {
    await this.#queue;
    const { turns: kept } = await this.#deps.log.turns(this.id, { limit: Math.max(1, turns) });
    const last = kept.at(-1);
    if (!last) return 0;
    const start = turns === 0 ? last.position + 1 : (kept[0]?.position ?? 0);
    const length = this.#summary?.length ?? 0;
    if (start > (this.#summary?.contextStart ?? 0)) this.#adopt(await this.#deps.log.trim(this.id, start));
    return Math.max(0, length - turns);
  }

  /** @throws InputError `nothing-to-undo` */
  async undoTrim(): Promise<void> {
    await this.#queue;
    if (!this.#summary?.trims) throw new InputError({ reason: 'nothing-to-undo' });
    this.#adopt(await this.#deps.log.undoTrim(this.id));
  }

  /** Makes sure that the log has the session. */
  async create(): Promise<SessionSummary> {
    const { log, clock } = this.#deps;
    if (!this.#summary) {
      const createdAt = clock().toISOString();
      this.#summary = await log.createSession({ id: this.id, title: this.#title, createdAt });
      await log.setActiveSession(this.id);
    }
    return this.#summary;
  }

  #adopt(summary: SessionSummary): void {
    this.#summary = summary;
    this.#title = summary.title;
    this.#emit({ type: 'session-change', sessionId: this.id });
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
    if (!this.#summary) return undefined;
    const turn = await this.#deps.log.turn(turnId);
    return turn && turn.status !== 'running' ? { ...turn, saved: true } : undefined;
  }

  async #run(queued: LiveTurn, signal: AbortSignal, chosen: ChatModel | undefined): Promise<LiveTurn> {
    try {
      signal.throwIfAborted();
      const known = await this.#ended(queued.id);
      if (known) {
        this.#change(known);
        return known;
      }
      const { position, window } = await this.#begin(queued);
      const ended = await runTurn(queued, {
        ...this.#deps,
        leaseMs,
        signal,
        model: chosen ? () => Promise.resolve(chosen) : this.#deps.model,
        context: (current, settings) => this.#context(window, current, settings),
        emit: (turn, event) => this.#change(turn, event),
      });
      const { saved, status, ...turn } = ended;
      if (saved && status !== 'queued') this.#window.add({ ...turn, status, position }, this.#windowBudget());
      return ended;
    } catch (error) {
      // Refused before it was accepted: it leaves no trace.
      this.#emit({ type: 'session-change', sessionId: this.id });
      throw error;
    }
  }

  /** Reserves the turn's place, before any model call. @returns it, and the window as it was before the turn */
  async #begin(turn: LiveTurn): Promise<{ position: number; window: readonly StoredTurn[] }> {
    const { log, owner } = this.#deps;
    const window = await this.#readWindow();
    // Refused now, while nothing is stored, if the prompt cannot fit.
    this.#context(window, turn.messages);
    const summary = await this.create();
    const { id, sessionId, createdAt, messages } = turn;
    const start: TurnStart = { id, sessionId, createdAt, messages };
    let position: number;
    try {
      position = await log.begin(start, { expectedLength: summary.length, owner, leaseMs });
    } catch (error) {
      if (reasonOf(error) === 'stale' || reasonOf(error) === 'not-found') await this.refresh();
      throw error;
    }
    this.#summary = { ...summary, length: summary.length + 1, updatedAt: createdAt };
    if (summary.length === 0 && summary.title === newSessionTitle) {
      await this.rename(titleOf(turn.messages[0]?.content ?? '')).catch(() => undefined);
    }
    return { position, window };
  }

  #context(
    window: readonly StoredTurn[],
    current: readonly Message[],
    settings = this.#deps.settings(),
  ): Context {
    return this.#deps.context.build({
      instructions: settings.instructions,
      tools: this.#deps.tools.definitions(),
      turns: window,
      contextStart: this.#summary?.contextStart ?? 0,
      current,
      maxTokens: settings.maxTokens,
    });
  }

  #readWindow(): Promise<readonly StoredTurn[]> {
    if (!this.#summary) return Promise.resolve([]);
    return this.#window.read(this.#windowBudget());
  }

  #windowBudget(): number {
    return this.#deps.context.windowBudget(this.#deps.settings().maxTokens);
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

function link(signal: AbortSignal | undefined, controller: AbortController): () => void {
  const stop = (): void => controller.abort(new DOMException('Stopped', 'AbortError'));
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  return () => signal?.removeEventListener('abort', stop);
}

/** The prompt's first line, at most 60 characters, cut at a word. */
export function titleOf(prompt: string): string {
  const line = prompt.trim().split('\n', 1)[0]?.replace(/\s+/g, ' ') ?? '';
  if (line.length <= 60) return line;
  const cut = line.slice(0, 59);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), 30))}…`;
}
