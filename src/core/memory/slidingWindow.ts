import type { StoredTurn } from '../historyLog';
import type { MemoryPolicy, PolicyInput, Selection } from './memoryPolicy';

export interface SlidingWindowOptions {
  /** At most so many of the newest turns; 0 sets no limit. */
  readonly turns: number;
  /** At most so many of the newest messages, in whole turns; 0 sets no limit. */
  readonly messages: number;
}

/** Keeps pinned turns and the last ones, counted; the very newest always. Combine it with `tokenBudget`. */
export function slidingWindow({
  turns: maxTurns,
  messages: maxMessages,
}: SlidingWindowOptions): MemoryPolicy {
  return {
    select({ turns }: PolicyInput): Selection {
      let messages = 0;
      let first = turns.length;
      while (first > 0) {
        messages += turns[first - 1]?.messages.length ?? 0;
        const isFull =
          (maxTurns > 0 && turns.length - first >= maxTurns) || (maxMessages > 0 && messages > maxMessages);
        if (isFull && first < turns.length) break;
        first -= 1;
      }
      const isKept = (turn: StoredTurn, index: number): boolean => index >= first || turn.pinned === true;
      return {
        kept: turns.filter(isKept),
        demoted: turns
          .filter((turn, index) => !isKept(turn, index))
          .map((turn) => ({ turn, reason: 'sliding-window' })),
      };
    },
  };
}
