import * as z from 'zod/mini';

/** Tokens as a model reported them; the cached ones are a part of the prompt's. */
export const usage = z.object({
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
  cached_tokens: z.optional(z.number()),
});

export type ViewUsage = z.infer<typeof usage>;

const count = new Intl.NumberFormat();

/** Such as "1,204 in (1,024 cached), 85 out". */
export function usageWords({
  prompt_tokens: sent,
  completion_tokens: written,
  cached_tokens: cached = 0,
}: ViewUsage): string {
  const ofThem = cached > 0 ? ` (${count.format(cached)} cached)` : '';
  return `${count.format(sent)} in${ofThem}, ${count.format(written)} out`;
}
