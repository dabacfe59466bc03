import { summaryLimit } from '../context/budget';
import type { Context } from '../context/context';
import { noParts, type ContextParts } from '../context/sessionContext';
import { summaryText } from '../context/contextBuilder';
import { InputError, isAbort } from '../errors';
import type { StoredTurn } from '../historyLog';
import type { TokenCounter } from '../tokenCounter';
import { compactionPlan, type CompactionPlan } from './compactionPlan';
import type { Compactor } from './compactor';
import type { Summary } from './summary';
import { lowWatermark } from './tokenBudget';
import { templateCompactor } from './templateCompactor';

/** The session whose turns are summarised. */
export interface CompactedSession {
  readonly id: string;
  parts(): Promise<ContextParts>;
  /** The next request, its prompt left empty. */
  contextOf(parts: ContextParts): Context;
  putSummary(summary: Summary): Promise<void>;
}

export interface CompactionOptions {
  readonly session: CompactedSession;
  /** Of the chosen model; the template where that cannot summarise. */
  readonly compactor: () => Promise<Compactor>;
  readonly counter: () => TokenCounter;
  readonly settings: () => CompactionSettings;
  readonly clock: () => Date;
  readonly newId: () => string;
  readonly changed: (state: CompactionState) => void;
}

export interface CompactionSettings {
  /** Whether to summarise by itself. */
  readonly automatic: boolean;
  /** How full the window is when it does, as a share from 0 to 1. */
  readonly threshold: number;
}

export type CompactionState =
  /** `near`: the window is nearly as full as the threshold. */
  | { readonly status: 'idle'; readonly fill: number; readonly near: boolean }
  | { readonly status: 'running'; readonly turns: number; readonly done: number }
  /** `note`: why the chosen model did not make it. */
  | { readonly status: 'done'; readonly summary: Summary; readonly note?: string }
  | { readonly status: 'failed'; readonly error: unknown };

/** So much may be left out without a summary, as a share of what the window holds. */
const mostUncovered = 0.2;
/** From so far below the threshold on it is said that a summary is near. */
const nearness = 0.1;

export function isNear(fill: number, { threshold }: CompactionSettings): boolean {
  return fill >= threshold - nearness;
}

/**
 * Makes summaries to stand for a session's oldest turns, once these no longer fit its requests. One at a time, beside
 * the prompts; one that fails or is cancelled changes nothing.
 */
export class Compaction {
  readonly #options: CompactionOptions;
  #running: { readonly abort: AbortController; readonly result: Promise<Summary> } | undefined;
  #ended: Promise<void> = Promise.resolve();
  #state: CompactionState = { status: 'idle', fill: 0, near: false };

  constructor(options: CompactionOptions) {
    this.#options = options;
  }

  get state(): CompactionState {
    return this.#state;
  }

  /** What a summary made now would stand for: what fills the window, or `all` turns but the newest. */
  async plan(what: 'oldest' | 'all' = 'oldest'): Promise<CompactionPlan> {
    const { session } = this.#options;
    const parts = await session.parts();
    return compactionPlan(session.contextOf(parts), parts, what === 'all' ? 0 : lowWatermark);
  }

  /** A turn has ended: says how full the window is, and summarises where that is due. Never rejects. */
  turnEnded(): Promise<void> {
    this.#ended = this.#ended.then(() => this.#turnEnded()).catch(() => undefined);
    return this.#ended;
  }

  async #turnEnded(): Promise<void> {
    if (this.#running) return;
    const settings = this.#options.settings();
    const { automatic, threshold } = settings;
    const plan = await this.plan();
    const isFull = plan.fill >= threshold || plan.uncovered >= mostUncovered;
    const isDue = plan.turns.length > 0 && isFull;
    if (automatic && isDue) await this.run(plan).catch(() => undefined);
    else this.#change({ status: 'idle', fill: plan.fill, near: isNear(plan.fill, settings) });
  }

  /**
   * Makes a summary and puts it in place of its turns. While one is being made, that one is returned.
   * @throws InputError `nothing-to-compact`, ModelError, HistoryError; AbortError once cancelled
   */
  run(plan?: CompactionPlan): Promise<Summary> {
    if (this.#running) return this.#running.result;
    const abort = new AbortController();
    const result = this.#run(plan, abort.signal).finally(() => (this.#running = undefined));
    this.#running = { abort, result };
    return result;
  }

  /** Resolves once nothing is being summarised. */
  async settled(): Promise<void> {
    await this.#ended;
  }

  cancel(): void {
    this.#running?.abort.abort(new DOMException('Cancelled', 'AbortError'));
  }

  async #run(given: CompactionPlan | undefined, signal: AbortSignal): Promise<Summary> {
    try {
      const plan = given ?? (await this.plan());
      if (plan.turns.length === 0) throw new InputError({ reason: 'nothing-to-compact' });
      const { turns } = plan;
      this.#change({ status: 'running', turns: turns.length, done: 0 });
      const { text, by, note } = await this.#textOf(plan, signal);
      signal.throwIfAborted();
      const summary = this.#summaryOf(turns, text, by);
      await this.#options.session.putSummary(summary);
      this.#change({ status: 'done', summary, ...(note !== undefined && { note }) });
      return summary;
    } catch (error) {
      this.#change(isAbort(error) ? { status: 'idle', fill: 0, near: false } : { status: 'failed', error });
      throw error;
    }
  }

  /** The chosen model's text; the template's where that fails, or is empty or no shorter than what it replaces. */
  async #textOf(
    { turns, tokens }: CompactionPlan,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly by: string; readonly note?: string }> {
    const compactor = await this.#options.compactor();
    const request = {
      turns,
      maxTokens: Math.max(100, Math.min(Math.floor(tokens / 8), Math.floor(this.#mostTokens() / 3))),
      signal,
      onProgress: (done: number) => this.#change({ status: 'running', turns: turns.length, done }),
    };
    let note: string;
    try {
      const text = (await compactor.compact(request)).trim();
      const why = this.#fault(text, turns, tokens);
      if (why === undefined) return { text, by: compactor.id };
      note = `${compactor.id} gave ${why}`;
    } catch (error) {
      if (signal.aborted || isAbort(error)) throw error;
      note = `${compactor.id} could not be asked`;
    }
    const text = await templateCompactor.compact(request);
    if (this.#fault(text, turns, tokens) !== undefined)
      throw new InputError({ reason: 'nothing-to-compact' });
    return { text, by: templateCompactor.id, ...(compactor.id !== templateCompactor.id && { note }) };
  }

  #fault(text: string, turns: readonly StoredTurn[], tokens: number): string | undefined {
    if (text === '') return 'an empty summary';
    const cost = this.#options.counter().text(summaryText(this.#summaryOf(turns, text, '')));
    if (cost >= tokens) return 'a summary longer than the turns it stands for';
    return cost > this.#mostTokens() ? 'a summary longer than a request can carry' : undefined;
  }

  #mostTokens(): number {
    const { session } = this.#options;
    return summaryLimit(session.contextOf(noParts).maxTokens);
  }

  #summaryOf(turns: readonly StoredTurn[], text: string, by: string): Summary {
    const { session, clock, newId } = this.#options;
    return {
      id: newId(),
      sessionId: session.id,
      createdAt: clock().toISOString(),
      text,
      by,
      turnIds: turns.map(({ id }) => id),
      from: turns[0]?.position ?? 0,
      to: turns.at(-1)?.position ?? 0,
      state: 'active',
    };
  }

  #change(state: CompactionState): void {
    this.#state = state;
    this.#options.changed(state);
  }
}
