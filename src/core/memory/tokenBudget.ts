import type { Demoted, MemoryPolicy } from './memoryPolicy';

/** Keeps the newest turns that fit the budget together, without a gap. */
export const tokenBudget: MemoryPolicy = {
  select({ turns, budget, cost }) {
    let start = turns.length;
    let spent = 0;
    while (start > 0) {
      const turn = turns[start - 1];
      if (!turn || spent + cost(turn) > budget) break;
      spent += cost(turn);
      start -= 1;
    }
    const demoted = turns.slice(0, start).map((turn): Demoted => ({ turn, reason: 'over-budget' }));
    return { kept: turns.slice(start), demoted };
  },
};
