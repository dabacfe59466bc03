/** What a window leaves unfinished, as VS Code keeps it for the next one. */
import * as z from 'zod/mini';
import { turnShape } from './export';

const outage = z.object({ reason: z.string(), message: z.string() });

export const unfinishedSchema = z.object({
  format: z.literal(1),
  sessionId: z.string(),
  isNew: z.boolean(),
  prompts: z.array(z.object({ turnId: z.string(), text: z.string() })),
  turns: z.array(
    z.object({
      ...turnShape,
      sessionId: z.string(),
      saved: z.literal(false),
      outage,
      begunBy: z.string(),
    }),
  ),
});
