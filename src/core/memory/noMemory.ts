import type { MemoryPolicy } from './memoryPolicy';

/** Each prompt alone. */
export const noMemory: MemoryPolicy = {
  select: ({ turns }) => ({
    kept: [],
    demoted: turns.map((turn) => ({ turn, reason: 'strategy-none' as const })),
  }),
};
