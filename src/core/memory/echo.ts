import * as z from 'zod/mini';
import type { Message } from '../message';
import { stopWords } from '../recall/stopWords';
import { fold, stemOf, wordsOf } from '../recall/words';

/** Tools that quote what is stored already. */
const quotingTools: ReadonlySet<string> = new Set(['recall', 'list_facts']);

/** Whether a stored message is what a memory tool once quoted: to find it again would take an echo for a saying. */
export function isEcho({
  role,
  name,
  text,
}: {
  readonly role: string;
  readonly name?: string;
  readonly text: string;
}): boolean {
  return role === 'tool' && ((name !== undefined && quotingTools.has(name)) || isQuotingResult(text));
}

/** Whether a text begins as the results of these tools do. */
export function isQuotingResult(text: string): boolean {
  return text.startsWith('{"facts":[');
}

const texts = z.object({ text: z.string(), history: z.optional(z.array(z.object({ text: z.string() }))) });
const quotingResult = z.object({
  facts: z.array(texts),
  messages: z.optional(z.array(z.object({ quote: z.string() }))),
});

/** What the memory tools have quoted in these messages. */
export function quotedTexts(messages: readonly Message[]): readonly string[] {
  return messages
    .filter(({ content, ...message }) => isEcho({ ...message, text: content }))
    .flatMap(({ content }) => {
      const result = z.safeParse(quotingResult, parsed(content));
      if (!result.success) return [];
      const { facts, messages: hits = [] } = result.data;
      return [
        ...facts.flatMap(({ text, history = [] }) => [text, ...history.map((version) => version.text)]),
        ...hits.map(({ quote }) => quote),
      ];
    });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** So much of a text must be in one that was quoted for it to be a repetition. */
const repeated = 0.8;

/**
 * Whether a text mostly repeats one of those that were quoted, word for word but for small words and endings, and the
 * user has not said it.
 */
export function repeatsQuoted(text: string, quoted: readonly string[], said: string): boolean {
  const words = telling(text);
  if (words.length === 0) return quoted.some((one) => one.trim() === text.trim());
  if (share(words, telling(said)) >= repeated) return false;
  return quoted.some((one) => share(words, telling(one)) >= repeated);
}

/** How much of `words` stands in `source` in runs of at least two; of a single word, whether it is there. */
function share(words: readonly string[], source: readonly string[]): number {
  if (words.length === 1) return source.includes(words[0] ?? '') ? 1 : 0;
  const pairs = new Set(source.slice(1).map((word, at) => `${source[at]} ${word}`));
  const held = words.map(() => false);
  for (let at = 1; at < words.length; at += 1) {
    if (pairs.has(`${words[at - 1]} ${words[at]}`)) held[at - 1] = held[at] = true;
  }
  return held.filter(Boolean).length / words.length;
}

/** "The user" of a fact is the "I" of what was said. */
function telling(text: string): readonly string[] {
  return wordsOf(text)
    .map(fold)
    .filter((word) => !stopWords.has(word) && word !== 'user')
    .map(stemOf);
}
