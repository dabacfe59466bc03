import { rmSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { fileIdentity } from '../doctor/historyFiles';
import type { Row } from '../database';
import { isLocked } from '../sqliteErrors';

const version = 1;
/** Longer waits are the caller's. */
const busyTimeoutMs = 50;

/**
 * - models: each by its name and where it is asked; `dimensions` 0: not known yet. One that answers with other dimensions
 *   than it did is another model.
 * - vectors: of a passage of a message, or of a fact (`message` is below 0); `vector` is empty where the model refuses the text. `hash` is SHA-256 of it.
 * - signs: for comparing all of them (see core/recall/vectors.ts), apart, so that few bytes are read for it.
 * - progress: turns from `low` to `high`, by key, have been looked at, but for those in `again`. `complete`: all were, once.
 * - leases: which window makes vectors, until when (milliseconds since 1970).
 *
 * Rows of vectors have up to some kB: large pages hold several.
 */
const schema = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE models (
    key INTEGER PRIMARY KEY, name TEXT NOT NULL, base_url TEXT NOT NULL, dimensions INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE vectors (
    key INTEGER PRIMARY KEY AUTOINCREMENT, model INTEGER NOT NULL, workspace INTEGER NOT NULL,
    message INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, hash BLOB NOT NULL, vector BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX vectors_message ON vectors (message, model, start);
  CREATE INDEX vectors_hash ON vectors (hash, model);
  CREATE INDEX vectors_workspace ON vectors (workspace, model);
  CREATE TABLE signs (
    model INTEGER NOT NULL, workspace INTEGER NOT NULL, key INTEGER NOT NULL, bits BLOB NOT NULL,
    PRIMARY KEY (model, workspace, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE progress (
    workspace INTEGER NOT NULL, model INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
    complete INTEGER NOT NULL, PRIMARY KEY (workspace, model)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE again (
    workspace INTEGER NOT NULL, model INTEGER NOT NULL, turn INTEGER NOT NULL, PRIMARY KEY (workspace, model, turn)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE leases (workspace INTEGER PRIMARY KEY, owner TEXT NOT NULL, until INTEGER NOT NULL) STRICT;
`;

/** The vectors are at fault, and not the history: damaged, of another version, or out of reach. */
export class VectorsUnusable extends Error {}

/** The open vectors.db: what can be made anew from the history, in a file of its own, so that harm to it harms nothing else. */
export class VectorFile {
  readonly path: string;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #identity: string | undefined;
  #holdsDeleted = false;
  #changing = false;

  /** Makes it where it is not there. All methods throw VectorsUnusable, or that another window holds a lock */
  constructor(path: string) {
    this.path = path;
    this.#db = mine(() => new DatabaseSync(path));
    try {
      this.#exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA page_size = 16384`);
      this.#exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
      const found = Number(this.get('PRAGMA user_version')?.user_version);
      if (found !== 0 && found !== version) throw new VectorsUnusable(`Vectors of version ${found}`);
      if (found === 0) this.#create();
      this.#identity = fileIdentity(path);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  #create(): void {
    this.begin();
    try {
      // Another window may have been first.
      if (Number(this.get('PRAGMA user_version')?.user_version) === 0)
        this.#exec(`${schema}; PRAGMA user_version = ${version}`);
      this.commit();
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }

  static removeAt(path: string): void {
    for (const suffix of ['-wal', '-shm', '-journal', '']) rmSync(path + suffix, { force: true });
  }

  /** Whether the open file is the one at its path. */
  get isCurrent(): boolean {
    return fileIdentity(this.path) === this.#identity;
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return mine(() => this.#prepare(sql).get(...values));
  }

  all(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    return mine(() => this.#prepare(sql).all(...values));
  }

  /** @returns how many rows changed */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(mine(() => this.#prepare(sql).run(...values).changes));
  }

  /** @returns the new row's key */
  insert(sql: string, ...values: SQLInputValue[]): number {
    return Number(mine(() => this.#prepare(sql).run(...values).lastInsertRowid));
  }

  get isChanging(): boolean {
    return this.#changing;
  }

  begin(): void {
    this.run('BEGIN IMMEDIATE');
    this.#changing = true;
  }

  commit(): void {
    this.run('COMMIT');
    this.#changing = false;
  }

  /** Some errors (a full disk, for one) roll back by themselves. */
  rollBack(): void {
    this.#changing = false;
    try {
      this.#db.exec('ROLLBACK');
    } catch {
      // No transaction is open any more, which is what was wanted.
    }
  }

  noteDelete(): void {
    this.#holdsDeleted = true;
  }

  /** Whether what was deleted may still be in the write-ahead log. */
  get holdsDeleted(): boolean {
    return this.#holdsDeleted;
  }

  /** @returns false where another window's reader is in the way */
  checkpoint(): boolean {
    const done = Number(this.get('PRAGMA wal_checkpoint(TRUNCATE)')?.busy ?? 0) === 0;
    if (done) this.#holdsDeleted = false;
    return done;
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #exec(sql: string): void {
    mine(() => this.#db.exec(sql));
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function mine<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isLocked(error)) throw error;
    throw new VectorsUnusable('The vectors cannot be used', { cause: error });
  }
}
