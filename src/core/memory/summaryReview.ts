import { resultLimit } from '../context/budget';
import { carriedTurn } from '../context/carried';
import { summaryText } from '../context/summaryItems';
import type { StoredTurn } from '../historyLog';
import type { TokenCounter } from '../tokenCounter';
import type { Summary } from './summary';

/** What a summary costs a request, in tokens. */
export function summaryCost(summary: Summary, counter: TokenCounter): number {
  return counter.message({ role: 'system', content: summaryText(summary) });
}

/** What turns would cost a request in their own words, in tokens. */
export function turnsCost(
  turns: readonly StoredTurn[],
  { counter, maxTokens }: { readonly counter: TokenCounter; readonly maxTokens: number },
): number {
  return turns
    .flatMap((turn) => carriedTurn(turn, resultLimit(maxTokens)).messages)
    .reduce((total, message) => total + counter.message(message), 0);
}
