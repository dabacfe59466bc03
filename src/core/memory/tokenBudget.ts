import type { StoredTurn } from '../historyLog';
import type { DemotionReason, MemoryPolicy, PolicyInput, Selection } from './memoryPolicy';

/**
 * What the window is cut to once it is full, as a share of its budget. Requests repeat their predecessor's prefix until
 * the next cut: the lower, the rarer, and the less is remembered word by word (`npm run bench:context`).
 */
export const lowWatermark = 0.33;

/**
 * Keeps pinned turns, and the newest turns that fit the budget together, without a gap. It grows until it is full and
 * is then cut to `lowWatermark`, rather than sliding by a turn each time. Where even the newest does not fit, it is empty:
 * an older turn in its place would be taken for the newest.
 */
export const tokenBudget: MemoryPolicy = {
  select({ turns, budget, whole = budget, cost, start, wide = false }: PolicyInput): Selection {
    const kept = new Set<StoredTurn>();
    let room = budget;
    let cannotFit: StoredTurn | undefined;
    for (const turn of turns.filter(({ pinned }) => pinned).reverse()) {
      if (cost(turn) <= room) {
        kept.add(turn);
        room -= cost(turn);
      } else cannotFit ??= turn;
    }
    const window = turns.filter(({ pinned }) => !pinned);
    const newest = window.at(-1);
    const isTooLong = newest !== undefined && cost(newest) > room;
    if (isTooLong) cannotFit ??= newest;
    const widest = newestWithin(window, room, room, cost);
    const first = wide || isTooLong ? widest : firstKept(window, room, cost, start);
    for (const turn of window.slice(first)) kept.add(turn);
    // What is left out though it would fit beside the others: the window was cut further than it had to be.
    const cut = new Set(window.slice(widest, first));
    const reasonOf = (turn: StoredTurn): DemotionReason => {
      if (turn.pinned || (isTooLong && turn === newest)) return cost(turn) > whole ? 'cannot-fit' : 'no-room';
      return cut.has(turn) ? 'window-cut' : 'over-budget';
    };
    return {
      kept: turns.filter((turn) => kept.has(turn)),
      demoted: turns.filter((turn) => !kept.has(turn)).map((turn) => ({ turn, reason: reasonOf(turn) })),
      ...(cannotFit && { cannotFit }),
    };
  },
};

/** The index of the first turn that is kept. */
function firstKept(
  window: readonly StoredTurn[],
  room: number,
  cost: (turn: StoredTurn) => number,
  start = -Infinity,
): number {
  const begun = window.findIndex(({ position }) => position >= start);
  if (begun === -1) return newestWithin(window, room * lowWatermark, room, cost);
  let spent = 0;
  for (const turn of window.slice(begun)) spent += cost(turn);
  return spent <= room ? begun : newestWithin(window, room * lowWatermark, room, cost);
}

/** The newest turns that cost at most `low` together; the very newest also where it alone costs up to `high`. */
function newestWithin(
  window: readonly StoredTurn[],
  low: number,
  high: number,
  cost: (turn: StoredTurn) => number,
): number {
  let spent = 0;
  for (let index = window.length - 1; index >= 0; index -= 1) {
    const turn = window[index];
    spent += turn ? cost(turn) : 0;
    if (spent > (index === window.length - 1 ? high : low)) return index + 1;
  }
  return 0;
}
