import { summaryLimit } from '../context/budget';
import type { Context } from '../context/context';
import { noParts, type ContextParts } from '../context/sessionContext';
import { summaryText } from '../context/summaryItems';
import { HistoryError, InputError, isAbort } from '../errors';
import type { StoredTurn } from '../historyLog';
import type { TokenCounter } from '../tokenCounter';
import { compactionPlan, type CompactionPlan, type CompactionPlanOptions } from './compactionPlan';
import type { Compactor } from './compactor';
import { mergedShare, mergePlan, mostMerged, sparedIn, type MergeLimits, type MergePlan } from './mergePlan';
import { shortenedTurn } from './shortenedTurn';
import type { Summary } from './summary';
import { writeSummary, type WrittenSummary } from './writeSummary';

/** The session whose turns are summarised. */
export interface CompactedSession {
  readonly id: string;
  parts(): Promise<ContextParts>;
  /** The next request, its prompt left empty. */
  contextOf(parts: ContextParts): Context;
  /** All of them, in the order of the turns that they cover. */
  summaries(): Promise<readonly Summary[]>;
  /** The turns that these cover, each shortened as it is read: see `originalsOf`. */
  originals(
    summaries: readonly Summary[],
    shorten: (turn: StoredTurn) => StoredTurn,
  ): Promise<readonly StoredTurn[]>;
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
/** What the turns of a merged summary have together at most, for each token of the window; and each of them at least. */
const charactersPerToken = 4;
const leastCharacters = 120;
/** More turns are not told of in one summary. */
const mostMergedTurns = 1_000;
/** From so far below the threshold on it is said that a summary is near. */
const nearness = 0.1;

export function isNear(fill: number, { threshold }: CompactionSettings): boolean {
  return fill >= threshold - nearness;
}

/**
 * Makes summaries to stand for a session's oldest turns, once these no longer fit its requests; where the summaries have
 * outgrown their share of these, one in place of the oldest, from the turns that they cover. One at a time, beside the
 * prompts; one that fails or is cancelled changes nothing.
 */
export class Compaction {
  readonly #options: CompactionOptions;
  #running: { readonly abort: AbortController; readonly result: Promise<Summary> } | undefined;
  #merging: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  #ended: Promise<void> = Promise.resolve();
  #state: CompactionState = { status: 'idle', fill: 0, near: false };

  constructor(options: CompactionOptions) {
    this.#options = options;
  }

  get state(): CompactionState {
    return this.#state;
  }

  /** What a summary that the user asks for would stand for: what fills the window, or `all` turns but the newest. */
  plan(what: 'oldest' | 'all' = 'oldest'): Promise<CompactionPlan> {
    return this.#plan({ asked: true, ...(what === 'all' && { low: 0 }) });
  }

  /** What a summary in place of such turns is wished to cost, in tokens. */
  wishFor({ tokens }: CompactionPlan): number {
    return Math.max(100, Math.min(Math.floor(tokens / 8), Math.floor(this.#limits().limit / 3)));
  }

  async #plan(options?: CompactionPlanOptions): Promise<CompactionPlan> {
    const { session } = this.#options;
    const parts = await session.parts();
    return compactionPlan(session.contextOf(parts), parts, options);
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
    const plan = await this.#plan();
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
    // Nobody waits for a merge: it is made another time.
    this.#merging?.abort.abort(cancelled());
    const result = (this.#merging?.ended ?? Promise.resolve())
      .then(() => this.#run(plan, abort.signal))
      .finally(() => (this.#running = undefined));
    this.#running = { abort, result };
    this.#ended = this.#ended
      .then(() => result)
      .then(() => this.#mergeOutgrown())
      .catch(() => undefined);
    return result;
  }

  /** Resolves once nothing is being summarised. */
  async settled(): Promise<void> {
    for (let ended; ended !== this.#ended;) {
      ended = this.#ended;
      await ended;
    }
  }

  cancel(): void {
    this.#running?.abort.abort(cancelled());
    this.#merging?.abort.abort(cancelled());
  }

  async #run(given: CompactionPlan | undefined, signal: AbortSignal): Promise<Summary> {
    try {
      const plan = given ?? (await this.plan());
      if (plan.turns.length === 0) throw new InputError({ reason: 'nothing-to-compact' });
      const { turns, tokens } = plan;
      const most = this.#limits().limit;
      const task = { turns, wish: this.wishFor(plan), most, less: tokens, instead: 'turns it stands for' };
      const { note, ...written } = await this.#write(task, signal);
      const summary = this.#summaryOf(turns, written);
      await this.#options.session.putSummary(summary);
      this.#change({ status: 'done', summary, ...(note !== undefined && { note }) });
      return summary;
    } catch (error) {
      this.#change(isAbort(error) ? { status: 'idle', fill: 0, near: false } : { status: 'failed', error });
      throw error;
    }
  }

  /** Where summaries have outgrown their share, makes one for the oldest of them. Never rejects. */
  async #mergeOutgrown(): Promise<void> {
    if (this.#running || this.#merging) return;
    const before = this.#state;
    const abort = new AbortController();
    const ended = this.#merge(abort.signal)
      .catch(() => {
        if (this.#state.status === 'running') this.#change(before);
      })
      .finally(() => (this.#merging = undefined));
    this.#merging = { abort, ended };
    await ended;
  }

  /** From the turns themselves, each shortened alike where together they are more than can be read. */
  async #merge(signal: AbortSignal): Promise<void> {
    const { session } = this.#options;
    const { maxTokens, ...limits } = this.#limits();
    const summaries = await session.summaries();
    const plan = mergePlan(summaries, limits);
    if (!plan) return;
    const covered = new Set(plan.replaces.flatMap(({ turnIds }) => turnIds)).size;
    this.#change({ status: 'running', turns: covered, done: 0 });
    const characters = Math.max(leastCharacters, Math.floor((maxTokens * charactersPerToken) / covered));
    const turns = await session.originals(plan.replaces, (turn) => shortenedTurn(turn, characters));
    if (turns.length < covered) throw new HistoryError({ reason: 'corrupt' });
    const task = {
      turns,
      wish: Math.floor(limits.limit * mergedShare),
      most: limits.limit * mostMerged,
      less: plan.tokens,
      instead: 'summaries it replaces',
      // What a model told of them is worth more than what can be quoted.
      cuts: true,
    };
    const { note, ...written } = await this.#write(task, signal);
    if (!isStillSo(plan, summaries, await session.summaries())) throw new HistoryError({ reason: 'stale' });
    signal.throwIfAborted();
    const summary = {
      ...this.#summaryOf(turns, written),
      replaces: plan.replaces.map(({ id }) => id),
    };
    await session.putSummary(summary);
    this.#change({ status: 'done', summary, ...(note !== undefined && { note }) });
  }

  /** @throws InputError `nothing-to-compact` where no text is short enough; AbortError once cancelled */
  async #write(
    { turns, wish, most, less, instead, cuts = false }: WriteTask,
    signal: AbortSignal,
  ): Promise<WrittenSummary> {
    this.#change({ status: 'running', turns: turns.length, done: 0 });
    const written = await writeSummary(await this.#options.compactor(), {
      turns,
      wish,
      cuts,
      signal,
      fault: (text) => {
        if (text === '') return 'an empty summary';
        const cost = this.#costOf(this.#summaryOf(turns, { text, by: '' }));
        if (cost >= less) return `a summary longer than the ${instead}`;
        return cost > most ? 'a summary longer than a request can carry' : undefined;
      },
      onProgress: (done) => this.#change({ status: 'running', turns: turns.length, done }),
    });
    signal.throwIfAborted();
    if (!written) throw new InputError({ reason: 'nothing-to-compact' });
    return written;
  }

  #limits(): MergeLimits & { readonly maxTokens: number } {
    const { maxTokens } = this.#options.session.contextOf(noParts);
    const readable = Math.floor((maxTokens * charactersPerToken) / leastCharacters);
    return {
      maxTokens,
      limit: summaryLimit(maxTokens),
      mostTurns: Math.min(mostMergedTurns, readable),
      cost: (summary) => this.#costOf(summary),
    };
  }

  #costOf(summary: Summary): number {
    return this.#options.counter().message({ role: 'system', content: summaryText(summary) });
  }

  #summaryOf(turns: readonly StoredTurn[], { text, by }: Omit<WrittenSummary, 'note'>): Summary {
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

interface WriteTask {
  readonly turns: readonly StoredTurn[];
  /** All three in tokens; it must cost less than `less`, which `instead` costs. */
  readonly wish: number;
  readonly most: number;
  readonly less: number;
  readonly instead: string;
  /** See SummaryTask. */
  readonly cuts?: boolean;
}

/** Whether nobody has changed or undone what is to be replaced, or a merge of it. */
function isStillSo({ replaces }: MergePlan, before: readonly Summary[], now: readonly Summary[]): boolean {
  const found = new Map(now.map((one) => [one.id, one]));
  const spared = (summaries: readonly Summary[]): string => JSON.stringify([...sparedIn(summaries)]);
  return (
    replaces.every((one) => JSON.stringify(found.get(one.id)) === JSON.stringify(one)) &&
    spared(before) === spared(now)
  );
}

function cancelled(): DOMException {
  return new DOMException('Cancelled', 'AbortError');
}
