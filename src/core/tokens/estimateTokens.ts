import { characterKind, type CharacterKind } from './characterKind';

/** Of longer texts, so many slices of so many characters are looked at. */
const slices = 32;
const sliceLength = 2_048;

/**
 * Tokens of a text in o200k_base, as likely too few as too many: by how that vocabulary cuts text into pieces (words
 * with what stands before them, digits by three, punctuation, blanks) and how many tokens pieces of each script take on
 * average. The figures were found by comparing with the tokenizer. Bounded work, however long the text.
 */
export function estimateTokens(text: string): number {
  const longest = slices * sliceLength;
  if (text.length <= longest) return Math.ceil(new Scan(text, 0, text.length).tokens());
  const step = (text.length - sliceLength) / (slices - 1);
  let sum = 0;
  for (let n = 0; n < slices; n += 1) {
    const start = Math.floor(n * step);
    sum += new Scan(text, start, start + sliceLength).tokens();
  }
  return Math.ceil((sum * text.length) / longest);
}

/** Tokens of so many characters of a kind in a row. */
const runCosts: { readonly [K in CharacterKind]?: (length: number) => number } = {
  cyrillic: (length) => 1 + 0.22 * Math.max(0, length - 4),
  greek: (length) => 1 + 0.4 * Math.max(0, length - 3),
  letter: (length) => 0.6 + 0.26 * length,
  hangul: (length) => 0.3 + 0.62 * length,
  han: (length) => 0.35 + 0.7 * length,
  kana: (length) => 0.25 + 0.6 * length,
  surrogate: (length) => 0.8 * length,
};

class Scan {
  readonly #text: string;
  readonly #end: number;
  #at: number;
  #letters = 0;
  #accented = 0;
  /** Words as if English, and what they cost beyond that in languages with accents. */
  #words = 0;
  #foreign = 0;
  #rest = 0;

  constructor(text: string, start: number, end: number) {
    this.#text = text;
    this.#at = start;
    this.#end = end;
  }

  tokens(): number {
    for (let kind = this.#kind(); kind !== undefined; kind = this.#kind()) {
      const cost = runCosts[kind];
      if (cost) this.#rest += cost(this.#skip(kind));
      else if (isOfWord(kind)) this.#word();
      else if (kind === 'mark') this.#marks();
      else if (kind === 'symbol') this.#symbols();
      else this.#blank();
    }
    const share = this.#letters === 0 ? 0 : this.#accented / this.#letters;
    return this.#words + this.#rest + this.#foreign * Math.min(1.25, 0.15 + 12 * share);
  }

  /** Of the character here; undefined at the end. */
  #kind(): CharacterKind | undefined {
    return this.#at < this.#end ? characterKind(this.#text.charCodeAt(this.#at)) : undefined;
  }

  /** @returns how many characters of that kind there were */
  #skip(kind: CharacterKind): number {
    const start = this.#at;
    do this.#at += 1;
    while (this.#kind() === kind);
    return this.#at - start;
  }

  /** Letters and digits without anything between: a word, an identifier, a number, a hash. */
  #word(): void {
    const start = this.#at;
    let common = 0;
    let foreign = 0;
    let bounds = 0;
    let hasLower = false;
    let hasUpper = false;
    for (let kind = this.#kind(); isOfWord(kind); kind = this.#kind()) {
      const from = this.#at;
      if (from > start) bounds += 1;
      if (kind === 'digit') {
        common += Math.ceil(this.#skip(kind) / 3);
        continue;
      }
      // Capitals go with the small letters after them.
      const capitals = kind === 'upper' ? this.#skip(kind) : 0;
      for (let next = this.#kind(); next === 'lower' || next === 'accented'; next = this.#kind()) {
        if (next === 'accented') this.#accented += 1;
        this.#at += 1;
      }
      const length = this.#at - from;
      hasUpper ||= capitals > 0;
      hasLower ||= capitals < length;
      this.#letters += length;
      common += 1 + 0.05 * Math.max(0, length - 7) + 0.4 * Math.max(0, length - 24);
      if (capitals === length) common += 0.15 * Math.max(0, length - 4);
      foreign += 0.3 * Math.max(0, length - 4);
    }
    const whole = this.#at - start;
    // Base64, hashes and the like: no words.
    if (whole >= 12 && bounds > 0.3 * whole) this.#rest += whole * (hasLower && hasUpper ? 0.68 : 0.57);
    else {
      this.#words += common;
      this.#foreign += foreign;
    }
  }

  /** Line breaks and what is blank before them are one piece; the last space belongs to the word after it. */
  #blank(): void {
    const start = this.#at;
    let lastBreak = -1;
    let lines = 0;
    let kind = this.#kind();
    for (let last = kind; kind === 'space' || kind === 'break'; kind = this.#kind()) {
      if (kind === 'break') {
        lastBreak = this.#at;
        if (last === 'space') lines += 1;
      }
      last = kind;
      this.#at += 1;
    }
    if (lastBreak >= 0) this.#rest += 1 + 0.8 * Math.max(0, lines - 1) + (lastBreak - start) / 60;
    const spaces = this.#at - Math.max(start, lastBreak + 1);
    if (spaces > 1) this.#rest += 1 + spaces / 100;
    // Numbers take no space with them.
    if (spaces > 0 && kind === 'digit') this.#rest += 1;
  }

  #marks(): void {
    const start = this.#at;
    let changes = 0;
    for (this.#at += 1; this.#kind() === 'mark'; this.#at += 1) {
      if (this.#text.charCodeAt(this.#at) !== this.#text.charCodeAt(this.#at - 1)) changes += 1;
    }
    const next = this.#kind();
    const length = this.#at - start;
    // A mark before a word is often one piece with it.
    if (length === 1) this.#rest += next === 'lower' || next === 'upper' ? 0.6 : 1;
    else this.#rest += 1 + 0.35 * Math.max(0, changes - 1) + 0.3 * Math.max(0, changes - 4) + length / 40;
    // A break after punctuation belongs to it.
    if (next === 'break') this.#at += 1;
  }

  #symbols(): void {
    const start = this.#at;
    const code = this.#text.charCodeAt(start);
    do this.#at += 1;
    while (this.#at < this.#end && this.#text.charCodeAt(this.#at) === code);
    // General and CJK punctuation is common; arrows, boxes and mathematics are less so.
    const isCommon = code < 0x2000 || (code >= 0x2010 && code < 0x2030) || code >= 0x3000;
    this.#rest += (isCommon ? 1 : 1.4) + (this.#at - start - 1) / 6;
  }
}

function isOfWord(kind: CharacterKind | undefined): boolean {
  return kind === 'lower' || kind === 'upper' || kind === 'digit' || kind === 'accented';
}
