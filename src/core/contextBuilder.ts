import type { ModelRequest, ToolDefinition } from './chatModel';
import { InputError } from './errors';
import type { StoredTurn } from './historyLog';
import { demotionWords, type DemotionReason, type MemoryPolicy } from './memory/memoryPolicy';
import { answerText, type Message } from './message';
import type { TokenCounter } from './tokenCounter';

export type ContextSource = 'instructions' | 'tools' | 'window' | 'prompt';

/** One thing that the next request carries, or leaves out, and why. */
export interface ContextItem {
  readonly source: ContextSource;
  readonly turnId?: string;
  readonly tokens: number;
  readonly included: boolean;
  readonly reason: string;
  readonly messages: readonly Message[];
}

/** Exactly what the next request sends, item by item. Tokens are estimates. */
export interface Context {
  readonly items: readonly ContextItem[];
  readonly request: ModelRequest;
  readonly tokens: number;
  readonly maxTokens: number;
  /** Of `maxTokens`, what is kept free for the answer. */
  readonly reserve: number;
}

export interface ContextInput {
  /** Sent as one system message, in this order. */
  readonly instructions: readonly { readonly text: string; readonly reason: string }[];
  readonly tools: readonly ToolDefinition[];
  /** Ended turns of the session, oldest first: at least all that could fit. */
  readonly turns: readonly StoredTurn[];
  /** Turns before this position are trimmed. */
  readonly contextStart: number;
  /** The running turn: the prompt, and what it has led to so far. */
  readonly current: readonly Message[];
  readonly maxTokens: number;
}

export interface ContextBuilderOptions {
  readonly counter: TokenCounter;
  readonly policy: MemoryPolicy;
}

const cutMark = '\n[… cut to fit the token budget; the whole result is stored]';

export class ContextBuilder {
  readonly #counter: TokenCounter;
  readonly #policy: MemoryPolicy;
  constructor({ counter, policy }: ContextBuilderOptions) {
    this.#counter = counter;
    this.#policy = policy;
  }

  /** What the window of a request may cost at most, in tokens: how far back it is worth reading. */
  windowBudget(maxTokens: number): number {
    return maxTokens - reserveOf(maxTokens);
  }

  turnCost = (turn: Pick<StoredTurn, 'messages'>): number => this.#cost(carried(turn));

  /** @throws InputError `cannot-fit` where the instructions, tools and the prompt alone exceed the budget */
  build(input: ContextInput): Context {
    const { instructions, tools, maxTokens } = input;
    const reserve = reserveOf(maxTokens);
    const system = instructions.map(({ text, reason }): ContextItem => {
      const messages: Message[] = [{ role: 'system', content: text }];
      return { source: 'instructions', tokens: this.#cost(messages), included: true, reason, messages };
    });
    const toolTokens = this.#counter.tools(tools);
    const fixed = toolTokens + sum(system.map((item) => item.tokens));
    const current = this.#fitCurrent(input.current, maxTokens - reserve - fixed);
    const currentTokens = this.#cost(current);

    const window = this.#window(input, maxTokens - reserve - fixed - currentTokens);
    const items: ContextItem[] = [
      ...system,
      ...(tools.length > 0
        ? [
            {
              source: 'tools' as const,
              tokens: toolTokens,
              included: true,
              reason: tools.map((tool) => tool.name).join(', '),
              messages: [],
            },
          ]
        : []),
      ...window,
      { source: 'prompt', tokens: currentTokens, included: true, reason: 'This turn', messages: current },
    ];
    const included = items.filter((item) => item.included);
    const systemText = instructions.map(({ text }) => text).join('\n\n');
    const messages = [
      ...(systemText === '' ? [] : [{ role: 'system' as const, content: systemText }]),
      ...included.filter((item) => item.source !== 'instructions').flatMap((item) => item.messages),
    ];
    return {
      items,
      request: { messages, tools },
      tokens: sum(included.map((i) => i.tokens)),
      maxTokens,
      reserve,
    };
  }

  #window({ turns, contextStart }: ContextInput, budget: number): ContextItem[] {
    const early = new Map<string, DemotionReason>();
    for (const turn of turns) {
      if (turn.position < contextStart) early.set(turn.id, 'trimmed');
      else if (turn.status === 'failed' && answerText(turn) === '') early.set(turn.id, 'failed');
    }
    const { demoted } = this.#policy.select({
      turns: turns.filter((turn) => !early.has(turn.id)),
      budget,
      cost: this.turnCost,
    });
    const late = new Map(demoted.map(({ turn, reason }) => [turn.id, reason]));
    return turns.map((turn): ContextItem => {
      const left = early.get(turn.id) ?? late.get(turn.id);
      return {
        source: 'window',
        turnId: turn.id,
        tokens: this.turnCost(turn),
        included: left === undefined,
        reason: left === undefined ? 'Recent' : demotionWords[left],
        messages: carried(turn),
      };
    });
  }

  /** The running turn always goes; where it is too much, its tool results are cut, the longest first. */
  #fitCurrent(current: readonly Message[], budget: number): readonly Message[] {
    const prompt = current.slice(0, 1);
    if (this.#cost(prompt) > budget) {
      const message = `The prompt needs about ${this.#cost(prompt)} tokens; ${Math.max(0, budget)} are left for it. Shorten it, or raise "throughline.context.maxTokens".`;
      throw new InputError({ reason: 'cannot-fit', message });
    }
    const fitted = [...current];
    let tokens = this.#cost(fitted);
    while (tokens > budget) {
      const long = longestResults(fitted);
      if (long.length === 0) {
        const message = `This turn's messages need about ${tokens} tokens; ${Math.max(0, budget)} are left for them. Raise "throughline.context.maxTokens".`;
        throw new InputError({ reason: 'cannot-fit', message });
      }
      for (const [index, message] of long) {
        if (tokens <= budget) break;
        const half = message.content.slice(0, Math.floor((message.content.length - cutMark.length) / 2));
        const cut = { ...message, content: half + cutMark };
        tokens += this.#cost([cut]) - this.#cost([message]);
        fitted[index] = cut;
      }
    }
    return fitted;
  }

  #cost(messages: readonly Message[]): number {
    return sum(messages.map((message) => this.#counter.message(message)));
  }
}

/** Instructions come from the settings alone: an imported file must not speak with the system's voice. */
function carried({ messages }: Pick<StoredTurn, 'messages'>): readonly Message[] {
  return messages.some(({ role }) => role === 'system')
    ? messages.filter(({ role }) => role !== 'system')
    : messages;
}

/** Shorter results are not cut. In characters. */
const shortResult = 200;

/** Tool results more than half as long as the longest, the longest first, with their places. */
function longestResults(messages: readonly Message[]): readonly (readonly [number, Message])[] {
  const results = [...messages.entries()].filter(
    ([, { role, content }]) => role === 'tool' && content.length >= shortResult,
  );
  const most = results.reduce((length, [, { content }]) => Math.max(length, content.length), 0);
  return results
    .filter(([, { content }]) => content.length > most / 2)
    .sort(([, a], [, b]) => b.content.length - a.content.length);
}

/** A quarter of the window, at most 4,096 tokens. */
function reserveOf(maxTokens: number): number {
  return Math.min(4096, Math.floor(maxTokens / 4));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
