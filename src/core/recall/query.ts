import { wordWeights } from './constants';
import { readDates, type AskedDate } from './dates';
import { irregularForms } from './irregularForms';
import { englishOnly, type Language, type TellLanguage } from './languages/language';
import { fillerWords, stopWords } from './stopWords';
import { fold, identifierParts, indexWords, isUnspaced, segments, stemOf, wordsOf } from './words';

/** More words than this cost more than they find. */
const maxWords = 48;
const maxPieces = 12;
const maxPieceWords = 16;
const maxQueryLength = 10_000;

/** What a question looks for: a word in all its forms, or a piece (`src/a.ts`) as it stands. */
export interface RecallTerm {
  /** Of a word, its stem; of a piece or of an unspaced word, itself in lower case. */
  readonly text: string;
  readonly kind: 'word' | 'piece' | 'unspaced';
  readonly weight: number;
  /** Of a word in a question that is not English: what its forms have in common there. */
  readonly languageStem?: string;
  /** How the index is asked: for each form a phrase of words as it has them, at least one. */
  readonly forms: readonly (readonly string[])[];
}

export interface RecallQuery {
  readonly terms: readonly RecallTerm[];
  /** Left out for English, and where it cannot be told. */
  readonly language?: Language;
  /** It asks what the assistant said. */
  readonly asksAssistant: boolean;
  readonly asksWhen: boolean;
  readonly asksNumber: boolean;
  /** Folded words of the question as it stands, for names of speakers. */
  readonly words: ReadonlySet<string>;
  readonly dates: readonly AskedDate[];
}

/** @param now milliseconds since 1970: what "last week" is told from */
export function readQuery(query: string, now: number, tellLanguage: TellLanguage = englishOnly): RecallQuery {
  const text = query.slice(0, maxQueryLength);
  const language = tellLanguage(wordsOf(text));
  return {
    terms: termsOf(text, language),
    ...(language && { language }),
    asksAssistant: asksAssistant(text),
    asksWhen: /\bwhen\b|\b(?:what|which) (?:time|date|day|month|year|week)\b/i.test(text),
    asksNumber: /\bhow (?:many|much|often|long|old|far)\b/i.test(text),
    words: new Set(wordsOf(text).map(fold)),
    dates: readDates(text, now),
  };
}

const told =
  'said|told|gave|given|recommended|suggested|mentioned|provided|listed|explained|wrote|written|described|showed|shown|' +
  'answered|proposed|generated|created|shared|advised|outlined|made|used|called|named|came up with';
const tell =
  'say|tell|give|recommend|suggest|mention|provide|list|explain|write|describe|show|answer|propose|generate|create|' +
  'share|advise|outline|make|use|call|name|come up with';
const given = 'answer|reply|response|advice|suggestion|recommendation|list|explanation|example';

const assistantSaid = new RegExp(
  [
    `\\byou(?: had| have|['’](?:d|ve))?(?: \\w+ly| just| also| once)? (?:${told})\\b`,
    `\\bdid you(?: \\w+ly)? (?:${tell})\\b`,
    `\\b(?:your|the assistant['’]?s?)(?: \\w+)? (?:${given})s?\\b`,
    // Who asks to be reminded of a conversation asks for what came of it.
    `\\b(?:previous|earlier|last|past) (?:\\w+ )?(?:conversation|chat|discussion)s?\\b`,
    `\\bremind me\\b(?![^.?!]*\\b(?:I|my|we)\\b)`,
  ].join('|'),
  'i',
);

const userSaid = new RegExp(
  `\\bI(?: had| have|['’](?:d|ve))?(?: \\w+ly| just| also| once)? (?:${told})\\b|\\bdid I\\b`,
);

/** What the assistant said or recommended, not what the user did. */
function asksAssistant(text: string): boolean {
  return assistantSaid.test(text) && !userSaid.test(text);
}

function termsOf(text: string, language: Language | undefined): readonly RecallTerm[] {
  const terms = new Map<string, RecallTerm>();
  const add = (term: RecallTerm): void => {
    if (!isAskable(term)) return;
    const known = terms.get(`${term.kind} ${term.text}`);
    if (!known || known.weight < term.weight) terms.set(`${term.kind} ${term.text}`, term);
  };
  for (const { word, weight } of weightedWords(text, language)) {
    if (isUnspaced(word)) {
      for (const segment of segments(word)) add(unspacedTerm(segment));
      continue;
    }
    add(wordTerm(word, weight, language));
    for (const part of identifierParts(word)) add(wordTerm(part, wordWeights.part));
  }
  const pieces = piecesOf(text);
  for (const { words } of pieces) for (const word of words) lighten(terms, fold(word));
  const all = [...terms.values()];
  const telling = all.filter(({ weight }) => weight >= wordWeights.plain || pieces.length > 0);
  // Where all words are filler, they are what is asked for.
  const words = telling.length > 0 ? all : all.map((term) => ({ ...term, weight: wordWeights.plain }));
  return [...longest(words), ...pieces.slice(0, maxPieces).map(pieceTerm).filter(isAskable)];
}

/** Marks alone are in no index. */
function isAskable({ forms }: RecallTerm): boolean {
  return forms.every((words) => words.length > 0);
}

function wordTerm(word: string, weight: number, language?: Language): RecallTerm {
  const folded = fold(word);
  const others = irregularForms(folded);
  const forms = others.length > 1 ? others.map((form) => [form]) : [indexWords(word)];
  const languageStem = language && { languageStem: language.stem(word) };
  return { text: stemOf(folded), kind: 'word', weight, ...languageStem, forms };
}

function unspacedTerm(segment: string): RecallTerm {
  const forms = [indexWords(segment)];
  return { text: segment.toLowerCase(), kind: 'unspaced', weight: wordWeights.plain, forms };
}

function pieceTerm({ text, words }: Piece): RecallTerm {
  return { text, kind: 'piece', weight: wordWeights.plain, forms: [words.flatMap(indexWords)] };
}

/** Words of a piece count in part, as the piece counts itself. */
function lighten(terms: Map<string, RecallTerm>, word: string): void {
  const key = `word ${stemOf(word)}`;
  const term = terms.get(key);
  if (term && term.weight > wordWeights.part) terms.set(key, { ...term, weight: wordWeights.part });
}

/** Without stop words unless there is nothing else. */
function weightedWords(
  text: string,
  language: Language | undefined,
): readonly { readonly word: string; readonly weight: number }[] {
  const empty = language?.stopWords ?? stopWords;
  const all = Array.from(text.matchAll(/[\p{L}\p{N}\p{M}\p{Co}]+/gu), ({ 0: word, index }) => ({
    word,
    folded: fold(word),
    weight: /^\p{Lu}/u.test(word) && isInside(text, index) ? wordWeights.capitalised : wordWeights.plain,
  }));
  const telling = all.filter(({ folded }) => !empty.has(folded));
  return (telling.length > 0 ? telling : all).map(({ word, folded, weight }) => ({
    word,
    weight: fillerWords.has(folded) ? wordWeights.filler : weight,
  }));
}

/** Not at the start of a sentence. */
function isInside(text: string, index: number): boolean {
  const before = text.slice(Math.max(0, index - 3), index).trimEnd();
  return index > 2 && !/[.?!:\n"“(]$/.test(before) && before !== '';
}

interface Piece {
  /** In lower case, without what only surrounds it. */
  readonly text: string;
  readonly words: readonly string[];
}

/** What the user wrote as one piece, such as a path, a version or an identifier: more than one word without a space. */
export function piecesOf(text: string): readonly Piece[] {
  const pieces = new Map<string, Piece>();
  for (const raw of text.split(/\s+/)) {
    const piece = raw.toLowerCase().replace(/^[^\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}]+$/gu, '');
    const words = wordsOf(piece);
    // An apostrophe or a hyphen joins words of speech.
    if (
      words.length < 2 ||
      words.length > maxPieceWords ||
      /^[\p{L}\p{N}\p{M}]+(?:['’\-–—][\p{L}\p{N}\p{M}]+)+$/u.test(piece)
    )
      continue;
    pieces.set(piece, { text: piece, words });
  }
  return [...pieces.values()];
}

/** Of a very long query the longest words, as these are the rarest. */
function longest(terms: readonly RecallTerm[]): readonly RecallTerm[] {
  if (terms.length <= maxWords) return terms;
  return [...terms].sort((a, b) => b.text.length - a.text.length).slice(0, maxWords);
}
