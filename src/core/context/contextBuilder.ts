import type { StoredTurn } from '../historyLog';
import { demotionWords, type Demoted, type DemotionReason, type Selection } from '../memory/memoryPolicy';
import { withRecalled } from '../memory/quotedRecall';
import { standing } from '../memory/standing';
import type { Summary } from '../memory/summary';
import { isUnanswered, type Message } from '../message';
import { titleOf } from '../sessionEntry';
import type { TokenCounter } from '../tokenCounter';
import { recallLimit, requestBudget, reserveOf, resultLimit, summaryLimit } from './budget';
import { carriedTurn } from './carried';
import type { Context, ContextInput, ContextItem } from './context';
import { cannotFit, fitCurrent, type FittedTurn } from './fitCurrent';
import { chooseRecalled, linesIn, repeated, withoutRoom } from './recalledItems';
import { summaryItems } from './summaryItems';

/**
 * Makes the next request: what stays the same from request to request comes first (instructions, tools, summaries,
 * pinned turns, the window), then what is recalled and the prompt. Reads nothing and keeps nothing.
 * @throws InputError `cannot-fit` where the instructions, a pinned turn or the prompt exceed the budget
 */
export function buildContext(input: ContextInput): Context {
  const { tools, counter, maxTokens, pins = [], turns } = input;
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
  const { fitted, chosen } = fitTurn(input, { budget: budget - fixed, resultTokens });
  const cost = (turn: StoredTurn): number => costOf(carriedTurn(turn, resultTokens).messages, counter);

  const room = budget - fixed - fitted.tokens;
  const { recalled, summaries, selection, early, limit } = chooseRest(input, { room, budget, chosen, cost });
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
    ...recalled,
    ...promptItems(fitted),
  ];
  const start = selection.kept.find((turn) => !turn.pinned)?.position;
  return {
    items,
    request: { messages: messagesOf(items), tools },
    tokens: sum(items.filter((item) => item.included)),
    maxTokens,
    reserve,
    budget,
    ...(limit !== undefined && { recallLimit: limit }),
    ...(start !== undefined && { start }),
  };
}

/** None before anything is typed. */
function promptItems({ messages, tokens, cut }: FittedTurn): readonly ContextItem[] {
  if (messages.length === 0) return [];
  const reason = 'This turn';
  return [{ source: 'prompt', tokens, included: true, reason, messages, ...(cut > 0 && { cut }) }];
}

/**
 * What all of an item's messages say, as they are sent: the system's in one message, what is recalled in the prompt's, the
 * others one by one. Where there is no prompt yet, what is recalled stands alone.
 */
function messagesOf(items: readonly ContextItem[]): readonly Message[] {
  const lines = linesIn(items);
  const included = items
    .filter((item) => item.included && item.source !== 'recalled')
    .flatMap(({ source, messages: [first, ...rest] }) => {
      if (!first) return [];
      const content = source === 'prompt' ? withRecalled(lines, first.content) : first.content;
      return [content === first.content ? first : { ...first, content }, ...rest];
    });
  const system = included.filter(({ role }) => role === 'system').map(({ content }) => content);
  const content = system.join('\n\n');
  const hasPrompt = items.some(({ source }) => source === 'prompt');
  return [
    ...(content === '' ? [] : [{ role: 'system' as const, content }]),
    ...included.filter(({ role }) => role !== 'system'),
    ...(hasPrompt || lines.length === 0 ? [] : [{ role: 'user' as const, content: withRecalled(lines, '') }]),
  ];
}

interface FittedTurnAndRecall {
  readonly fitted: FittedTurn;
  /** What the turn's first request recalled, where there was one. */
  readonly chosen: readonly ContextItem[];
}

/** A later request of the turn repeats what the first recalled; only where it cannot hold both, the turn alone. */
function fitTurn(
  { current, counter, recall }: ContextInput,
  { budget, resultTokens }: { readonly budget: number; readonly resultTokens: number },
): FittedTurnAndRecall {
  const [prompt] = current;
  const chosen = recall?.stage === 'chosen' && prompt ? repeated(recall.items, prompt, counter) : [];
  const recalled = sum(chosen.filter(({ included }) => included));
  try {
    return { fitted: fitCurrent(current, counter, { budget: budget - recalled, resultTokens }), chosen };
  } catch (error) {
    if (recalled === 0) throw error;
    return { fitted: fitCurrent(current, counter, { budget, resultTokens }), chosen: withoutRoom(chosen) };
  }
}

interface Rest extends ChosenWindow {
  readonly recalled: readonly ContextItem[];
  /** What these may cost together, before they are chosen. */
  readonly limit?: number;
}

/**
 * The window beside what is recalled. That has a share of its own, which is kept free only where there is something to
 * recall, and never takes the place of a pinned turn or the newest.
 */
function chooseRest(
  input: ContextInput,
  {
    room,
    budget,
    chosen,
    cost,
  }: {
    readonly room: number;
    readonly budget: number;
    readonly chosen: readonly ContextItem[];
    readonly cost: (turn: StoredTurn) => number;
  },
): Rest {
  const { recall, current, counter, turns, pins = [] } = input;
  const [prompt] = current;
  const place = { room, budget };
  if (!recall) return { ...chooseWindow(input, place, cost), recalled: [] };
  if (recall.stage === 'chosen') {
    const taken = chosen.filter(({ included }) => included);
    return {
      ...chooseWindow(input, { room: room - sum(taken), budget }, cost, turnsOf(taken)),
      recalled: chosen,
    };
  }
  const left = leftOutEarly(input);
  const newest = turns.findLast((turn) => !turn.pinned && !left.has(turn.id));
  const needed = [...pins, ...turns.filter(({ pinned }) => pinned), ...(newest ? [newest] : [])];
  const free = room - needed.reduce((total, turn) => total + cost(turn), 0);
  const limit = Math.max(0, Math.min(recallLimit(budget, recall.maxTokens), free));
  const beside = chooseWindow(input, { room: room - limit, budget }, cost);
  if (recall.stage === 'open') return { ...beside, recalled: [], limit };
  const carried = new Set(beside.selection.kept.map(({ id }) => id));
  const recalled = chooseRecalled(recall.found, { prompt, counter, limit, carried });
  if (recalled.some(({ included }) => included)) return { ...beside, recalled, limit };
  return { ...chooseWindow(input, place, cost), recalled, limit };
}

function turnsOf(items: readonly ContextItem[]): ReadonlySet<string> {
  return new Set(
    items.flatMap(({ recalled }) => (recalled && 'turnId' in recalled ? [recalled.turnId] : [])),
  );
}

interface ChosenWindow {
  readonly summaries: readonly ContextItem[];
  readonly selection: Selection;
  /** Turns that the policy was not asked about, and why. */
  readonly early: ReadonlyMap<string, DemotionReason>;
}

/**
 * What the policy keeps. A summary takes the place of its turns only where one of them is not carried any more: until
 * then they speak for themselves, and the request begins as the last one did. Summaries, the oldest first, give way to
 * the newest turn where it does not fit beside them.
 * @param place.room for summaries, pinned turns and the window
 * @param place.budget of the whole request
 * @param recalled turns of which passages are: what was told apart from the window stays apart
 */
function chooseWindow(
  input: ContextInput,
  { room, budget }: { readonly room: number; readonly budget: number },
  cost: (turn: StoredTurn) => number,
  recalled: ReadonlySet<string> = new Set(),
): ChosenWindow {
  const { summaries = [], pins = [], turns, start = -Infinity, policy, maxTokens, counter } = input;
  const left = leftOutEarly(input, recalled);
  const all = [...pins, ...turns].filter(({ id }) => !left.has(id));
  const pinned = all.filter((turn) => turn.pinned).reduce((total, turn) => total + cost(turn), 0);
  const most = Math.min(summaryLimit(maxTokens), room - pinned);
  const carried = new Set(all.filter(({ position }) => position >= start).map(({ id }) => id));
  const known = standing(summaries);
  const beside = (inForce: readonly Summary[], limit: number): ChosenWindow => {
    const items = summaryItems(known, inForce, { counter, limit });
    const told = new Set(items.flatMap(({ included, summaryId }) => (included ? [summaryId] : [])));
    const tells = new Set(summaries.filter(({ id }) => told.has(id)).flatMap(({ turnIds }) => turnIds));
    const standIns = new Set(inForce.flatMap(({ turnIds }) => turnIds));
    const early = new Map(left);
    const unpinned = [...pins, ...turns].filter(({ pinned }) => !pinned);
    const toldTo = unpinned.findLast(({ id }) => tells.has(id))?.position ?? -1;
    for (const turn of unpinned.filter(({ id }) => standIns.has(id))) {
      if (tells.has(turn.id)) early.set(turn.id, 'summarised');
      // Where no later turn is told by a summary, these may speak for themselves.
      else if (left.get(turn.id) === 'trimmed' || (turn.position < toldTo && !left.has(turn.id)))
        early.set(turn.id, 'summary-left-out');
    }
    const windowRoom = room - sum(items.filter((item) => item.included));
    const selection = policy.select({
      turns: all.filter(({ id }) => !early.has(id)),
      budget: windowRoom,
      whole: budget,
      cost,
      ...(input.start !== undefined && { start: input.start }),
      ...(input.wide && { wide: true }),
    });
    refusePinThatCannotFit(selection, cost, windowRoom);
    const { cannotFit: newest } = selection;
    const free = newest ? room - pinned - cost(newest) : limit;
    if (free >= 0 && free < limit) return beside(inForce, free);
    const demoted = selection.demoted.map((one): Demoted => {
      const isTold = standIns.has(one.turn.id) && one.turn !== newest;
      return isTold ? { ...one, reason: 'summary-left-out' } : one;
    });
    return { summaries: items, selection: { ...selection, demoted }, early };
  };
  let inForce = known.single.filter(({ turnIds }) => turnIds.some((id) => !carried.has(id)));
  for (;;) {
    const chosen = beside(inForce, most);
    const demoted = new Set(chosen.selection.demoted.map(({ turn }) => turn.id));
    const needed = known.single.filter(
      (summary) => inForce.includes(summary) || summary.turnIds.some((id) => demoted.has(id)),
    );
    if (needed.length === inForce.length) return chosen;
    inForce = needed;
  }
}

/** Turns that no policy is asked about. */
function leftOutEarly(
  { turns, contextStart, contextKept = [] }: ContextInput,
  recalled: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, DemotionReason> {
  const early = new Map<string, DemotionReason>();
  for (const turn of turns) {
    if (turn.pinned) continue;
    if (turn.position < contextStart && !contextKept.includes(turn.position)) early.set(turn.id, 'trimmed');
    else if (isUnanswered(turn)) early.set(turn.id, 'failed');
    else if (recalled.has(turn.id)) early.set(turn.id, 'over-budget');
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
