import type { StoredTurn } from '../historyLog';
import type { MemoryPolicy, PolicyInput, Selection } from './memoryPolicy';

export interface SelectiveRetentionOptions {
  /** So many of the newest turns are kept whatever they hold. */
  readonly recentTurns: number;
}

/** Keeps pinned turns, turns with tool calls and their results, and the last few. Combine it with `tokenBudget`. */
export function selectiveRetention({ recentTurns }: SelectiveRetentionOptions): MemoryPolicy {
  const recent = Math.max(1, recentTurns);
  return {
    select({ turns }: PolicyInput): Selection {
      const older = turns.slice(0, -recent);
      const withCalls = new Set(older.filter(callsTools));
      const left = new Set(older.filter((turn) => !turn.pinned && !withCalls.has(turn)));
      return {
        kept: turns.filter((turn) => !left.has(turn)),
        demoted: [...left].map((turn) => ({ turn, reason: 'not-selected' })),
        reasons: new Map([...withCalls].map(({ id }) => [id, 'Has tool calls'])),
      };
    },
  };
}

function callsTools({ messages }: StoredTurn): boolean {
  return messages.some((message) => (message.tool_calls?.length ?? 0) > 0);
}
