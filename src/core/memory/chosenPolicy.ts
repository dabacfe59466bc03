import { composed } from './composed';
import type { MemoryPolicy } from './memoryPolicy';
import { selectiveRetention } from './selectiveRetention';
import { slidingWindow } from './slidingWindow';
import { tokenBudget } from './tokenBudget';

export type PolicyName = 'slidingWindow' | 'selectiveRetention' | 'tokenBudget';

export interface PolicyChoice {
  /** Applied one after the other; the token budget always comes last. */
  readonly policies: readonly PolicyName[];
  /** Of the sliding window: 0 sets no limit. */
  readonly windowTurns: number;
  readonly windowMessages: number;
  /** Of selective retention. */
  readonly recentTurns: number;
}

/** The chosen policies as one. Whatever is chosen, the budget holds. */
export function chosenPolicy({
  policies,
  windowTurns,
  windowMessages,
  recentTurns,
}: PolicyChoice): MemoryPolicy {
  const made = [...new Set(policies)].flatMap((name) => {
    if (name === 'slidingWindow') return [slidingWindow({ turns: windowTurns, messages: windowMessages })];
    return name === 'selectiveRetention' ? [selectiveRetention({ recentTurns })] : [];
  });
  return made.length === 0 ? tokenBudget : composed([...made, tokenBudget]);
}
