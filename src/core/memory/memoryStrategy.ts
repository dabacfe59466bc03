/**
 * What is remembered, and where: nothing; in memory, gone on reload; on disk; on disk, and the past that fits is recalled
 * into each request.
 */
export const memoryStrategies = ['none', 'session', 'workspace', 'longTerm'] as const;

export type MemoryStrategy = (typeof memoryStrategies)[number];

/** Whether turns are on disk. All that are stored share one history. */
export function isStored(strategy: MemoryStrategy): boolean {
  return strategy === 'workspace' || strategy === 'longTerm';
}
