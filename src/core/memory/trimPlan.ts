import type { ContextParts } from '../context/sessionContext';
import type { StoredTurn } from '../historyLog';
import { selectiveRetention } from './selectiveRetention';
import { slidingWindow } from './slidingWindow';
import type { Summary } from './summary';

/** What requests carry from now on, until the trim is undone. Pinned turns are carried in any case. */
export type TrimChoice =
  /** The newest turns, or whole turns of the newest messages. */
  | { readonly strategy: 'slidingWindow'; readonly turns: number }
  | { readonly strategy: 'slidingWindow'; readonly messages: number }
  /** The newest turns that cost at most so many tokens together. */
  | { readonly strategy: 'tokenBudget'; readonly tokens: number }
  /** Turns with tool calls, and so many of the newest. */
  | { readonly strategy: 'selectiveRetention'; readonly turns: number };

/** A trim as the log keeps it: requests carry turns from `contextStart` on, and those at `contextKept` before it. */
export interface TrimPlan {
  readonly contextStart: number;
  readonly contextKept: readonly number[];
}

/**
 * @param turns ended turns, oldest first: all that could be kept
 * @param cost in tokens
 */
export function trimPlan(
  choice: TrimChoice,
  turns: readonly StoredTurn[],
  cost: (turn: StoredTurn) => number,
): TrimPlan {
  const kept = new Set(keptTurns(choice, turns, cost));
  const lastLeft = turns.findLast((turn) => !kept.has(turn));
  const contextStart = lastLeft ? lastLeft.position + 1 : 0;
  const before = turns.filter((turn) => kept.has(turn) && turn.position < contextStart && !turn.pinned);
  return { contextStart, contextKept: before.map(({ position }) => position) };
}

/**
 * Leaves out what the summary stands for, and whatever is left out already.
 * @param carried ids of the turns that the next request carries as it is now
 */
export function standInPlan(
  { to, turnIds }: Pick<Summary, 'to' | 'turnIds'>,
  { turns, session: { contextStart } }: ContextParts,
  carried: ReadonlySet<string>,
): TrimPlan {
  const covered = new Set(turnIds);
  const start = Math.max(contextStart, to + 1);
  const isKept = ({ id, position, pinned }: StoredTurn): boolean =>
    position < start && !pinned && !covered.has(id) && carried.has(id);
  return { contextStart: start, contextKept: turns.filter(isKept).map(({ position }) => position) };
}

function keptTurns(
  choice: TrimChoice,
  turns: readonly StoredTurn[],
  cost: (turn: StoredTurn) => number,
): readonly StoredTurn[] {
  const input = { turns, budget: Infinity, cost };
  switch (choice.strategy) {
    case 'slidingWindow': {
      if ('turns' in choice) return choice.turns === 0 ? [] : turns.slice(-choice.turns);
      return choice.messages === 0
        ? []
        : slidingWindow({ turns: 0, messages: choice.messages }).select(input).kept;
    }
    case 'selectiveRetention':
      return selectiveRetention({ recentTurns: choice.turns }).select(input).kept;
    case 'tokenBudget': {
      let spent = 0;
      const first = turns.findLastIndex((turn) => (spent += cost(turn)) > choice.tokens);
      return turns.slice(first + 1);
    }
  }
}
