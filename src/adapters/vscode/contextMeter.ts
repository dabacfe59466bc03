import { marginOf, recallLimit, requestBudget, reserveOf } from '../../core/context/budget';
import type { RecallSettings } from '../../core/memory/recaller';
import type { Context, ContextItem } from '../../core/context/context';
import type { ContextParts } from '../../core/context/sessionContext';
import { InputError } from '../../core/errors';
import type { SessionEvent } from '../../core/liveTurn';
import { isNear, type CompactionSettings } from '../../core/memory/compaction';
import { compactionPlan, compactionStart } from '../../core/memory/compactionPlan';
import type { Usage } from '../../core/message';
import type { Session } from '../../core/session';
import type { MeterReading } from '../../protocol/chat';

export interface ContextMeterOptions {
  readonly settings: () => {
    readonly maxTokens: number;
    readonly compaction: CompactionSettings;
    /** Where prompts recall: a draft asks for nothing yet, so that only what is always kept is counted. */
    readonly recall?: RecallSettings | undefined;
  };
  /** How long what happens at once is gathered before it is measured, in milliseconds. */
  readonly delay?: number;
  /** The first measuring waits longer: it is not on the way to the first sight of the view. */
  readonly firstDelay?: number;
}

/** What a session tells that may change its next request. */
const changesContext: ReadonlySet<SessionEvent['type']> = new Set([
  'turn-change',
  'session-change',
  'compaction-change',
  'tokens-counted',
]);

/** What the next request of the active session would carry. */
export interface Measured {
  readonly reading: MeterReading;
  /** Undefined where even an empty prompt does not fit. */
  readonly context: Context | undefined;
  readonly parts: ContextParts;
}

/**
 * Measures the next request of the active session, the draft included, after whatever may have changed it. Beside the
 * prompts: nothing waits for it, and what comes while it measures is measured next.
 */
export class ContextMeter {
  readonly #options: ContextMeterOptions;
  readonly #listeners = new Set<(measured: Measured | undefined) => void>();
  #session: Session | undefined;
  #unfollow: () => void = () => undefined;
  #draft = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isMeasuring = false;
  #isWanted = false;
  #hasMeasured = false;
  #measured: Measured | undefined;
  #usage: { readonly key: string; readonly value: Usage | undefined } | undefined;

  constructor(options: ContextMeterOptions) {
    this.#options = options;
  }

  /** As last measured; undefined where it never was, or cannot be. */
  get measured(): Measured | undefined {
    return this.#measured;
  }

  /** What is being typed, as far as it was told. */
  get drafted(): string {
    return this.#draft;
  }

  /** Another session is the active one, or this one changed. */
  follow(session: Session): void {
    if (session !== this.#session) {
      this.#unfollow();
      this.#session = session;
      this.#unfollow = session.onEvent(({ type }) => {
        if (changesContext.has(type)) this.refresh();
      });
    }
    this.refresh();
  }

  draft(text: string): void {
    if (text === this.#draft && this.#measured) return;
    this.#draft = text;
    this.refresh();
  }

  /** Measures soon. */
  refresh(): void {
    this.#isWanted = true;
    if (this.#isMeasuring) return;
    const { delay = 50, firstDelay = 600 } = this.#options;
    this.#timer ??= setTimeout(() => void this.#measureAll(), this.#hasMeasured ? delay : firstDelay);
  }

  /** @returns unsubscribe */
  onChange(listener: (measured: Measured | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#unfollow();
    this.#listeners.clear();
  }

  async #measureAll(): Promise<void> {
    this.#timer = undefined;
    this.#isMeasuring = true;
    this.#isWanted = false;
    const session = this.#session;
    const measured = session && (await this.#measure(session).catch(() => undefined));
    this.#isMeasuring = false;
    this.#hasMeasured = true;
    if (session === this.#session) {
      this.#measured = measured;
      for (const listener of this.#listeners) listener(measured);
    }
    this.#measureRest();
  }

  /** What came meanwhile. */
  #measureRest(): void {
    if (this.#isWanted) this.refresh();
  }

  async #measure(session: Session): Promise<Measured> {
    const [parts, usage] = await Promise.all([session.requests.parts(), this.#usageOf(session)]);
    const { maxTokens, compaction, recall } = this.#options.settings();
    const empty = this.#built(session, parts, '');
    const { context = empty.context, problem } =
      this.#draft === '' ? empty : this.#built(session, parts, this.#draft);
    const plan = empty.context && compactionPlan(empty.context, parts, { asked: true });
    const due = empty.context && compactionPlan(empty.context, parts);
    const reading: MeterReading = {
      sessionId: session.id,
      ...(recall && { recall: recallRoom(context, { maxTokens, recall }) }),
      tokens:
        problem === undefined && context ? context.tokens : (context?.budget ?? requestBudget(maxTokens)),
      maxTokens: context?.maxTokens ?? maxTokens,
      reserve: context?.reserve ?? reserveOf(maxTokens),
      margin: context ? marginOf(context) : 0,
      shares: context ? sharesOf(context.items) : [],
      summaryIds: (context?.items ?? []).flatMap(({ summaryId, included }) =>
        summaryId !== undefined && included ? [summaryId] : [],
      ),
      near: plan !== undefined && plan.turns.length > 0 && isNear(plan.fill, compaction),
      automatic: compaction.automatic && due !== undefined && due.turns.length > 0,
      ...(compaction.automatic &&
        context && { summarisedFrom: compactionStart(context, compaction.threshold) }),
      ...(problem !== undefined && { problem }),
      ...(usage && { usage }),
    };
    return { reading, context, parts };
  }

  /** Added up again only where a turn has come or gone. */
  async #usageOf(session: Session): Promise<Usage | undefined> {
    const { length, updatedAt } = session.summary ?? { length: 0, updatedAt: '' };
    const key = `${session.id} ${length} ${updatedAt} ${session.live.length}`;
    if (this.#usage?.key !== key) {
      this.#usage = { key, value: await session.requests.usage().catch(() => undefined) };
    }
    return this.#usage.value;
  }

  #built(
    session: Session,
    parts: ContextParts,
    prompt: string,
  ): { readonly context?: Context; readonly problem?: string } {
    try {
      return { context: session.requests.contextOf(parts, prompt) };
    } catch (error) {
      // Its own words name what to shorten.
      if (error instanceof InputError) return { problem: error.message };
      throw error;
    }
  }
}

/** What a prompt may recall beside what is counted, in tokens. */
function recallRoom(
  context: Context | undefined,
  { maxTokens, recall }: { readonly maxTokens: number; readonly recall: RecallSettings },
): number {
  const most = recallLimit(context?.budget ?? requestBudget(maxTokens), recall.maxTokens);
  const taken = context?.items.reduce(
    (total, { source, included, tokens }) => total + (source === 'recalled' && included ? tokens : 0),
    0,
  );
  return Math.max(0, (context?.recallLimit ?? most) - (taken ?? 0));
}

/** By source, in the order of the request. */
function sharesOf(items: readonly ContextItem[]): MeterReading['shares'] {
  const shares = new Map<MeterReading['shares'][number]['source'], number>();
  for (const { source, tokens, included } of items) {
    if (included && tokens > 0) shares.set(source, (shares.get(source) ?? 0) + tokens);
  }
  return [...shares].map(([source, tokens]) => ({ source, tokens }));
}
