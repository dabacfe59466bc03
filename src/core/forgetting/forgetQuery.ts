import { InputError } from '../errors';
import { indexWords, isUnspaced, wordsOf } from '../recall/words';

/** More are of no use, and cost. */
const mostPhrases = 32;

/** What every match holds. Matching is by whole words, without regard to case and accents; no other forms of a word. */
export interface ForgetQuery {
  /** Words in a row, as the index has them. */
  readonly phrases: readonly (readonly string[])[];
  /** Texts of scripts without spaces, which may stand anywhere in a run of letters. */
  readonly runs: readonly string[];
}

/** @throws InputError where there is no word in it */
export function readForgetQuery(query: string): ForgetQuery {
  const parts = [...query.matchAll(/["“”]([^"“”]*)["“”]|[^\s"“”]+/gu)].map(([all, quoted]) => quoted ?? all);
  const phrases: (readonly string[])[] = [];
  const runs: string[] = [];
  for (const part of parts) {
    const words = wordsOf(part);
    if (words.some(isUnspaced)) runs.push(plain(part));
    else if (words.length > 0) phrases.push(words.flatMap(indexWords));
  }
  const asked = phrases.filter((words) => words.length > 0);
  if (asked.length + runs.length === 0) {
    throw new InputError({ reason: 'invalid-argument', message: 'There is no word in it to look for.' });
  }
  if (asked.length + runs.length > mostPhrases) {
    throw new InputError({
      reason: 'invalid-argument',
      message: `At most ${mostPhrases} words and phrases.`,
    });
  }
  return { phrases: asked, runs };
}

/** Whether one of the texts holds all of it. */
export function holdsAll({ phrases, runs }: ForgetQuery, texts: readonly string[]): boolean {
  const indexed = phrases.length === 0 ? [] : texts.map(indexedText);
  const unspaced = runs.length === 0 ? [] : texts.map(plain);
  return (
    phrases.every((words) => indexed.some((text) => text.includes(` ${words.join(' ')} `))) &&
    runs.every((run) => unspaced.some((text) => text.includes(run)))
  );
}

/** The words of a text as the index has them, but for their stems. */
function indexedText(text: string): string {
  return ` ${wordsOf(text).flatMap(indexWords).join(' ')} `;
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
