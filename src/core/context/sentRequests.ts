import type { Message } from '../message';
import { cutMark } from './carried';
import type { Context, ContextItem } from './context';
import { sentContext, type OwnMessages, type SentContext, type SentItem, type SentStep } from './sentContext';

/** Gathers what the requests of a running turn carry: each adds what differs from the one before it. */
export class SentRequests {
  readonly #positionOf: (turnId: string) => number | undefined;
  #sent: SentContext | undefined;
  #last: SentContext | undefined;

  /** @param positionOf of the turns that the contexts name */
  constructor(positionOf: (turnId: string) => number | undefined) {
    this.#positionOf = positionOf;
  }

  /** Undefined before the first request. */
  get context(): SentContext | undefined {
    return this.#sent;
  }

  /** @param current the turn's messages that the request was made for */
  add(context: Context, current: readonly Message[]): void {
    const next = sentContext(context, this.#positionOf);
    if (this.#sent && this.#last) {
      const own = ownMessages(context.items, current);
      const step = stepOf(this.#last, next, own);
      this.#sent = { ...this.#sent, later: [...(this.#sent.later ?? []), step] };
    } else this.#sent = next;
    this.#last = next;
  }
}

function stepOf(last: SentContext, next: SentContext, own: OwnMessages): SentStep {
  const items = withoutPrompt(next.items);
  const { tokens, maxTokens, reserve } = next;
  return {
    tokens,
    own,
    ...(!areAlike(withoutPrompt(last.items), items) && { items }),
    ...(maxTokens !== last.maxTokens && { maxTokens }),
    ...(reserve !== last.reserve && { reserve }),
  };
}

function ownMessages(items: readonly ContextItem[], current: readonly Message[]): OwnMessages {
  const prompt = items.find(({ source }) => source === 'prompt');
  const sent = prompt?.messages ?? [];
  const cuts = sent.flatMap(({ content }, index) =>
    content === current[index]?.content ? [] : [[index, content.length - cutMark.length] as const],
  );
  return { messages: sent.length, tokens: prompt?.tokens ?? 0, ...(cuts.length > 0 && { cuts }) };
}

function withoutPrompt(items: readonly SentItem[]): readonly SentItem[] {
  return items.filter(({ source }) => source !== 'prompt');
}

/** But for their tokens, which are estimated anew each time. */
function areAlike(before: readonly SentItem[], after: readonly SentItem[]): boolean {
  return JSON.stringify(before.map(withoutTokens)) === JSON.stringify(after.map(withoutTokens));
}

function withoutTokens({
  tokens: _tokens,
  each: _each,
  ...item
}: SentItem): Omit<SentItem, 'tokens' | 'each'> {
  return item;
}
