import * as z from 'zod/mini';

const fact = z.object({ id: z.string(), date: z.string(), text: z.string() });
const message = z.object({
  date: z.string(),
  session: z.string(),
  turn: z.string(),
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  quote: z.string(),
});
/** A list of facts has no messages. */
const recallResult = z.object({ facts: z.array(fact), messages: z._default(z.array(message), []) });

/** What the recall tool gives to the model, as JSON. Dates are in the user's time zone, in words. Best first. */
export type RecallResult = z.infer<typeof recallResult>;

export function writeRecallResult(result: RecallResult): string {
  const { facts, messages } = result;
  return JSON.stringify({ facts, messages });
}

/** Undefined where the text is no recall result, for example an error. */
export function readRecallResult(text: string): RecallResult | undefined {
  try {
    const parsed = z.safeParse(recallResult, JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
