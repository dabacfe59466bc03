import type { StoredTurn } from '../historyLog';
import { demotionWords, type DemotionReason, type Selection } from '../memory/memoryPolicy';
import { standing } from '../memory/standing';
import { answerText, type Message } from '../message';
import { titleOf } from '../sessionEntry';
import type { TokenCounter } from '../tokenCounter';
import { requestBudget, reserveOf, resultLimit, summaryLimit } from './budget';
import { carriedTurn } from './carried';
import type { Context, ContextInput, ContextItem } from './context';
import { cannotFit, fitCurrent } from './fitCurrent';
import { summaryItems } from './summaryItems';

/**
 * Makes the next request: what stays the same from request to request comes first (instructions, tools, summaries,
 * pinned turns, the window), then the prompt. Reads nothing and keeps nothing.
 * @throws InputError `cannot-fit` where the instructions, a pinned turn or the prompt exceed the budget
 */
export function buildContext(input: ContextInput): Context {
  const { tools, counter, maxTokens, current, pins = [], turns } = input;
  const reserve = reserveOf(maxTokens);
  const budget = Math.floor(requestBudget(maxTokens) / (input.margin ?? 1));
  const resultTokens = resultLimit(maxTokens);
  const system = input.instructions.map(({ text, ...item }): ContextItem => {
    const messages: Message[] = [{ role: 'system', content: text }];
    return { ...item, tokens: costOf(messages, counter), included: true, messages };
  });
  const toolTokens = counter.tools(tools);
  const fixed = toolTokens + sum(system);
  if (fixed > budget) {
    throw cannotFit(
      `The instructions and tools need about ${fixed} tokens; a request may have ${budget}. Shorten the instructions, or raise "throughline.context.maxTokens".`,
    );
  }
  const fitted = fitCurrent(current, counter, { budget: budget - fixed, resultTokens });
  const cost = (turn: StoredTurn): number => costOf(carriedTurn(turn, resultTokens).messages, counter);

  const room = budget - fixed - fitted.tokens;
  const { summaries, selection, early } = chooseWindow(input, room, cost);
  const window = windowItems([...pins, ...turns], early, selection, (turn) => ({
    tokens: cost(turn),
    ...carriedTurn(turn, resultTokens),
  }));
  const items: ContextItem[] = [
    ...system,
    ...toolItems(input, toolTokens),
    ...summaries,
    ...unreadItems(input),
    ...window,
    {
      source: 'prompt',
      tokens: fitted.tokens,
      included: true,
      reason: 'This turn',
      messages: fitted.messages,
      ...(fitted.cut > 0 && { cut: fitted.cut }),
    },
  ];
  const start = selection.kept.find((turn) => !turn.pinned)?.position;
  return {
    items,
    request: { messages: messagesOf(items), tools },
    tokens: sum(items.filter((item) => item.included)),
    maxTokens,
    reserve,
    budget,
    ...(start !== undefined && { start }),
  };
}

/** What all of an item's messages say, as they are sent: the system's in one message, the others one by one. */
function messagesOf(items: readonly ContextItem[]): readonly Message[] {
  const included = items.filter((item) => item.included).flatMap((item) => item.messages);
  const system = included.filter(({ role }) => role === 'system').map(({ content }) => content);
  const content = system.join('\n\n');
  return [
    ...(content === '' ? [] : [{ role: 'system' as const, content }]),
    ...included.filter(({ role }) => role !== 'system'),
  ];
}

interface ChosenWindow {
  readonly summaries: readonly ContextItem[];
  readonly selection: Selection;
  /** Turns that the policy was not asked about, and why. */
  readonly early: ReadonlyMap<string, DemotionReason>;
}

/**
 * What the policy keeps. A summary takes the place of its turns only where one of them is not carried any more: until
 * then they speak for themselves, and the request begins as the last one did.
 */
function chooseWindow(input: ContextInput, room: number, cost: (turn: StoredTurn) => number): ChosenWindow {
  const { summaries = [], pins = [], turns, start = -Infinity, policy, maxTokens, counter } = input;
  const left = leftOutEarly(input);
  const all = [...pins, ...turns].filter(({ id }) => !left.has(id));
  const pinned = all.filter((turn) => turn.pinned).reduce((total, turn) => total + cost(turn), 0);
  const limit = Math.min(summaryLimit(maxTokens), room - pinned);
  const carried = new Set(all.filter(({ position }) => position >= start).map(({ id }) => id));
  const known = standing(summaries);
  let inForce = known.single.filter(({ turnIds }) => turnIds.some((id) => !carried.has(id)));
  for (;;) {
    const standIns = new Set(inForce.flatMap(({ turnIds }) => turnIds));
    const early = new Map(left);
    for (const turn of [...pins, ...turns]) {
      if (!turn.pinned && standIns.has(turn.id)) early.set(turn.id, 'summarised');
    }
    const items = summaryItems(known, inForce, { counter, limit });
    const windowRoom = room - sum(items.filter((item) => item.included));
    const selection = policy.select({
      turns: all.filter(({ id }) => !early.has(id)),
      budget: windowRoom,
      cost,
      ...(input.start !== undefined && { start: input.start }),
      ...(input.wide && { wide: true }),
    });
    refusePinThatCannotFit(selection, cost, windowRoom);
    const demoted = new Set(selection.demoted.map(({ turn }) => turn.id));
    const needed = known.single.filter(
      (summary) => inForce.includes(summary) || summary.turnIds.some((id) => demoted.has(id)),
    );
    if (needed.length === inForce.length) return { summaries: items, selection, early };
    inForce = needed;
  }
}

/** Turns that no policy is asked about. */
function leftOutEarly({
  turns,
  contextStart,
  contextKept = [],
}: ContextInput): ReadonlyMap<string, DemotionReason> {
  const early = new Map<string, DemotionReason>();
  for (const turn of turns) {
    if (turn.pinned) continue;
    if (turn.position < contextStart && !contextKept.includes(turn.position)) early.set(turn.id, 'trimmed');
    else if (turn.status === 'failed' && answerText(turn) === '') early.set(turn.id, 'failed');
  }
  return early;
}

function windowItems(
  turns: readonly StoredTurn[],
  early: ReadonlyMap<string, DemotionReason>,
  { demoted, reasons }: Selection,
  carried: (turn: StoredTurn) => Pick<ContextItem, 'tokens' | 'messages'> & { readonly cut: number },
): readonly ContextItem[] {
  const late = new Map(demoted.map(({ turn, reason }) => [turn.id, reason]));
  return turns.map((turn): ContextItem => {
    const left = early.get(turn.id) ?? late.get(turn.id);
    const { cut, ...sent } = carried(turn);
    return {
      ...sent,
      source: turn.pinned ? 'pin' : 'window',
      turnId: turn.id,
      included: left === undefined,
      reason:
        left === undefined
          ? turn.pinned
            ? 'Pinned'
            : (reasons?.get(turn.id) ?? 'Recent')
          : demotionWords[left],
      ...(left !== undefined && { leftOut: left }),
      ...(cut > 0 && left === undefined && { cut }),
    };
  });
}

function toolItems({ tools }: ContextInput, tokens: number): readonly ContextItem[] {
  if (tools.length === 0) return [];
  const reason = tools.map((tool) => tool.name).join(', ');
  return [{ source: 'tools', tokens, included: true, reason, messages: [] }];
}

function unreadItems({ unread = 0 }: ContextInput): readonly ContextItem[] {
  if (unread === 0) return [];
  const leftOut = 'over-budget';
  const reason = demotionWords[leftOut];
  return [{ source: 'window', tokens: 0, included: false, reason, leftOut, messages: [], turns: unread }];
}

function refusePinThatCannotFit(
  { cannotFit: turn }: Selection,
  cost: (turn: StoredTurn) => number,
  room: number,
): void {
  if (!turn?.pinned) return;
  const title = titleOf(turn.messages.find(({ role }) => role === 'user')?.content ?? '');
  throw cannotFit(
    `The pinned turn "${title}" needs about ${cost(turn)} tokens; ${Math.max(0, room)} are left for pinned turns. Unpin it, shorten the prompt, or raise "throughline.context.maxTokens".`,
  );
}

function costOf(messages: readonly Message[], counter: TokenCounter): number {
  return messages.reduce((total, message) => total + counter.message(message), 0);
}

function sum(items: readonly ContextItem[]): number {
  return items.reduce((total, { tokens }) => total + tokens, 0);
}
