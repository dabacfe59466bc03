import type { Span } from './passages';
import type { Language } from './languages/language';
import type { RecallQuery } from './query';
import { fold, identifierParts, stemOf, wordsOf } from './words';

/** Where a text holds a term: by its place in the query's list. */
export interface TermHit extends Span {
  readonly term: number;
}

export interface Scan {
  readonly words: number;
  /** In the order of the text, but for those of pieces. */
  readonly hits: readonly TermHit[];
}

const isWord = /[\p{L}\p{N}\p{M}\p{Co}]/u;
const none: readonly number[] = [];
/** A query is read with a bounded memory of the words it has met. */
const maxKnown = 50_000;

/** Finds a query's terms in texts, in one pass over each, which looks closer only at words that may be of a term. */
export class TermScanner {
  readonly #byStem = new Map<string, number[]>();
  readonly #byLanguageStem = new Map<string, number[]>();
  readonly #language: Language | undefined;
  /** Words met so far, as they stand in texts, and what terms they are. */
  readonly #known = new Map<string, readonly number[]>();
  /** Of ASCII, the letters and digits with which a word of a term can begin, in either case. */
  readonly #firsts = new Uint8Array(128);
  readonly #pieces: { readonly term: number; readonly text: string; readonly rare: string }[] = [];
  readonly #unspaced: { readonly term: number; readonly text: string }[] = [];

  constructor({ terms, language }: Pick<RecallQuery, 'terms' | 'language'>) {
    this.#language = language;
    terms.forEach(({ kind, text, languageStem, forms }, term) => {
      if (kind === 'piece') this.#pieces.push({ term, text, rare: longestOf(wordsOf(text)) });
      else if (kind === 'unspaced') this.#unspaced.push({ term, text });
      else {
        addTo(this.#byStem, text, term);
        if (languageStem !== undefined) addTo(this.#byLanguageStem, languageStem, term);
        for (const form of [text, languageStem ?? text, ...forms.flat()]) this.#allowFirst(form);
      }
    });
  }

  #allowFirst(word: string): void {
    for (const first of [word.charCodeAt(0), word.toUpperCase().charCodeAt(0)]) {
      if (first < 128) this.#firsts[first] = 1;
    }
  }

  scan(text: string): Scan {
    const hits: TermHit[] = [];
    let words = 0;
    let at = 0;
    const { length } = text;
    while (at < length) {
      const first = text.charCodeAt(at);
      if (!isWordUnit(first, text, at)) {
        at += 1;
        continue;
      }
      const start = at;
      let isCamel = false;
      let before = first;
      for (at += 1; at < length; at += 1) {
        const code = text.charCodeAt(at);
        if (!isWordUnit(code, text, at)) break;
        if (code < 91 && code > 64 && before > 96) isCamel = true;
        before = code;
      }
      words += 1;
      if (isCamel || first > 127 || this.#firsts[first] === 1) {
        for (const term of this.#termsOf(text.slice(start, at))) hits.push({ term, start, end: at });
      }
    }
    if (this.#pieces.length + this.#unspaced.length > 0) this.#addPieces(text, hits);
    return { words, hits };
  }

  #termsOf(word: string): readonly number[] {
    const known = this.#known.get(word);
    if (known) return known;
    const whole = this.#formOf(word);
    const parts = identifierParts(word).flatMap((part) => this.#byStem.get(stemOf(fold(part))) ?? none);
    const terms = parts.length === 0 ? whole : [...new Set([...whole, ...parts])];
    if (this.#known.size < maxKnown) this.#known.set(word, terms);
    return terms;
  }

  #formOf(word: string): readonly number[] {
    const english = this.#byStem.get(stemOf(fold(word))) ?? none;
    if (!this.#language) return english;
    const own = this.#byLanguageStem.get(this.#language.stem(word)) ?? none;
    return english.length === 0 ? own : [...new Set([...english, ...own])];
  }

  #addPieces(text: string, hits: TermHit[]): void {
    const folded = text.toLowerCase();
    // Folding changes the length of very few texts: in these, what is found is not shown where it stands.
    const isAligned = folded.length === text.length;
    const addAll = (term: number, piece: string, isWhole: boolean): void => {
      for (
        let start = folded.indexOf(piece);
        start >= 0;
        start = folded.indexOf(piece, start + piece.length)
      ) {
        const end = start + piece.length;
        if (isWhole && (isInWord(folded, start) || isInWord(folded, end))) continue;
        hits.push(isAligned ? { term, start, end } : { term, start: 0, end: 0 });
      }
    };
    for (const { term, text: piece, rare } of this.#pieces) {
      if (folded.includes(rare)) addAll(term, piece, true);
    }
    for (const { term, text: piece } of this.#unspaced) addAll(term, piece, false);
  }
}

function addTo(terms: Map<string, number[]>, stem: string, term: number): void {
  const known = terms.get(stem);
  if (known) known.push(term);
  else terms.set(stem, [term]);
}

/** Whether a word goes on across a place in the text. */
function isInWord(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  return isWordUnit(text.charCodeAt(at - 1), text, at - 1) && isWordUnit(text.charCodeAt(at), text, at);
}

function longestOf(words: readonly string[]): string {
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest), '');
}

/** 1: of a word; 2: not. 0: not looked at yet. */
const classes = new Uint8Array(65_536);

function isWordUnit(code: number, text: string, at: number): boolean {
  if (code < 128) {
    return (code > 96 && code < 123) || (code > 64 && code < 91) || (code > 47 && code < 58);
  }
  if (code >= 0xd800 && code < 0xe000) {
    const start = code < 0xdc00 ? at : at - 1;
    return isWord.test(String.fromCodePoint(text.codePointAt(start) ?? 0));
  }
  const known = classes[code] ?? 0;
  if (known !== 0) return known === 1;
  const is = isWord.test(String.fromCharCode(code));
  classes[code] = is ? 1 : 2;
  return is;
}
