import { textOf, type Database } from './database';

export type SearchTable = 'message_search' | 'fact_search';

/** No text has this word: see searchScrub.ts. */
export const fillerWord = '\ue0009';

/** By what the index says that its pages begin with: a word of the page, or as much as tells it from the page before. */
export class SearchBeginnings {
  readonly #database: Database;
  readonly #table: SearchTable;
  readonly #words: string;

  constructor(database: Database, table: SearchTable) {
    this.#database = database;
    this.#table = table;
    this.#words = `temp.${table}_scrub`;
  }

  /** Whether one of them is of a word that is in the index no more. Sees what the open transaction has taken out. */
  someOfDeleted(beginnings: readonly Buffer[]): boolean {
    this.#database.exec(
      `CREATE VIRTUAL TABLE IF NOT EXISTS ${this.#words} USING fts5vocab(main, ${this.#table}, 'instance')`,
    );
    return beginnings.some((beginning) => this.#isOfDeleted(beginning));
  }

  #isOfDeleted(beginning: Buffer): boolean {
    const text = wholeCharacters(beginning);
    // A page may have begun with the filler. It tells nothing, and would be there again after every merge.
    if (fillerWord.startsWith(text)) return false;
    const row = this.#database.get(`SELECT term FROM ${this.#words} WHERE term >= ? LIMIT 1`, text);
    return row === undefined || !textOf(row, 'term').startsWith(text);
  }
}

/** A page's beginning may end within a character, be it the first one. */
function wholeCharacters(bytes: Buffer): string {
  let last = bytes.length - 1;
  while (last > 0 && (at(bytes, last) & 0xc0) === 0x80) last -= 1;
  const isCut = last >= 0 && last + lengthBy(at(bytes, last)) > bytes.length;
  return bytes.toString('utf8', 0, isCut ? last : bytes.length);
}

function at(bytes: Buffer, index: number): number {
  return bytes[index] ?? 0;
}

/** Of a character in UTF-8, by its first byte. */
function lengthBy(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}
