import * as z from 'zod/mini';

const count = z.number().check(z.nonnegative());

/** How a summary of the oldest turns is coming along, where one is. */
export const viewCompaction = z.discriminatedUnion('status', [
  z.object({ status: z.literal('idle') }),
  z.object({ status: z.literal('running'), turns: count, done: count }),
  /** `note`: why the chosen model did not write it. */
  z.object({
    status: z.literal('done'),
    summaryId: z.string(),
    turns: count,
    note: z.optional(z.string()),
  }),
  /** `message`: a sentence that says what to do. */
  z.object({ status: z.literal('failed'), message: z.string() }),
]);

export type ViewCompaction = z.infer<typeof viewCompaction>;
