import { recalledLines, withRecalled, type RecalledPart } from '../memory/quotedRecall';
import type { Recollection } from '../memory/recaller';
import type { RecalledUnit } from '../memory/recalledUnits';
import type { Message } from '../message';
import type { TokenCounter } from '../tokenCounter';
import type { ContextItem } from './context';

/** What a request recalls, by what is known of it. */
export type RecallInput =
  /** It is still to be found: its share is kept free. */
  | { readonly stage: 'open'; readonly maxTokens: number }
  | { readonly stage: 'found'; readonly maxTokens: number; readonly found: Recollection }
  /** The turn's first request has chosen: the others carry the same, byte for byte. */
  | { readonly stage: 'chosen'; readonly items: readonly ContextItem[] };

export interface ChooseOptions {
  /** Undefined before anything is typed. */
  readonly prompt: Message | undefined;
  readonly counter: TokenCounter;
  /** What they may cost together, in tokens. */
  readonly limit: number;
  /** Ids of the turns that the request carries anyway. */
  readonly carried: ReadonlySet<string>;
}

const missedWords = {
  late: 'Recall took too long, and the prompt goes without',
  failed: 'Recall failed, and the prompt goes without',
} as const;

/** What fits, in the order in which it was said; then what does not, and why. */
export function chooseRecalled(
  { units, missed }: Recollection,
  options: ChooseOptions,
): readonly ContextItem[] {
  if (missed) return [leftOut(missedWords[missed])];
  const isCarried = (unit: RecalledUnit): boolean =>
    unit.parts.some(({ recalled }) => 'turnId' in recalled && options.carried.has(recalled.turnId));
  const [twice, free] = [units.filter(isCarried), units.filter((unit) => !isCarried(unit))];
  const { chosen, tokens } = fitting(free, options);
  const over = free.filter((unit) => !chosen.includes(unit));
  return [
    ...includedItems(chosen, tokens, options.counter),
    ...over.map((unit) =>
      leftOut(`Fits the prompt, but not the ${options.limit} tokens that recall may take`, unit, options),
    ),
    ...twice.map((unit) => leftOut('Already carried with its turn', unit, options)),
  ];
}

/** What a request may recall for a prompt that it cannot hold beside it any more. */
export function withoutRoom(items: readonly ContextItem[]): readonly ContextItem[] {
  const reason = 'No room is left for it beside what this turn has led to';
  return items.map((item) => (item.included ? { ...item, included: false, reason } : item));
}

/** What stands before the prompt in its message. */
export function linesIn(items: readonly ContextItem[]): readonly string[] {
  return items
    .filter(({ source, included }) => source === 'recalled' && included)
    .flatMap(({ messages }) => messages.map(({ content }) => content));
}

interface Fitting {
  readonly chosen: readonly RecalledUnit[];
  readonly tokens: number;
}

/** The best that fit together; one that is too long for the rest is passed over. */
function fitting(units: readonly RecalledUnit[], { prompt, counter, limit }: ChooseOptions): Fitting {
  let room = limit;
  let chosen = units.filter((unit) => {
    const cost = counter.text(recalledLines(unit.parts).join('\n'));
    if (cost > room) return false;
    room -= cost;
    return true;
  });
  const alone = prompt ? counter.message(prompt) : 0;
  for (;;) {
    if (chosen.length === 0) return { chosen, tokens: 0 };
    const lines = recalledLines(inOrder(chosen));
    const content = withRecalled(lines, prompt?.content ?? '');
    const tokens = counter.message({ role: 'user', ...prompt, content }) - alone;
    if (tokens <= limit) return { chosen, tokens };
    chosen = chosen.slice(0, -1);
  }
}

/** Facts, then what was said: the oldest first, so that it reads as it went on. */
function inOrder(units: readonly RecalledUnit[]): readonly RecalledPart[] {
  const rank = ({ parts: [first] }: RecalledUnit): string =>
    first === undefined
      ? ''
      : 'factId' in first.recalled
        ? `0 ${first.recalled.createdAt}`
        : `1 ${first.recalled.createdAt} ${first.recalled.sessionId}`;
  return units
    .toSorted((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0))
    .flatMap(({ parts }) => parts);
}

function includedItems(
  units: readonly RecalledUnit[],
  tokens: number,
  counter: TokenCounter,
): readonly ContextItem[] {
  const parts = inOrder(units);
  const lines = recalledLines(parts);
  const items = parts.map(({ recalled, reason }, index): ContextItem => {
    const messages: Message[] = [{ role: 'user', content: lines[index] ?? '' }];
    return { source: 'recalled', recalled, tokens: 0, included: true, reason, messages };
  });
  return withCosts(items, tokens, counter);
}

/** The tokens of all, which the quotation around them is a part of, by the length of each. */
function withCosts(
  items: readonly ContextItem[],
  tokens: number,
  counter: TokenCounter,
): readonly ContextItem[] {
  const costs = items.map(({ messages }) => counter.text(messages[0]?.content ?? ''));
  const sum = costs.reduce((total, cost) => total + cost, 0);
  let spent = 0;
  return items.map((item, index): ContextItem => {
    const isLast = index === items.length - 1;
    const own = isLast ? tokens - spent : Math.floor((tokens * (costs[index] ?? 0)) / Math.max(1, sum));
    spent += own;
    return { ...item, tokens: own };
  });
}

/** What the turn's first request recalled, as it costs this one. */
export function repeated(
  items: readonly ContextItem[],
  prompt: Message,
  counter: TokenCounter,
): readonly ContextItem[] {
  const content = withRecalled(linesIn(items), prompt.content);
  const tokens = counter.message({ ...prompt, content }) - counter.message(prompt);
  const [taken, rest] = [items.filter(({ included }) => included), items.filter(({ included }) => !included)];
  return [...withCosts(taken, tokens, counter), ...rest];
}

function leftOut(reason: string, unit?: RecalledUnit, options?: ChooseOptions): ContextItem {
  const parts = unit?.parts ?? [];
  const lines = recalledLines(parts);
  const main = parts.find((part) => !part.isNeighbour) ?? parts[0];
  return {
    source: 'recalled',
    ...(main && { recalled: main.recalled }),
    tokens: options ? options.counter.text(lines.join('\n')) : 0,
    included: false,
    reason,
    messages: lines.map((content) => ({ role: 'user', content })),
  };
}
