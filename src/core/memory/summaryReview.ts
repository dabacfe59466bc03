import { resultLimit } from '../context/budget';
import { carriedTurn } from '../context/carried';
import { summaryText } from '../context/summaryItems';
import type { StoredTurn } from '../historyLog';
import type { TokenCounter } from '../tokenCounter';
import type { Summary } from './summary';

/** A summary beside the turns that it stands for. */
export interface SummaryReview {
  readonly summary: Summary;
  /** In their order. */
  readonly turns: readonly StoredTurn[];
  /** What it costs a request, in tokens. */
  readonly tokens: number;
  /** What its turns would. */
  readonly replaced: number;
}

export function reviewOf(
  summary: Summary,
  turns: readonly StoredTurn[],
  { counter, maxTokens }: { readonly counter: TokenCounter; readonly maxTokens: number },
): SummaryReview {
  const covered = new Set(summary.turnIds);
  const own = turns.filter(({ id }) => covered.has(id));
  const replaced = own
    .flatMap((turn) => carriedTurn(turn, resultLimit(maxTokens)).messages)
    .reduce((total, message) => total + counter.message(message), 0);
  const tokens = counter.message({ role: 'system', content: summaryText(summary) });
  return { summary, turns: own, tokens, replaced };
}
