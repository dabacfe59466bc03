import * as z from 'zod/mini';
import { maxIdLength } from './ids';

const id = z.string().check(z.minLength(1), z.maxLength(maxIdLength));
const place = z.int().check(z.nonnegative());
const mark = z.enum(['muted', 'kept']);

/** What was recalled for a turn, as the chat view and the Context panel show it. */
export const viewReceipt = z.object({
  turnId: id,
  entries: z.array(
    z.object({
      messageId: z.optional(z.string()),
      turnId: z.optional(z.string()),
      sessionId: z.optional(z.string()),
      sessionTitle: z.optional(z.string()),
      role: z.optional(z.enum(['system', 'user', 'assistant', 'tool'])),
      passage: z.optional(z.object({ start: place, end: place })),
      factId: z.optional(z.string()),
      createdAt: z.string(),
      text: z.optional(z.string()),
      edited: z.optional(z.literal(true)),
      included: z.boolean(),
      reason: z.string(),
      words: z.array(z.string()),
      tokens: z.number(),
      mark: z.optional(mark),
      silenced: z.optional(z.literal(true)),
    }),
  ),
  notes: z.array(z.string()),
});

/** What is marked, and how; without `mark` its mark is taken back. */
export const recallMarkChange = z.object({
  messageId: z.optional(id),
  turnId: z.optional(id),
  factId: z.optional(id),
  mark: z.optional(mark),
  passage: z.optional(z.object({ start: place, end: place })),
});

/** Where something recalled was said. */
export const recallSource = z.object({ sessionId: id, turnId: id });

export type ViewReceipt = z.infer<typeof viewReceipt>;
export type ViewReceiptEntry = ViewReceipt['entries'][number];
export type RecallMarkChange = z.infer<typeof recallMarkChange>;
export type RecallSource = z.infer<typeof recallSource>;
