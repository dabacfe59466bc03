import { HistoryError } from './errors';
import type { Message } from './message';
import type { Masking } from './secrets/masking';

/**
 * A prompt under the id of another would be taken for that one, and lost. Of one that has ended, what is left is without
 * secrets.
 * @throws HistoryError `exists`
 */
export async function requireSamePrompt(
  { messages }: { readonly messages: readonly Message[] },
  prompt: string,
  masking: Masking,
): Promise<void> {
  const known = messages[0]?.content.toWellFormed();
  if (known === prompt.toWellFormed()) return;
  if (known === (await masking.text(prompt)).toWellFormed()) return;
  throw new HistoryError({ reason: 'exists', message: 'This prompt has the id of another: send it again.' });
}
