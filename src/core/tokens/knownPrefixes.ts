import type { ModelRequest, ToolDefinition } from '../chatModel';
import type { Message } from '../message';
import { messageText, toolsText } from './countedText';
import { fingerprint } from './fingerprint';
import type { RequestParts } from './modelFit';

/** A request whose cost was reported. */
interface Known {
  readonly tools: string;
  readonly messages: readonly { readonly key: string; readonly parts: RequestParts }[];
  readonly reported: number;
}

/** Some sessions at a time. */
const most = 4;
/** What has less than this in common says little. */
const leastShare = 0.5;

const keys = new WeakMap<object, string>();

function once<T extends object>(object: T, key: (object: T) => string): string {
  const known = keys.get(object) ?? key(object);
  keys.set(object, known);
  return known;
}

const messageKey = (message: Message): string =>
  once(message, (made) => `${made.role} ${fingerprint(messageText(made))}`);
const toolsKey = (tools: readonly ToolDefinition[]): string =>
  tools.length === 0 ? '' : once(tools, (made) => fingerprint(toolsText(made)));

/** What a model's last requests cost as a whole. A request mostly begins as the one before it did. */
export class KnownPrefixes {
  /** The newest last. */
  #known: Known[] = [];

  add(
    { messages, tools }: ModelRequest,
    reported: number,
    partsOf: (message: Message) => RequestParts,
  ): void {
    const known: Known = {
      tools: toolsKey(tools),
      messages: messages.map((message) => ({ key: messageKey(message), parts: partsOf(message) })),
      reported,
    };
    const own = messages.map(messageKey);
    // One that this one begins with is of no more use.
    this.#known = this.#known
      .filter((other) => shared(other, known.tools, own) < other.messages.length)
      .slice(1 - most);
    this.#known.push(known);
  }

  /** The longest known request that this one begins with: how many messages it has, and what it cost. */
  contained(request: ModelRequest): { readonly length: number; readonly reported: number } | undefined {
    const found = this.#longest(request);
    if (!found || found.length < found.known.messages.length) return undefined;
    return { length: found.length, reported: found.known.reported };
  }

  /**
   * By how much a request costs more than expected (less, if negative): what a known one with the same beginning did, by
   * the share of it that they have in common. Undefined where that is less than half.
   * @param cost of the request's tools and its first `length` messages, and of what comes on top
   */
  correction(
    request: ModelRequest,
    cost: (length: number, more: readonly RequestParts[]) => number,
  ): number | undefined {
    const found = this.#longest(request);
    if (!found) return undefined;
    const { known, length } = found;
    const rest = known.messages.slice(length).map(({ parts }) => parts);
    const whole = cost(length, rest);
    if (whole <= 0) return undefined;
    const share = Math.min(1, cost(length, []) / whole);
    return share < leastShare ? undefined : (known.reported - whole) * share;
  }

  #longest({
    messages,
    tools,
  }: ModelRequest): { readonly known: Known; readonly length: number } | undefined {
    const ownTools = toolsKey(tools);
    const own = messages.map(messageKey);
    let best: { readonly known: Known; readonly length: number } | undefined;
    for (const known of this.#known) {
      const length = shared(known, ownTools, own);
      if (length > 0 && length >= (best?.length ?? 0)) best = { known, length };
    }
    return best;
  }
}

/** How many messages both begin with; none where the tools differ, which servers put first. */
function shared(known: Known, tools: string, messages: readonly string[]): number {
  if (known.tools !== tools) return 0;
  let length = 0;
  while (length < messages.length && messages[length] === known.messages[length]?.key) length += 1;
  return length;
}
