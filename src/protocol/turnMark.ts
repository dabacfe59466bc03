import * as z from 'zod/mini';

/** Why the next request does not carry a turn: a word or two, and a sentence. */
export const leftOut = z.object({ label: z.string(), reason: z.string() });

/** What a turn means to the next request. */
export const turnMark = z.object({
  id: z.string(),
  /** What it costs a request that carries it, estimated. */
  tokens: z.number(),
  leftOut: z.optional(leftOut),
});

export type LeftOut = z.infer<typeof leftOut>;
export type TurnMark = z.infer<typeof turnMark>;
