import type { Message } from '../message';
import { quoteAround, searchWords } from '../memory/quote';
import type { RecallResult } from '../memory/recallResult';

/** Something said earlier, worth quoting. */
export interface Found {
  readonly text: string;
  readonly isFact: boolean;
  readonly role: Message['role'];
  /** '' where it is not known. */
  readonly date: string;
  readonly turn: string;
  readonly factId?: string;
}

const maxFound = 3;

/** The best of what recall gave, for a question about these words: facts and the user's own words first. */
export function pickFound(result: RecallResult, words: readonly string[]): readonly Found[] {
  const facts = result.facts.map(({ id, date, text }): Found => {
    return { text, date, turn: '', isFact: true, role: 'user', factId: id };
  });
  const messages = result.messages
    .filter(({ role, quote }) => role === 'user' || (role === 'assistant' && !isQuoting(quote)))
    .filter(({ quote }) => !facts.some((fact) => includesText(quote, fact.text)))
    .map(({ quote, date, turn, role }): Found => ({ text: quote, date, turn, role, isFact: false }));
  return best([...facts, ...messages], words);
}

/** Without a recall tool: what the request itself still carries. */
export function searchMessages(earlier: readonly Message[], words: readonly string[]): readonly Found[] {
  const said = earlier
    .filter(({ role, content }) => role === 'user' && content !== '')
    .toReversed()
    .map(({ content, role }): Found => ({
      text: quoteAround(content, words.join(' '), 400),
      role,
      date: '',
      turn: '',
      isFact: false,
    }));
  return best(said, words);
}

function best(candidates: readonly Found[], words: readonly string[]): readonly Found[] {
  const scored = candidates
    .filter(({ text, isFact }) => isFact || !isQuestion(text))
    .map((found) => ({ found, score: words.length === 0 ? 1 : matches(found.text, words) }))
    .filter(({ score }) => score > 0);
  const top = scored.reduce((most, { score }) => Math.max(most, score), 0);
  const bestOnes = scored.filter(({ score }) => score === top).map(({ found }) => found);
  const own = bestOnes.filter(({ role }) => role === 'user');
  return distinct(own.length > 0 ? own : bestOnes).slice(0, words.length === 0 ? 20 : maxFound);
}

/** How many of the words a text holds; endings may differ (`colour`, `colours`). */
export function matches(text: string, words: readonly string[]): number {
  const held = searchWords(text);
  const has = (word: string): boolean =>
    held.some((other) => other === word || (word.length > 3 && other.length > 3 && alike(word, other)));
  return words.filter((word) => searchWords(word).every(has)).length;
}

function alike(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return long.startsWith(short) && long.length - short.length <= 3;
}

function distinct(found: readonly Found[]): readonly Found[] {
  const met = new Set<string>();
  return found.filter(({ text }) => !met.has(text) && met.add(text));
}

function isQuestion(text: string): boolean {
  return (
    /\?\s*$/.test(text) ||
    /^(?:what|when|where|who|which|why|how|do|did|have|forget|recall|search|find)\b/i.test(text.trim())
  );
}

/** An answer that quotes is no source. */
function isQuoting(text: string): boolean {
  return text.includes('“');
}

function includesText(text: string, part: string): boolean {
  const plain = (value: string): string => searchWords(value).join(' ');
  return plain(text).includes(plain(part));
}
