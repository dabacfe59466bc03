import { HistoryError } from '../errors';
import type { Recaller } from '../memory/recaller';
import type { Message } from '../message';
import type { SessionSettings } from '../sessionDependencies';
import type { Context } from './context';
import { recallFor, recalledBefore } from './requestRecall';
import type { SentContext } from './sentContext';
import { SentRequests } from './sentRequests';
import type { ContextParts, SessionContext } from './sessionContext';
import { positionsIn } from './sessionRequests';

export interface TurnRequestsOptions {
  readonly context: SessionContext;
  readonly recaller?: Recaller;
  /** As they were before the turn. */
  readonly parts: ContextParts;
  readonly signal: AbortSignal;
  /** The first request, where it was shown before it was sent. */
  readonly inspected: Context | undefined;
}

/** Makes the requests of one turn. What its first recalls, the others carry as well. */
export class TurnRequests {
  readonly #options: TurnRequestsOptions;
  #first: Context | undefined;
  readonly #sent: SentRequests;

  constructor(options: TurnRequestsOptions) {
    this.#options = options;
    this.#sent = new SentRequests(positionsIn(options.parts));
  }

  /** What those made so far carry. */
  get sent(): SentContext | undefined {
    return this.#sent.context;
  }

  /**
   * @param current the turn's messages so far, the prompt first
   * @throws InputError `cannot-fit`; the signal's reason once it is aborted
   */
  async next(current: readonly Message[], settings: SessionSettings): Promise<Context> {
    const { context, parts } = this.#options;
    const built = this.#first
      ? context.build(parts, current, settings, { recall: recalledBefore(this.#first) })
      : await this.#makeFirst(current, settings);
    context.sent(built, settings);
    this.#first ??= built;
    this.#sent.add(built, current);
    return built;
  }

  async #makeFirst(current: readonly Message[], settings: SessionSettings): Promise<Context> {
    const { context, inspected, recaller, parts, signal } = this.#options;
    if (inspected) return inspected;
    const [prompt] = current;
    if (!prompt) throw new HistoryError({ reason: 'corrupt' });
    const recall = await recallFor(prompt, { context, recaller, parts, settings, signal });
    return context.build(parts, current, settings, { recall });
  }
}
