import * as z from 'zod/mini';

const fact = z.object({ id: z.string(), date: z.string(), text: z.string() });
const message = z.object({
  date: z.string(),
  session: z.string(),
  turn: z.string(),
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  quote: z.string(),
});
const recallResult = z.object({ facts: z.array(fact), messages: z.array(message) });

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

/** Whether a stored message is itself what recall once gave: quoting it again would only echo. */
export function isRecallResult(text: string): boolean {
  return text.startsWith('{"facts":[');
}
