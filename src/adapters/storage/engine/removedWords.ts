import { bytesOf, textOf, type Database } from './database';
import { SearchBeginnings, type SearchTable } from './searchBeginnings';

export const tokenizer = 'porter unicode61 remove_diacritics 2';

/** Of more texts, or words, it is the whole index that is looked at, in a quiet moment. */
const mostTexts = 1_000;
const mostWords = 5_000;
/** What FTS5 puts before each word. */
const wordMark = '0';

/**
 * What the open transaction has taken out of an index, whose pages may still be said to begin with its words (see
 * searchScrub.ts): looking for these words costs by what was deleted, and not by what is stored.
 */
export class RemovedWords {
  readonly #database: Database;
  readonly #table: SearchTable;
  readonly #beginnings: SearchBeginnings;
  #texts: string[] = [];

  constructor(database: Database, table: SearchTable) {
    this.#database = database;
    this.#table = table;
    this.#beginnings = new SearchBeginnings(database, table);
  }

  get hasAny(): boolean {
    return this.#texts.length > 0;
  }

  clear(): void {
    this.#texts = [];
  }

  add(...texts: readonly string[]): void {
    if (this.#texts.length <= mostTexts) this.#texts.push(...texts.filter((text) => text !== ''));
  }

  /** Whether a page may be said to begin with one of them. */
  mayBeLeft(): boolean {
    const texts = this.#texts;
    if (texts.length === 0) return false;
    const words = texts.length > mostTexts ? undefined : this.#wordsOf(texts);
    if (words === undefined) return true;
    // Asked of the index's words first: that has FTS5 write what it still holds back of this transaction.
    this.#beginnings.someOfDeleted([Buffer.from(words[0] ?? '')]);
    return this.#beginnings.someOfDeleted(this.#pagesBeginning(words));
  }

  /** As the index has them. Undefined: too many. */
  #wordsOf(texts: readonly string[]): readonly string[] | undefined {
    const database = this.#database;
    database.exec(
      `CREATE VIRTUAL TABLE IF NOT EXISTS temp.removed_texts USING fts5(text, content = '', tokenize = '${tokenizer}');
       CREATE VIRTUAL TABLE IF NOT EXISTS temp.removed_words USING fts5vocab(temp, removed_texts, 'row')`,
    );
    for (const text of texts) database.run('INSERT INTO temp.removed_texts (text) VALUES (?)', text);
    const rows = database.all('SELECT term FROM temp.removed_words LIMIT ?', mostWords + 1);
    database.exec(`INSERT INTO temp.removed_texts (removed_texts) VALUES ('delete-all')`);
    return rows.length > mostWords ? undefined : rows.map((row) => textOf(row, 'term'));
  }

  /** What pages begin with that these words begin with. */
  #pagesBeginning(words: readonly string[]): readonly Buffer[] {
    const beginnings = new Set<string>();
    for (const word of words) {
      const bytes = Buffer.from(wordMark + word);
      for (let end = 2; end <= bytes.length; end += 1) beginnings.add(bytes.toString('hex', 0, end));
    }
    const pages = `${this.#table}_idx`;
    return this.#database
      .all(
        `WITH RECURSIVE segments (id) AS (
           SELECT min(segid) FROM ${pages}
           UNION ALL
           SELECT (SELECT min(segid) FROM ${pages} WHERE segid > segments.id) FROM segments WHERE id IS NOT NULL
         )
         SELECT DISTINCT p.term FROM segments s CROSS JOIN json_each(?) b
         CROSS JOIN ${pages} p ON p.segid = s.id AND p.term = unhex(b.value)`,
        JSON.stringify([...beginnings]),
      )
      .map((row) => Buffer.from(bytesOf(row, 'term')).subarray(wordMark.length));
  }
}
