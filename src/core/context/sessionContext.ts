import type { HistoryLog, SessionSummary, StoredTurn } from '../historyLog';
import type { Recollection } from '../memory/recaller';
import type { Summary } from '../memory/summary';
import type { Message } from '../message';
import type { SessionSettings } from '../sessionDependencies';
import { SessionWindow } from '../sessionWindow';
import type { ToolRegistry } from '../tools/toolRegistry';
import { requestBudget, resultLimit } from './budget';
import type { Context } from './context';
import { buildContext } from './contextBuilder';
import type { RecallInput } from './recalledItems';
import { carriedTurn } from './carried';
import { withTotal } from './withTotal';

/** What a session's log gives to its requests. */
export interface ContextParts {
  /** Ended turns, oldest first, as many as a request could carry. */
  readonly turns: readonly StoredTurn[];
  /** Pinned turns before these. */
  readonly pins: readonly StoredTurn[];
  /** All of the session's, whatever their state. */
  readonly summaries: readonly Summary[];
  readonly session: SessionMarks;
  /** What every prompt recalls. */
  readonly kept: Recollection;
}

/** How many turns a session has, and which of them are trimmed: see SessionSummary. */
export type SessionMarks = Pick<SessionSummary, 'length' | 'contextStart' | 'contextKept'>;

export const noMarks: SessionMarks = { length: 0, contextStart: 0 };

export const noParts: ContextParts = {
  turns: [],
  pins: [],
  summaries: [],
  session: noMarks,
  kept: { units: [] },
};

export interface SessionContextOptions {
  readonly log: HistoryLog;
  readonly tools: ToolRegistry;
  readonly settings: () => SessionSettings;
  /** What was estimated has been counted, and is another now. */
  readonly counted?: () => void;
}

export interface BuildOptions {
  /** What it recalls: see `recallFor`. */
  readonly recall?: RecallInput | undefined;
  /** As it will be once `restart` was called. */
  readonly isAnew?: boolean;
}

/**
 * Builds a session's requests. What it reads of the log is kept between prompts and is no more than a request could
 * carry, however long the session is; so is where the last window began, for the next to begin there too.
 */
export class SessionContext {
  readonly #sessionId: string;
  readonly #options: SessionContextOptions;
  readonly #window: SessionWindow;
  #marks: Promise<Pick<ContextParts, 'pins' | 'summaries'>> | undefined;
  /** The turns last counted, or being counted. */
  #counted: readonly StoredTurn[] | undefined;
  #begun: { readonly key: readonly unknown[]; readonly start: number } | undefined;
  #isAnew = false;

  constructor(sessionId: string, options: SessionContextOptions) {
    this.#sessionId = sessionId;
    this.#options = options;
    this.#window = new SessionWindow(sessionId, options.log, (turn) => this.#cost(turn));
  }

  /**
   * @param session as the log has it; undefined before its first prompt
   * @param maxTokens of the request, where it is not what the settings say
   */
  async read(
    session: SessionMarks | undefined,
    maxTokens = this.#options.settings().maxTokens,
  ): Promise<Omit<ContextParts, 'kept'>> {
    if (!session) return noParts;
    const { log } = this.#options;
    const turns = await this.#window.read(requestBudget(maxTokens));
    void this.#count(turns);
    const marks = (this.#marks ??= Promise.all([
      log.pinned(this.#sessionId),
      log.summaries(this.#sessionId),
    ]).then(([pins, summaries]) => ({ pins, summaries })));
    marks.catch(() => (this.#marks = undefined));
    const { pins, summaries } = await marks;
    const first = turns[0]?.position ?? Infinity;
    return { turns, pins: pins.filter(({ position }) => position < first), summaries, session };
  }

  /**
   * The request that carries `current`. Changes nothing: see `sent`.
   */
  build(
    { turns, pins, summaries, session }: ContextParts,
    current: readonly Message[],
    settings: SessionSettings = this.#options.settings(),
    { recall, isAnew = this.#isAnew }: BuildOptions = {},
  ): Context {
    const key = [settings.policy, settings.maxTokens];
    const isOther = this.#begun !== undefined && !isSame(this.#begun.key, key);
    const { policy, counter, instructions, maxTokens, margin, estimate } = settings;
    const context = buildContext({
      policy,
      counter,
      instructions,
      maxTokens,
      ...(margin !== undefined && { margin }),
      tools: this.#options.tools.definitions(),
      turns,
      pins,
      summaries,
      unread: Math.max(0, session.length - turns.length - pins.length),
      contextStart: session.contextStart,
      contextKept: session.contextKept,
      current,
      recall,
      start: isAnew || isOther ? undefined : this.#begun?.start,
      wide: isAnew || isOther,
    });
    return estimate ? withTotal(context, estimate(context.request)) : context;
  }

  /** A request was sent: the next one's window begins where its did, as long as it fits. */
  sent({ start }: Context, { policy, maxTokens }: SessionSettings = this.#options.settings()): void {
    this.#isAnew = false;
    if (start !== undefined) this.#begun = { key: [policy, maxTokens], start };
  }

  /** Appends a turn that has just ended. */
  add(turn: StoredTurn): void {
    this.#window.add(turn, requestBudget(this.#options.settings().maxTokens));
  }

  /** Estimates do until the counts are there: nobody waits for these. */
  async #count(turns: readonly StoredTurn[]): Promise<void> {
    if (turns === this.#counted) return;
    this.#counted = turns;
    const { settings, tools, counted } = this.#options;
    const definitions = tools.definitions();
    const { counter } = settings();
    const cost = (): number =>
      turns.reduce((total, turn) => total + this.#cost(turn), counter.tools(definitions));
    const before = cost();
    await counter.prepare(
      turns.flatMap(({ messages }) => messages),
      definitions,
    );
    if (cost() !== before) counted?.();
  }

  /** What a turn costs a request, in tokens. */
  costOf(turn: StoredTurn): number {
    return this.#cost(turn);
  }

  /** The user has changed what is carried: the next window begins anew, as far back as fits. */
  restart(): void {
    this.#begun = undefined;
    this.#isAnew = true;
  }

  /** The log is read again. */
  forget(): void {
    this.#window.forget();
    this.#marks = undefined;
  }

  #cost(turn: StoredTurn): number {
    const { counter, maxTokens } = this.#options.settings();
    const { messages } = carriedTurn(turn, resultLimit(maxTokens));
    return messages.reduce((total, message) => total + counter.message(message), 0);
  }
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
