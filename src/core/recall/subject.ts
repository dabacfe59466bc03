import type { RecallTerm } from './query';
import { fillerWords, stopWords } from './stopWords';
import { talkWords } from './talkWords';
import { fold, isUnspaced, segments, stemOf } from './words';

let stems: ReadonlySet<string> | undefined;

function talkStems(): ReadonlySet<string> {
  stems ??= new Set(
    [...stopWords, ...fillerWords, ...talkWords].flatMap((word) =>
      isUnspaced(word) ? [word, ...segments(word)] : [word, fold(word), stemOf(fold(word))],
    ),
  );
  return stems;
}

/** By itself it tells nothing: any sum, list or time of day holds one. Longer ones are ports, years and issues. */
const shortNumber = /^\p{Nd}{1,2}$/u;

/** Whether a term tells what is asked about, rather than how one talks. */
export function isSubject({ kind, text }: RecallTerm): boolean {
  return kind === 'piece' || !(talkStems().has(text) || shortNumber.test(text));
}
