import { sourceOf, type RecalledSource } from '../memory/recalled';
import { marginOf } from './budget';
import type { Context, ContextItem, ContextSource } from './context';

/**
 * What the requests of a turn carried, as it is stored with the turn: the first one's items, and of each later one what
 * differs. Turns are named by their place; texts are those that no turn holds. What is deleted later is gone from it too.
 */
export interface SentContext<Item = SentItem> {
  readonly maxTokens: number;
  readonly reserve: number;
  /** What else was kept free, as estimates may be too low; left out where there was nothing. */
  readonly margin?: number;
  /** As estimated before it was sent. */
  readonly tokens: number;
  readonly items: readonly Item[];
  /** The requests after the first, in their order; left out where there was one. */
  readonly later?: readonly SentStep<Item>[];
  /** So many more followed, of which too much would have to be stored. */
  readonly untold?: number;
}

/** A later request: what the one before it carried, but for what is told here. */
export interface SentStep<Item = SentItem> {
  /** Of the whole request, as estimated before it was sent. */
  readonly tokens: number;
  readonly own: OwnMessages;
  /** All that it carried or left out beside its own messages, where that was not the same. */
  readonly items?: readonly Item[];
  readonly maxTokens?: number;
  readonly reserve?: number;
}

/** What a request carried of its own turn: the first `messages` of these, as they are stored but for the cuts. */
export interface OwnMessages {
  readonly messages: number;
  readonly tokens: number;
  /** Of those that were cut: which, and how many characters were sent. */
  readonly cuts?: readonly (readonly [index: number, length: number])[];
}

export interface SentItem {
  readonly source: ContextSource;
  readonly included: boolean;
  readonly reason: string;
  readonly tokens: number;
  /** Instructions, environment, or the definitions of tools as JSON. */
  readonly text?: string;
  readonly summaryId?: string;
  /** Where what is recalled comes from. */
  readonly recalled?: RecalledSource;
  /** Positions of the turns it stands for, with the tokens of each. */
  readonly positions?: readonly number[];
  readonly each?: readonly number[];
  /** How many turns it stands for, where they were not read. */
  readonly turns?: number;
  /** How many such items it stands for, where they were too many to be told one by one. */
  readonly count?: number;
  /** How many of its messages were sent cut. */
  readonly cut?: number;
}

/** @param positionOf of the turns that the context names */
export function sentContext(
  context: Context,
  positionOf: (turnId: string) => number | undefined,
): SentContext {
  const { items, request, tokens, maxTokens, reserve } = context;
  const margin = marginOf(context);
  const sent: SentItem[] = [];
  for (const item of items) {
    const next = sentItem(item, positionOf, JSON.stringify(request.tools));
    const last = sent.at(-1);
    if (last && next.positions && isAlike(last, next)) sent[sent.length - 1] = joined(last, next);
    else sent.push(next);
  }
  return { maxTokens, reserve, ...(margin > 0 && { margin }), tokens, items: sent };
}

function sentItem(
  { source, included, reason, tokens, messages, turnId, summaryId, recalled, turns, cut }: ContextItem,
  positionOf: (turnId: string) => number | undefined,
  tools: string,
): SentItem {
  const position = turnId === undefined ? undefined : positionOf(turnId);
  const isText = source === 'instructions' || source === 'environment';
  return {
    source,
    included,
    reason,
    tokens,
    ...(isText && { text: messages.map(({ content }) => content).join('\n\n') }),
    ...(source === 'tools' && { text: tools }),
    ...(summaryId !== undefined && { summaryId }),
    ...(recalled && { recalled: sourceOf(recalled) }),
    ...(position !== undefined && { positions: [position], each: [tokens] }),
    ...(turns !== undefined && { turns }),
    ...(cut !== undefined && { cut }),
  };
}

/** How many passages and facts were recalled into the request: what turns tell as `recalled`, where there are any. */
export function recalledIn(
  context: { readonly items: readonly Pick<SentItem, 'source' | 'included' | 'count'>[] } | undefined,
): {
  readonly recalled?: number;
} {
  const recalled = (context?.items ?? []).reduce(
    (total, { source, included, count = 1 }) => total + (source === 'recalled' && included ? count : 0),
    0,
  );
  return recalled > 0 ? { recalled } : {};
}

function isAlike(a: SentItem, b: SentItem): boolean {
  return (
    a.positions !== undefined && a.source === b.source && a.included === b.included && a.reason === b.reason
  );
}

function joined(a: SentItem, b: SentItem): SentItem {
  const cut = (a.cut ?? 0) + (b.cut ?? 0);
  return {
    ...a,
    tokens: a.tokens + b.tokens,
    positions: [...(a.positions ?? []), ...(b.positions ?? [])],
    each: [...(a.each ?? []), ...(b.each ?? [])],
    ...(cut > 0 && { cut }),
  };
}
