import { stemmer } from 'stemmer';
import { baseForm } from './irregularForms';

/** Runs of letters, numbers, their marks and private characters. The index cuts finer: see `indexWords`. */
const wordPattern = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;

export function wordsOf(text: string): readonly string[] {
  return text.match(wordPattern) ?? [];
}

/** Lower case, without accents. */
export function fold(word: string): string {
  const lower = word.toLowerCase();
  // eslint-disable-next-line no-control-regex -- ASCII has no accents
  return /^[\x00-\x7f]*$/.test(lower)
    ? lower
    : lower.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC');
}

/** The marks that the index takes off letters; other marks part words to it. */
const indexMarks = /[\u0300-\u0331]/g;
const indexPattern = /[\p{L}\p{N}\p{Co}]+/gu;

/**
 * What the index makes of a word (FTS5's unicode61 with remove_diacritics): Latin letters lose their accents, others keep
 * theirs (й, ガ), and a word of a script whose vowels are marks (हिन्दी) is a phrase of several. None where all are marks.
 */
export function indexWords(word: string): readonly string[] {
  const words = word.toLowerCase().replace(indexMarks, '').match(indexPattern) ?? [];
  return words.map((one) => Array.from(one, plainLetter).join(''));
}

function plainLetter(letter: string): string {
  if (letter <= '\x7f') return letter;
  const parts = letter.normalize('NFD');
  return /^[a-z]\p{M}+$/u.test(parts) ? parts.charAt(0) : letter;
}

/** FTS5's stemmer leaves shorter and longer words alone. */
const shortestStemmed = 3;
const longestStemmed = 64;

/** The stem of a folded word exactly as FTS5's `porter` makes it. */
export function indexStem(word: string): string {
  return word.length < shortestStemmed || word.length > longestStemmed ? word : stemmer(word);
}

/** Stems of the words met so far: most words of a text are common ones. Bounded, as words are not. */
const stems = new Map<string, string>();
const maxStems = 20_000;
const longestKept = 24;

/** What the forms of a word have in common. `word` is folded. */
export function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const stem = indexStem(baseForm(word));
  if (stems.size < maxStems && word.length <= longestKept) stems.set(word, stem);
  return stem;
}

const changeOfCase = /[\p{Ll}\p{N}]\p{Lu}/u;

/** The parts of an identifier in camel case, `globalState`: global, State. None where it is one word. */
export function identifierParts(word: string): readonly string[] {
  if (!changeOfCase.test(word)) return [];
  return word
    .split(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u)
    .filter((part) => part.length > 1);
}

const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;

/** Whether a word is of a script that is written without spaces: it may stand anywhere in a run of letters. */
export function isUnspaced(word: string): boolean {
  unspaced.lastIndex = 0;
  return unspaced.test(word);
}

/** The words of scripts that are written without spaces. None for most texts. */
export function segments(text: string): readonly string[] {
  const runs = text.match(unspaced);
  if (!runs) return [];
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
  return runs.flatMap((run) => Array.from(segmenter.segment(run), ({ segment }) => segment));
}
