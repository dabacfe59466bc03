import type { Context } from '../context/context';
import type { ContextParts } from '../context/sessionContext';
import type { DemotionReason } from './memoryPolicy';
import type { StoredTurn } from '../historyLog';
import { lowWatermark } from './tokenBudget';

/** How full the window is, and what a summary would stand for. */
export interface CompactionPlan {
  /** What the window's turns cost, as a share of what they may. */
  readonly fill: number;
  /** What turns cost that are left out and covered by no summary, as a share of the same. */
  readonly uncovered: number;
  /** Turns for one summary, oldest first: those that the next cut would leave out, or has. Empty: not worth it. */
  readonly turns: readonly StoredTurn[];
  /** What these turns cost a request, in tokens. */
  readonly tokens: number;
}

/** Fewer tokens are not worth a summary. */
const leastTokens = 200;

export interface CompactionPlanOptions {
  /** How full the window may stay, as a share. */
  readonly low?: number;
  /** The user asks for it: turns whose summary was undone too. By itself none is made of these again. */
  readonly asked?: boolean;
}

/** @param context of the next request, before a prompt is typed */
export function compactionPlan(
  context: Context,
  { turns, summaries }: ContextParts,
  { low = lowWatermark, asked = false }: CompactionPlanOptions = {},
): CompactionPlan {
  const { kept, left, room, fill } = windowFill(context);
  const told = summaries.filter(({ state }) => state === 'active' || !asked);
  const covered = new Set(told.flatMap(({ turnIds }) => turnIds));
  // A summary that waits for its turns to be left out has done its part already.
  const isReady = summaries.some(
    ({ state, turnIds }) => state === 'active' && turnIds.some((id) => kept.has(id)),
  );
  let remaining = isReady ? 0 : total(kept.values());
  const chosen: StoredTurn[] = [];
  let tokens = 0;
  for (const turn of turns.slice(0, -1)) {
    const isOver = remaining > room * low;
    const carried = kept.get(turn.id);
    remaining -= carried ?? 0;
    const cost = left.get(turn.id) ?? (isOver ? carried : undefined);
    if (covered.has(turn.id) || cost === undefined) continue;
    chosen.push(turn);
    tokens += cost;
  }
  const uncovered = total([...left].filter(([id]) => !covered.has(id)).map(([, cost]) => cost)) / room;
  const isWorth = tokens >= leastTokens;
  return { fill, uncovered, turns: isWorth ? chosen : [], tokens: isWorth ? tokens : 0 };
}

interface WindowFill {
  /** What its turns cost, by turn id: those carried, and those left out that a summary could stand for. */
  readonly kept: ReadonlyMap<string, number>;
  readonly left: ReadonlyMap<string, number>;
  /** What they may cost together, in tokens: the share of what a prompt may recall is not theirs. */
  readonly room: number;
  readonly fill: number;
}

function windowFill({ items, budget, recallLimit = 0 }: Context): WindowFill {
  const kept = new Map<string, number>();
  const left = new Map<string, number>();
  let others = recallLimit;
  for (const { source, turnId, included, tokens, leftOut } of items) {
    const isWindow = source === 'window' && turnId !== undefined;
    if (isWindow && included) kept.set(turnId, tokens);
    else if (isWindow && leftOut && summarisable.has(leftOut)) left.set(turnId, tokens);
    else if (included && source !== 'recalled') others += tokens;
  }
  const room = Math.max(1, budget - others);
  return { kept, left, room, fill: total(kept.values()) / room };
}

/** What the whole request costs once its window is as full as `threshold`, in tokens: the oldest turns are summarised then. */
export function compactionStart(context: Context, threshold: number): number {
  const { room, fill } = windowFill(context);
  return Math.max(0, Math.round(context.tokens + (threshold - fill) * room));
}

const summarisable: ReadonlySet<DemotionReason> = new Set([
  'over-budget',
  'window-cut',
  'sliding-window',
  'not-selected',
]);

function total(numbers: Iterable<number>): number {
  return [...numbers].reduce((sum, number) => sum + number, 0);
}
