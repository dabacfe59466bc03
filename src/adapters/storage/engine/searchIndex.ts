import { HistoryError } from '../../../core/errors';
import type { Database } from './database';
import { integerOf, textOf } from './database';
import { contentOf, indexedOf } from './indexedText';
import { messageRows } from './messageRows';
import { RemovedWords, tokenizer } from './removedWords';
import { allMessages, placeWord, placeWords } from './searchPlace';
import { SearchScrub } from './searchScrub';
import { isLocked } from './sqliteErrors';

/** What is indexed, and how. An index of another version is built anew, in the background. */
const indexVersion = 3;

/** How many messages of the index hold a stem: of each connection, as it holds nothing of its own. */
const vocabulary = 'temp.message_words';
const factVocabulary = 'temp.fact_words';

interface Counted {
  readonly dataVersion: number;
  readonly changes: number;
  readonly counts: Map<string, number>;
}

/**
 * The full-text index beside the history: FTS5 without content of its own, so that no text is stored twice; what is
 * taken out must be told again word for word. Terms taken out leave no bytes behind ('secure-delete'). `detail` stays
 * full: with less, bm25() is arbitrary.
 */
export class SearchIndex {
  /** Where the log can only be read, an index of another version will do if it can. */
  readonly available: boolean;
  /** Whether it can be asked for one workspace's messages alone (see searchPlace.ts). */
  readonly knowsPlaces: boolean;
  readonly #database: Database;
  readonly #hasFts5: boolean;
  #hasVocabulary = false;
  #counted: Counted = { dataVersion: -1, changes: -1, counts: new Map() };
  readonly #scrubs: readonly SearchScrub[];
  readonly #removedOfMessages: RemovedWords;
  readonly #removedOfFacts: RemovedWords;

  /** @param allowed false: as if this SQLite had no FTS5 */
  constructor(database: Database, allowed = true) {
    this.#database = database;
    this.#hasFts5 = hasFts5(database);
    this.#scrubs = (['message_search', 'fact_search'] as const).map(
      (table) => new SearchScrub(database, table),
    );
    this.#removedOfMessages = new RemovedWords(database, 'message_search');
    this.#removedOfFacts = new RemovedWords(database, 'fact_search');
    const isOurs = allowed && this.#hasFts5 && (this.#isReady() || this.#tryCreate());
    const columns = allowed && this.#hasFts5 ? this.#columns() : [];
    this.available = isOurs || ['content', 'extra'].every((column) => columns.includes(column));
    this.knowsPlaces = isOurs || columns.includes('place');
  }

  /** Of an index that another version has made. */
  #columns(): readonly string[] {
    if (this.#wasDiscarded()) return [];
    return this.#database.all('PRAGMA table_info(message_search)').map((row) => textOf(row, 'name'));
  }

  /** A log that cannot be written, or is a newer version's, is read without its index. */
  #tryCreate(): boolean {
    try {
      this.#create();
      return true;
    } catch (error) {
      if (isLocked(error)) throw error;
      return false;
    }
  }

  #isReady(): boolean {
    const tables = this.#database.get(
      `SELECT count(*) AS n FROM sqlite_schema WHERE name = 'message_search'`,
    );
    const version = this.#database.get(`SELECT value FROM meta WHERE name = 'searchVersion'`)?.value;
    return integerOf(tables, 'n') === 1 && version === indexVersion && !this.#wasDiscarded();
  }

  #isNewer(): boolean {
    const row = this.#database.get(`SELECT value FROM meta WHERE name = 'searchVersion'`);
    return row !== undefined && integerOf(row, 'value') > indexVersion;
  }

  #wasDiscarded(): boolean {
    return this.#database.get(`SELECT 1 FROM meta WHERE name = 'searchDiscarded'`) !== undefined;
  }

  #create(): void {
    this.#database.write(() => {
      if (!this.#isReady()) this.#build();
    });
  }

  #build(): void {
    for (const [table, columns] of [
      ['message_search', 'content, extra, place'],
      ['fact_search', 'content, extra'],
    ] as const) {
      this.#database.exec(`
        DROP TABLE IF EXISTS ${table};
        CREATE VIRTUAL TABLE ${table} USING fts5(${columns}, content = '',
          tokenize = '${tokenizer}');
        INSERT INTO ${table} (${table}, rank) VALUES ('secure-delete', 1);
      `);
    }
    this.#database.exec(`
      UPDATE turns SET indexed = 0 WHERE indexed = 1;
      UPDATE facts SET indexed = 0 WHERE indexed = 1;
      DELETE FROM meta WHERE name = 'searchDiscarded';
      INSERT OR REPLACE INTO meta VALUES ('searchVersion', ${indexVersion});
    `);
  }

  /** A newer version's window may have made it anew meanwhile, with other words; one without FTS5 may have discarded it. */
  get #isWritable(): boolean {
    return this.available && this.#isReady();
  }

  /** @throws HistoryError `unavailable` */
  requireAvailable(): void {
    if (this.available) return;
    const message = this.#hasFts5
      ? 'The history cannot be written, and has no search index: nothing can be recalled.'
      : 'This Node.js has no full-text search (SQLite without FTS5): nothing can be recalled.';
    throw new HistoryError({ reason: 'no-search', message });
  }

  /** How many messages there are in the index, of all workspaces. */
  get messages(): number {
    return this.#count(allMessages, () =>
      this.knowsPlaces
        ? this.holding(allMessages)
        : integerOf(this.#database.get('SELECT count(*) AS n FROM messages'), 'n'),
    );
  }

  /** How many of them are a workspace's. Only where it `knowsPlaces`. */
  messagesOf(workspace: number): number {
    const word = placeWord.workspace(workspace);
    return this.#count(word, () => this.holding(word));
  }

  /** Told by the index entry by entry, so it is counted again only once anything has changed. */
  #count(what: string, count: () => number): number {
    const { dataVersion, changes } = this.#database;
    if (this.#counted.dataVersion !== dataVersion || this.#counted.changes !== changes)
      this.#counted = { dataVersion, changes, counts: new Map() };
    const { counts } = this.#counted;
    const known = counts.get(what) ?? count();
    counts.set(what, known);
    return known;
  }

  /** How many messages hold the stem, as the index has it. */
  holding(stem: string): number {
    this.#openVocabulary();
    const row = this.#database.get(`SELECT doc FROM ${vocabulary} WHERE term = ?`, stem);
    return row ? integerOf(row, 'doc') : 0;
  }

  /** Stems of messages, or of facts, that begin so, in their order. */
  stemsFrom(prefix: string, of: 'messages' | 'facts', limit: number): readonly string[] {
    this.#openVocabulary();
    return this.#database
      .all(
        `SELECT term FROM ${of === 'messages' ? vocabulary : factVocabulary} WHERE term >= ? AND term < ? LIMIT ?`,
        prefix,
        `${prefix}\u{10ffff}`,
        limit,
      )
      .map((row) => textOf(row, 'term'));
  }

  #openVocabulary(): void {
    if (this.#hasVocabulary) return;
    this.#database.exec(
      `CREATE VIRTUAL TABLE IF NOT EXISTS ${vocabulary} USING fts5vocab(main, message_search, 'row');
       CREATE VIRTUAL TABLE IF NOT EXISTS ${factVocabulary} USING fts5vocab(main, fact_search, 'row')`,
    );
    this.#hasVocabulary = true;
  }

  #addTurn(turn: number): void {
    const words = placeWords(this.#database, turn);
    for (const row of messageRows(this.#database, turn)) {
      const { content, extra, place } = indexedOf(row, words);
      this.#database.run(
        'INSERT INTO message_search (rowid, content, extra, place) VALUES (?, ?, ?, ?)',
        integerOf(row, 'key'),
        content,
        extra,
        place,
      );
    }
    this.#database.run('UPDATE turns SET indexed = 1 WHERE key = ?', turn);
  }

  /**
   * Before the messages of an indexed turn change or go. The row's `indexed` is the caller's.
   * @returns how many entries it had
   */
  removeTurn(turn: number): number {
    if (!this.#isWritable) {
      this.#discard();
      return 0;
    }
    const words = placeWords(this.#database, turn);
    const rows = messageRows(this.#database, turn);
    for (const row of rows) {
      const { content, extra, place } = indexedOf(row, words);
      this.#database.run(
        `INSERT INTO message_search (message_search, rowid, content, extra, place) VALUES ('delete', ?, ?, ?, ?)`,
        integerOf(row, 'key'),
        content,
        extra,
        place,
      );
      this.#removedOfMessages.add(content, extra, place);
    }
    return rows.length;
  }

  addFact(key: number, text: string, extra: string): void {
    if (!this.#isWritable) return;
    this.#database.run('INSERT INTO fact_search (rowid, content, extra) VALUES (?, ?, ?)', key, text, extra);
    this.#database.run('UPDATE facts SET indexed = 1 WHERE key = ?', key);
  }

  removeFact(key: number, text: string, extra: string): void {
    if (!this.#isWritable) {
      this.#discard();
      return;
    }
    this.#database.run(
      `INSERT INTO fact_search (fact_search, rowid, content, extra) VALUES ('delete', ?, ?, ?)`,
      key,
      text,
      extra,
    );
    this.#removedOfFacts.add(text, extra);
    this.#database.run('UPDATE facts SET indexed = 0 WHERE key = ?', key);
  }

  /** Takes everything out; `catchUp` adds it again. */
  empty(): void {
    if (!this.#isWritable) {
      this.#discard();
      return;
    }
    this.clearRemoved();
    this.#database.exec(`
      INSERT INTO message_search (message_search) VALUES ('delete-all');
      INSERT INTO fact_search (fact_search) VALUES ('delete-all');
      UPDATE turns SET indexed = 0 WHERE indexed = 1;
      UPDATE facts SET indexed = 0 WHERE indexed = 1;
    `);
  }

  /**
   * A bounded piece of taking the last of what was deleted out of the index's pages. @returns whether it is done: an index
   * that was discarded holds nothing
   */
  scrub(): boolean {
    if (!this.#isWritable) return true;
    return this.#scrubs.every((scrub) => scrub.step());
  }

  /** Before and after a transaction. */
  clearRemoved(): void {
    this.#removedOfMessages.clear();
    this.#removedOfFacts.clear();
  }

  /** Whether the transaction took any words out. */
  get hasRemoved(): boolean {
    return this.#removedOfMessages.hasAny || this.#removedOfFacts.hasAny;
  }

  /** At the end of a transaction: whether what it has taken out is to be followed by `scrub`. */
  mayHoldRemoved(): boolean {
    return this.#removedOfMessages.mayBeLeft() || this.#removedOfFacts.mayBeLeft();
  }

  /** Whether there are ended turns, or facts that a Node without FTS5 has stored, that are not in the index. */
  isBehind(): boolean {
    const row = this.#database.get(
      `SELECT EXISTS (SELECT 1 FROM turns WHERE indexed = 0 AND status <> 'running')
         OR EXISTS (SELECT 1 FROM facts WHERE indexed = 0)
         OR EXISTS (SELECT 1 FROM meta WHERE name = 'searchDiscarded') AS behind`,
    );
    return integerOf(row, 'behind') === 1;
  }

  /** Adds some of these. @returns whether there may be more */
  catchUp(limit: number): boolean {
    if (!this.#isReady()) {
      if (this.#isNewer()) return false;
      this.#build();
    }
    const turns = this.#database.all(
      `SELECT key FROM turns WHERE indexed = 0 AND status <> 'running' LIMIT ?`,
      limit,
    );
    const facts = this.#database.all('SELECT key, extra, body FROM facts WHERE indexed = 0 LIMIT ?', limit);
    for (const row of turns) this.#addTurn(integerOf(row, 'key'));
    for (const row of facts) {
      const text = contentOf(textOf(row, 'body'), 'text');
      this.addFact(integerOf(row, 'key'), text, textOf(row, 'extra'));
    }
    return turns.length + facts.length > 0;
  }

  /**
   * Where a row must leave an index that this Node cannot write, the whole index goes, so that no deleted text stays
   * in it; the next Node with FTS5 builds it anew.
   */
  #discard(): void {
    if (this.#wasDiscarded()) return;
    for (const table of this.#searchTables()) {
      this.#database.exec(
        this.#hasFts5 ? `INSERT INTO ${table} (${table}) VALUES ('delete-all')` : `DELETE FROM ${table}`,
      );
    }
    this.#database.run(`INSERT INTO meta VALUES ('searchDiscarded', 1)`);
  }

  /** The virtual tables; where these cannot be used, the tables that FTS5 keeps its data in. */
  #searchTables(): readonly string[] {
    return this.#database
      .all(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB ?`, '*_search*')
      .map((row) => textOf(row, 'name'))
      .filter((name) => name.endsWith('_search') === this.#hasFts5);
  }
}

function hasFts5(database: Database): boolean {
  try {
    return database.get('SELECT fts5_source_id()') !== undefined;
  } catch {
    return false;
  }
}
