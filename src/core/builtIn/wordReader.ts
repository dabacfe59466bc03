import type { Word } from './words';

/** Reads a sentence from left to right, with steps back where a reading fails. */
export class WordReader {
  readonly #words: readonly Word[];
  /** How many words have been read. */
  position = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  get rest(): readonly Word[] {
    return this.#words.slice(this.position);
  }

  get atEnd(): boolean {
    return this.position >= this.#words.length;
  }

  skip(count: number): void {
    this.position += count;
  }

  /** Whether one of the phrases comes next; each is words parted by spaces. The longest match should come first. */
  sees(...phrases: readonly string[]): boolean {
    return phrases.some((phrase) => this.#length(phrase) > 0);
  }

  /** Takes the first of the phrases that comes next. */
  take(...phrases: readonly string[]): string | undefined {
    const found = phrases.find((phrase) => this.#length(phrase) > 0);
    if (found !== undefined) this.position += this.#length(found);
    return found;
  }

  /** Takes all of these that come next, in any order. */
  skipAll(phrases: readonly string[]): void {
    while (this.take(...phrases) !== undefined);
  }

  /** Reads, or takes nothing. */
  attempt<T>(read: () => T | undefined): T | undefined {
    const start = this.position;
    const result = read();
    if (result === undefined) this.position = start;
    return result;
  }

  #length(phrase: string): number {
    const wanted = phrase.split(' ');
    return wanted.every((text, index) => this.#words[this.position + index]?.text === text)
      ? wanted.length
      : 0;
  }
}
