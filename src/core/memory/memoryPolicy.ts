import type { StoredTurn } from '../historyLog';

export interface PolicyInput {
  /** Ended turns of the session, oldest first: at least all that could fit the budget, and every pinned one. */
  readonly turns: readonly StoredTurn[];
  /** Tokens that the kept turns may cost together. */
  readonly budget: number;
  /** Tokens that the whole request may cost, where that is more. */
  readonly whole?: number;
  /** What a turn costs, in tokens. */
  readonly cost: (turn: StoredTurn) => number;
  /**
   * The position at which the last request's window began. It is kept as long as it fits, so that one request repeats
   * the last one as its prefix, which providers bill at a fraction.
   */
  readonly start?: number;
  /** The user has just changed what is carried: as much as fits, with no eye to the requests after this one. */
  readonly wide?: boolean;
}

export interface Demoted {
  readonly turn: StoredTurn;
  /** Why the next request does not carry it: a reason to match on, worded in `demotionWords`. */
  readonly reason: DemotionReason;
}

export type DemotionReason =
  | 'strategy-none'
  | 'trimmed'
  | 'failed'
  | 'summarised'
  | 'summary-left-out'
  | 'over-budget'
  | 'window-cut'
  | 'sliding-window'
  | 'not-selected'
  | 'no-room'
  | 'cannot-fit';

export const demotionWords: Readonly<Record<DemotionReason, string>> = {
  'strategy-none': 'Each prompt is sent alone (strategy "none")',
  trimmed: 'Trimmed from the context; "Undo Trim" brings it back',
  failed: 'Failed without an answer',
  summarised: 'Summarised; undoing the summary brings it back',
  'summary-left-out': 'Its summary does not fit the token budget',
  'over-budget': 'Older than what the token budget holds',
  'window-cut': 'The full window was cut in one step, so that the next requests keep their beginning',
  'sliding-window': 'Older than the sliding window',
  'not-selected': 'Older, neither pinned nor with tool calls (selective retention)',
  'no-room': 'Longer than what the rest of the request leaves free',
  'cannot-fit': 'Longer than the whole token budget',
};

export interface Selection {
  readonly kept: readonly StoredTurn[];
  readonly demoted: readonly Demoted[];
  /** Why a turn is kept, where it is for another reason than being recent or pinned. By turn id. */
  readonly reasons?: ReadonlyMap<string, string>;
  /** A pinned turn, or the newest other one, that had to be demoted as even it does not fit. */
  readonly cannotFit?: StoredTurn;
}

/**
 * Which turns the next request carries. Turns are kept or demoted whole, so a tool call keeps its result. Pinned turns
 * and the newest other one are kept, or named as `cannotFit`; no older turn is kept in the newest's place.
 */
export interface MemoryPolicy {
  /** kept + demoted = the given turns, both in their order. */
  select(input: PolicyInput): Selection;
}
