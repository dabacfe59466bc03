import type { StoredTurn } from '../historyLog';

export interface PolicyInput {
  /** Ended turns of the session, oldest first: at least all that could fit the budget. */
  readonly turns: readonly StoredTurn[];
  /** Tokens that the kept turns may cost together. */
  readonly budget: number;
  /** What a turn costs, in tokens. */
  readonly cost: (turn: StoredTurn) => number;
}

export interface Demoted {
  readonly turn: StoredTurn;
  /** Why the next request does not carry it: a reason to match on, worded in `demotionWords`. */
  readonly reason: DemotionReason;
}

export type DemotionReason = 'strategy-none' | 'trimmed' | 'failed' | 'over-budget';

export const demotionWords: Readonly<Record<DemotionReason, string>> = {
  'strategy-none': 'Each prompt is sent alone (strategy "none")',
  trimmed: 'Trimmed from the context; "Undo Trim" brings it back',
  failed: 'Failed without an answer',
  'over-budget': 'Older than what the token budget holds',
};

/** Which turns the next request carries. Turns are kept or demoted whole, so a tool call keeps its result. */
export interface MemoryPolicy {
  /** kept + demoted = the given turns, both in their order. */
  select(input: PolicyInput): { readonly kept: readonly StoredTurn[]; readonly demoted: readonly Demoted[] };
}
