import type { Turn, Usage } from '../message';

/** The sum. Cached tokens are a part of the prompt's; they stay unknown only where neither side tells them. */
export function addUsage(one: Usage | undefined, other: Usage | undefined): Usage | undefined {
  if (!one || !other) return one ?? other;
  const cached =
    one.cached_tokens === undefined && other.cached_tokens === undefined
      ? undefined
      : (one.cached_tokens ?? 0) + (other.cached_tokens ?? 0);
  return {
    prompt_tokens: one.prompt_tokens + other.prompt_tokens,
    completion_tokens: one.completion_tokens + other.completion_tokens,
    ...(cached !== undefined && { cached_tokens: cached }),
  };
}

/** What the turns have used, as far as it was reported; undefined where it was for none. */
export function usageOf(turns: readonly Pick<Turn, 'usage'>[]): Usage | undefined {
  return turns.map(({ usage }) => usage).reduce(addUsage, undefined);
}
