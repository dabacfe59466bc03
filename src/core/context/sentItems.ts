import type { SentContext, SentItem, SentStep } from './sentContext';

/** The context with other items in place of its own, those of later requests among them. */
export function mapItems<A, B>(
  { later, items, ...context }: SentContext<A>,
  change: (item: A) => B,
): SentContext<B> {
  return {
    ...context,
    items: items.map(change),
    ...(later && {
      later: later.map(({ items: others, ...step }): SentStep<B> => ({
        ...step,
        ...(others && { items: others.map(change) }),
      })),
    }),
  };
}

/** Those of all its requests. */
export function allItems<Item>({ items, later = [] }: SentContext<Item>): readonly Item[] {
  return [...items, ...later.flatMap((step) => step.items ?? [])];
}

/** How many requests it tells of. */
export function toldRequests({ later = [] }: Pick<SentContext, 'later'>): number {
  return 1 + later.length;
}

/** What one of the requests carried. */
export interface SentRequest {
  readonly maxTokens: number;
  readonly reserve: number;
  readonly margin?: number;
  readonly tokens: number;
  readonly items: readonly SentItem[];
  /** Of a later one: what it carried of its own turn, after the items. */
  readonly own?: SentStep['own'];
}

/**
 * @param index from 0, which is the first; beyond the last, the last
 * @returns with the tokens of what a later one repeats as they were for the request that told of it, brought to what
 *   the whole was then estimated to cost
 */
export function sentRequest(context: SentContext, index: number): SentRequest {
  const { later = [], maxTokens, reserve, margin, tokens, items } = context;
  const kept = margin !== undefined && { margin };
  const steps = later.slice(0, index);
  const last = steps.at(-1);
  if (!last) return { maxTokens, reserve, ...kept, tokens, items };
  const told =
    steps.findLast((step) => step.items)?.items ?? items.filter(({ source }) => source !== 'prompt');
  return {
    maxTokens: steps.findLast((step) => step.maxTokens !== undefined)?.maxTokens ?? maxTokens,
    reserve: steps.findLast((step) => step.reserve !== undefined)?.reserve ?? reserve,
    ...kept,
    tokens: last.tokens,
    items: scaled(told, last.tokens - last.own.tokens),
    own: last.own,
  };
}

function scaled(items: readonly SentItem[], tokens: number): readonly SentItem[] {
  const sum = items.reduce((total, item) => total + (item.included ? item.tokens : 0), 0);
  if (sum === tokens || sum <= 0 || tokens <= 0) return items;
  let [before, after] = [0, 0];
  /** Rounds what has come so far, so that all of it adds up. */
  const share = (cost: number): number => {
    before += cost;
    const next = Math.round((before * tokens) / sum) - after;
    after += next;
    return next;
  };
  return items.map((item): SentItem => {
    if (!item.included) return item;
    if (!item.each) return { ...item, tokens: share(item.tokens) };
    const each = item.each.map(share);
    return { ...item, each, tokens: each.reduce((total, cost) => total + cost, 0) };
  });
}
