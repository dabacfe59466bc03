import type { Word } from './words';

/** Reads a sentence from left to right, with steps back where a reading fails. */
export class WordReader {
  readonly #words: readonly Word[];
  #at = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  get rest(): readonly Word[] {
    return this.#words.slice(this.#at);
  }

  get atEnd(): boolean {
    return this.#at >= this.#words.length;
  }

  skip(count: number): void {
    this.#at += count;
  }

  /** Whether one of the phrases comes next; each is words parted by spaces. The longest match should come first. */
  sees(...phrases: readonly string[]): boolean {
    return phrases.some((phrase) => this.#length(phrase) > 0);
  }

  /** Takes the first of the phrases that comes next. */
  take(...phrases: readonly string[]): string | undefined {
    const found = phrases.find((phrase) => this.#length(phrase) > 0);
    if (found !== undefined) this.#at += this.#length(found);
    return found;
  }

  /** Takes all of these that come next, in any order. */
  skipAll(phrases: readonly string[]): void {
    while (this.take(...phrases) !== undefined);
  }

  /** Reads, or takes nothing. */
  attempt<T>(read: () => T | undefined): T | undefined {
    const start = this.#at;
    const result = read();
    if (result === undefined) this.#at = start;
    return result;
  }

  #length(phrase: string): number {
    const wanted = phrase.split(' ');
    return wanted.every((text, index) => this.#words[this.#at + index]?.text === text) ? wanted.length : 0;
  }
}
