import type { Message } from '../../core/message';

/** More words than this cost more than they find. */
const maxQueryWords = 48;
const maxQueryLength = 10_000;

/** Words as FTS5's unicode61 tokenizer cuts them: runs of letters, numbers and their marks. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? [];
}

const changeOfCase = /\p{Ll}\p{Lu}/u;

/**
 * What else a text is found by: the parts of identifiers (`globalState`: global, State) and the words of scripts that
 * are written without spaces. '' for most texts.
 */
export function extraWordsOf(text: string): string {
  // Runs of letters first: looking for the change of case in one pattern takes quadratic time on a long run.
  const runs = changeOfCase.test(text) ? (text.match(/\p{L}+/gu) ?? []) : [];
  const parts = runs.filter((run) => changeOfCase.test(run)).flatMap(identifierParts);
  return [...new Set([...parts, ...segments(text)])].join(' ');
}

function identifierParts(identifier: string): readonly string[] {
  return identifier
    .split(/(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u)
    .filter((part) => part.length > 1);
}

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;

function segments(text: string): readonly string[] {
  const runs = text.match(unspaced);
  if (!runs) return [];
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
  return runs.flatMap((run) => Array.from(segmenter.segment(run), ({ segment }) => segment));
}

/** The text of a message that search looks at. Tool calls are found by name and arguments. */
export function searchableText({ content, tool_calls: calls }: Message): { content: string; extra: string } {
  const called = (calls ?? []).map(({ function: call }) => `${call.name} ${call.arguments}`).join(' ');
  const extra = [called, extraWordsOf(`${content} ${called}`)].filter(Boolean).join(' ');
  // Kept in a text column, which Node 22 cuts at a NUL.
  return { content, extra: extra.replaceAll('\0', ' ') };
}

export interface QueryTerms {
  /** Lower case, each once, without stop words unless there is nothing else. */
  readonly words: readonly string[];
  /** What the user wrote as one piece, such as a path or an identifier, in words. */
  readonly phrases: readonly (readonly string[])[];
}

/** Empty where the query has no searchable word. Never longer than what is worth searching for. */
export function queryTerms(query: string): QueryTerms {
  const text = query.slice(0, maxQueryLength).toLowerCase();
  const all = [
    ...new Set([...wordsOf(text), ...wordsOf(extraWordsOf(query.slice(0, maxQueryLength)).toLowerCase())]),
  ];
  const telling = all.filter((word) => !stopWords.has(word));
  const words = telling.length > 0 ? telling : all;
  const phrases = text
    .split(/\s+/)
    .map(wordsOf)
    .filter(({ length }) => length > 1 && length <= 16);
  return { words: longest(words), phrases: phrases.slice(0, maxQueryWords / 4) };
}

/** Of a very long query the longest words, as these are the rarest. */
function longest(words: readonly string[]): readonly string[] {
  if (words.length <= maxQueryWords) return words;
  return [...words].sort((a, b) => b.length - a.length).slice(0, maxQueryWords);
}

const stopWords = new Set(
  `a about above after again all also am an and any are aren as at be because been before being below between both but
  by can could couldn d did didn do does doesn doing don down during each few for from further had hadn has hasn have
  haven having he her here hers herself him himself his how i if in into is isn it its itself just ll m me more most my
  myself no nor not now o of off on once only or other our ours ourselves out over own please re s same she should
  shouldn so some such t than that the their theirs them themselves then there these they this those through to too
  under until up us ve very was wasn we were weren what when where which while who whom why will with won would wouldn
  y you your yours yourself yourselves`.split(/\s+/),
);
