import { bytesOf, type Database } from './database';
import { fillerWord, SearchBeginnings, type SearchTable } from './searchBeginnings';

/** Pages of the index that are written at once. */
const pagesAtOnce = 100;
/** No message has this key. */
const fillerKey = 0;

/**
 * FTS5's `secure-delete` takes the words of what is deleted out of its pages, but not out of the list of where each page
 * begins: the beginning of a deleted word stays there. Merging the pages anew makes that list anew, a part at a time.
 */
export class SearchScrub {
  readonly #database: Database;
  readonly #table: SearchTable;
  readonly #beginnings: SearchBeginnings;
  /** Where a merge is under way. */
  #merging = false;

  constructor(database: Database, table: SearchTable) {
    this.#database = database;
    this.#table = table;
    this.#beginnings = new SearchBeginnings(database, table);
  }

  /** A bounded piece of it. @returns whether it is done */
  step(): boolean {
    if (!this.#merging) {
      if (!this.#holdsDeleted()) return true;
      this.#database.write(() => this.#begin());
      // In a transaction of its own, as a segment is made when one ends.
      this.#merging = this.#database.write(() => this.#merge(-pagesAtOnce));
      return false;
    }
    this.#merging = this.#database.write(() => {
      const goesOn = this.#merge(pagesAtOnce);
      if (!goesOn) this.#takeFillerOut();
      return goesOn;
    });
    // Looked at once more: words may have been deleted meanwhile.
    return !this.#merging && !this.#holdsDeleted();
  }

  /** Whether a page is said to begin with what no word of the index begins with. */
  #holdsDeleted(): boolean {
    const pages = this.#database.all(`SELECT term FROM ${this.#table}_idx WHERE length(term) > 1`);
    return this.#beginnings.someOfDeleted(pages.map((row) => Buffer.from(bytesOf(row, 'term')).subarray(1)));
  }

  /** A single segment is merged only with another: a word that is nowhere else makes one. */
  #begin(): void {
    this.#takeFillerOut();
    this.#database.run(`INSERT INTO ${this.#table} (rowid, content) VALUES (?, ?)`, fillerKey, fillerWord);
  }

  /** The index itself tells, as a window may have ended between. */
  #takeFillerOut(): void {
    const match = `SELECT 1 FROM ${this.#table} WHERE ${this.#table} MATCH ?`;
    if (!this.#database.get(match, `"${fillerWord}"`)) return;
    this.#database.run(
      `INSERT INTO ${this.#table} (${this.#table}, rowid, content) VALUES ('delete', ?, ?)`,
      fillerKey,
      fillerWord,
    );
  }

  /** @returns whether there is more: see https://sqlite.org/fts5.html#the_merge_command */
  #merge(pages: number): boolean {
    const before = this.#database.changes;
    this.#database.run(`INSERT INTO ${this.#table} (${this.#table}, rank) VALUES ('merge', ?)`, pages);
    return this.#database.changes - before >= 2;
  }
}
