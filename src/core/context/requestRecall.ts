import type { Recaller } from '../memory/recaller';
import type { Message } from '../message';
import type { SessionSettings } from '../sessionDependencies';
import type { Context } from './context';
import type { RecallInput } from './recalledItems';
import type { ContextParts, SessionContext } from './sessionContext';

export interface RequestRecallOptions {
  readonly context: Pick<SessionContext, 'build'>;
  readonly recaller: Recaller | undefined;
  readonly parts: ContextParts;
  readonly settings: SessionSettings;
  readonly signal?: AbortSignal;
}

/** What a request recalls as long as its prompt is not asked about: what the user wants in every one. */
export function keptRecall({ kept }: ContextParts, { recall }: SessionSettings): RecallInput | undefined {
  return recall && { stage: 'found', maxTokens: recall.maxTokens, found: kept };
}

/**
 * What the first request of a turn recalls: nothing of the turns that its window carries. Undefined where nothing is to
 * be recalled at all.
 * @throws InputError `cannot-fit`; the signal's reason once it is aborted
 */
export async function recallFor(
  prompt: Message | undefined,
  { context, recaller, parts, settings, signal }: RequestRecallOptions,
): Promise<RecallInput | undefined> {
  const { recall } = settings;
  if (!recall || !recaller) return undefined;
  if (!prompt) return keptRecall(parts, settings);
  const { maxTokens } = recall;
  const { items } = context.build(parts, [prompt], settings, { recall: { stage: 'open', maxTokens } });
  const carried = items.flatMap(({ turnId, included }) => (included && turnId !== undefined ? [turnId] : []));
  const found = await recaller.recall({
    prompt: prompt.content,
    carried,
    limit: recall.limit,
    deadlineMs: recall.deadlineMs,
    ...(signal && { signal }),
  });
  return { stage: 'found', maxTokens, found };
}

/** What the turn's further requests recall: what its first did. */
export function recalledBefore({ items }: Context): RecallInput {
  return { stage: 'chosen', items: items.filter(({ source }) => source === 'recalled') };
}
