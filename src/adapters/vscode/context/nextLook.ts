import type { Context } from '../../../core/context/context';
import { compactionStart } from '../../../core/memory/compactionPlan';
import { chosenPolicy } from '../../../core/memory/chosenPolicy';
import type { InspectedContext } from '../../../core/context/sessionRequests';
import type { Session } from '../../../core/session';
import type { SessionSettings } from '../../../core/sessionDependencies';
import type { ContextChoice, ContextLook, ShownContext, ShownNext } from '../../../protocol/context';
import type { ContextViewOptions } from '../contextView';
import { differenceOf, withChanges } from './difference';
import type { SummaryLabels } from './summaryLabels';
import { shownContext } from './shownContext';
import { withRecalled } from './shownRecalled';

/** What was inspected for a look, kept while nothing changes, so that opening an item does not build it again. */
interface Inspection {
  readonly key: string;
  readonly context: InspectedContext;
  /** Under the settings in force, where others are tried; `none` where nothing fits. */
  readonly before?: Context | 'none';
}

export type NextLookOptions = Pick<
  ContextViewOptions,
  'settings' | 'contextWindow' | 'compaction' | 'strategy' | 'describe' | 'receipts'
> & {
  readonly labels: SummaryLabels;
};

/** Looks at the next request. */
export class NextLook {
  readonly #options: NextLookOptions;
  #inspection: Inspection | undefined;

  constructor(options: NextLookOptions) {
    this.#options = options;
  }

  /** What was last looked at. */
  get context(): InspectedContext | undefined {
    return this.#inspection?.context;
  }

  /** Session, history or settings have changed. */
  forget(): void {
    this.#inspection = undefined;
  }

  async look(look: ContextLook, session: Session): Promise<ShownNext> {
    const { prompt, open } = look;
    // It would wait for the turn to end.
    if (session.live.some(({ status }) => status === 'queued' || status === 'running')) {
      return { tab: 'next', waiting: true, prompt };
    }
    const shown = { tab: 'next', waiting: false, prompt } as const;
    try {
      const { context, before } = await this.#inspect(look, session);
      const { contextId } = context;
      const labels = await this.#options.labels.of(await session.requests.summaries());
      const items = await withRecalled(
        { ...shownContext(context, new Set(open), labels), ...this.#summarisedFrom(context) },
        context.items,
        await this.#options.receipts.sources(),
      );
      const trimmed = (session.summary?.trims ?? 0) > 0 ? trimmedIn(context) : 0;
      const undoable = trimmed > 0 && { trimmed };
      if (before === undefined) return { ...shown, contextId, context: items, ...undoable };
      const { difference, changes } = differenceOf(before === 'none' ? undefined : before, context);
      return { ...shown, contextId, context: withChanges(items, changes), difference, ...undoable };
    } catch (error) {
      return { ...shown, error: this.#options.describe(error).message };
    }
  }

  #summarisedFrom(context: Context): Pick<ShownContext, 'summarisedFrom'> {
    const { compaction, strategy } = this.#options;
    const { automatic, threshold } = compaction();
    if (!automatic || strategy() === 'none') return {};
    return { summarisedFrom: compactionStart(context, threshold) };
  }

  async #inspect({ prompt, instead }: ContextLook, session: Session): Promise<Inspection> {
    const key = JSON.stringify([session.id, prompt, instead, this.#options.settings()]);
    if (this.#inspection?.key === key) return this.#inspection;
    this.#inspection = undefined;
    const tried = instead && this.#tried(instead);
    const context = await session.requests.inspect(prompt, tried);
    const before = tried && (await inForce(prompt, session));
    const inspection = { key, context, ...(before && { before }) };
    this.#inspection = inspection;
    return inspection;
  }

  /** What differs from the settings in force; undefined where nothing does. */
  #tried({ maxTokens, ...choice }: ContextChoice): Partial<SessionSettings> | undefined {
    const { settings, strategy, contextWindow } = this.#options;
    const { maxTokens: most, ...chosen } = settings();
    const isOther = strategy() !== 'none' && JSON.stringify(choice) !== JSON.stringify(chosen);
    if (maxTokens === most && !isOther) return undefined;
    return {
      ...(maxTokens !== most && { maxTokens: contextWindow(maxTokens) }),
      ...(isOther && { policy: chosenPolicy(choice) }),
    };
  }
}

function trimmedIn({ items }: Context): number {
  return items.filter(({ leftOut }) => leftOut === 'trimmed').length;
}

async function inForce(prompt: string, session: Session): Promise<Context | 'none'> {
  try {
    return await session.requests.preview(prompt);
  } catch {
    return 'none';
  }
}
