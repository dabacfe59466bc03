import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { HistoryError } from '../../../core/errors';
import { FilePlace } from './doctor/filePlace';
import type { HistoryFiles } from './doctor/historyFiles';
import { checkVersion, migrations } from './schema';
import { isSchemaMismatch } from './sqliteErrors';

/** Longer waits are the caller's: it can do other things meanwhile. */
const busyTimeoutMs = 50;

/**
 * After so many commits the write-ahead log is written back in a quiet moment, so that the next ones overwrite it from
 * its start: a commit that makes the file grow costs up to twice as much. (SQLite itself does so after 1000 pages.)
 */
const commitsToWriteBack = 32;

/** A row as it comes; `textOf` and its like check each column's type. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

export interface DatabaseOptions {
  /** Left out: the file is nobody else's, and does not move. */
  readonly files?: HistoryFiles;
  readonly beforeMigration?: (version: number) => void;
  /** Left out: a write-ahead log, where the file system allows. */
  readonly journal?: 'rollback';
  /** False: leaves the schema as it is. */
  readonly migrate?: boolean;
  /**
   * Only reads, without the files beside it that SQLite needs for a write-ahead log: where those cannot be made. What
   * another window writes meanwhile may be missed, and an earlier version's schema stays as it is.
   */
  readonly asItIs?: boolean;
  /** This version's, but for tests of what comes after it. */
  readonly steps?: readonly string[];
}

/** The open history database: statements prepared once, transactions, the log's sequence. */
export class Database {
  readonly journal: 'wal' | 'rollback';
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #sequence: number | undefined;
  #commits = 0;
  #holdsDeleted = false;

  readonly #place: FilePlace | undefined;
  readonly #steps: readonly string[];

  /**
   * @param newId makes the logId of a new log
   * @param beforeMigration is called with the older log's version, before it is touched
   */
  constructor(
    path: string,
    newId: () => string,
    { files, beforeMigration, journal, migrate, asItIs, steps = migrations }: DatabaseOptions = {},
  ) {
    this.#steps = steps;
    if (asItIs) this.#db = new DatabaseSync(`${pathToFileURL(path).href}?immutable=1`, { readOnly: true });
    else {
      mkdirSync(dirname(path), { recursive: true });
      this.#db = new DatabaseSync(path);
    }
    try {
      this.#db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
      this.journal = asItIs ? 'rollback' : (journal ?? this.#setJournal());
      this.#db.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY');
      const { version } = this;
      if (version > 0 && version < steps.length && !asItIs) beforeMigration?.(version);
      if (migrate !== false && !(asItIs && version > 0)) this.#migrate(newId);
      this.#place = files && new FilePlace(files);
    } catch (error) {
      this.#db.close();
      throw error;
    }
  }

  #setJournal(): 'wal' | 'rollback' {
    const mode = this.#db.prepare('PRAGMA journal_mode = WAL').get();
    return mode?.journal_mode === 'wal' ? 'wal' : 'rollback';
  }

  /** Two windows may open a new log at once: the second waits, and finds it migrated. */
  #migrate(newId: () => string): void {
    if (this.version >= this.#steps.length) return;
    this.#transaction('IMMEDIATE', () => {
      for (const step of this.#steps.slice(this.version)) this.#step(step);
      this.#db.exec(`PRAGMA user_version = ${this.#steps.length}`);
      this.run(`INSERT OR IGNORE INTO meta VALUES ('logId', ?)`, newId());
    });
  }

  /** A step that does not fit a log of ours is a mistake in the step, and no damage to be repaired. */
  #step(sql: string): void {
    const isOurs = this.version > 0 && this.logId !== '';
    try {
      this.#db.exec(sql);
    } catch (error) {
      if (!isOurs || !isSchemaMismatch(error)) throw error;
      const message = `The history could not be brought to this version: ${String(error)}`;
      throw new HistoryError({ reason: 'unavailable', message, cause: error });
    }
  }

  /** Whether the open file is the one at its path, and no repair is under way. */
  get isCurrent(): boolean {
    return this.#place?.isCurrent !== false;
  }

  get version(): number {
    return integerOf(this.get('PRAGMA user_version'), 'user_version');
  }

  /** False: an earlier version's, which cannot be written and so was not brought up to this one. */
  hasSchema(version: number): boolean {
    return this.version >= version;
  }

  /** Whether a newer version of the extension has written it. */
  get isNewer(): boolean {
    return this.version > this.#steps.length;
  }

  /** @throws HistoryError `newer-version` */
  checkVersion(): void {
    checkVersion(this.version, this.#steps.length);
  }

  get logId(): string {
    return textOf(this.get(`SELECT value FROM meta WHERE name = 'logId'`), 'value');
  }

  /** The sequence of the last change to the log, be it from this window or another. */
  get sequence(): number {
    return integerOf(this.get(`SELECT value FROM meta WHERE name = 'sequence'`), 'value');
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepare(sql).get(...values);
  }

  all(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    return this.#prepare(sql).all(...values);
  }

  /** @returns how many rows changed */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** @returns the new row's key */
  insert(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).lastInsertRowid);
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /** Runs `work` on one unchanging view of the log. */
  read<T>(work: () => T): T {
    return this.#transaction('DEFERRED', work);
  }

  /** Runs `work` as the only writer, and commits what it did; undoes all of it should it throw. */
  write<T>(work: () => T): T {
    this.#sequence = undefined;
    this.#commits += 1;
    try {
      return this.#transaction(
        'IMMEDIATE',
        () => {
          this.checkVersion();
          return work();
        },
        this.#place,
      );
    } catch (error) {
      this.#sequence = undefined;
      throw error;
    }
  }

  /** Inside `write`: the sequence of the change that is being made. */
  nextSequence(): number {
    this.#sequence ??= integerOf(
      this.get(`UPDATE meta SET value = value + 1 WHERE name = 'sequence' RETURNING value`),
      'value',
    );
    return this.#sequence;
  }

  /** The sequence that the last `write` gave out; undefined if it changed nothing. */
  get writtenSequence(): number | undefined {
    return this.#sequence;
  }

  /** Grows when another connection commits. */
  get dataVersion(): number {
    return integerOf(this.get('PRAGMA data_version'), 'data_version');
  }

  /** How many rows this connection has changed since it was opened. */
  get changes(): number {
    return integerOf(this.get('SELECT total_changes() AS n'), 'n');
  }

  /** What was deleted must leave the WAL too. */
  noteDelete(): void {
    this.#holdsDeleted = true;
  }

  /** Whether deleted text may still be in the WAL. */
  get holdsDeleted(): boolean {
    return this.#holdsDeleted;
  }

  /** A number that the log keeps of itself; 0 where there is none. */
  progress(name: string): number {
    const row = this.get('SELECT value FROM meta WHERE name = ?', name);
    return row ? integerOf(row, 'value') : 0;
  }

  setProgress(name: string, value: number): void {
    this.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', name, value);
  }

  /** Empties the WAL into the database file. @returns false where another window's reader is in the way */
  checkpoint(): boolean {
    const done = this.journal !== 'wal' || this.get('PRAGMA wal_checkpoint(TRUNCATE)')?.busy === 0;
    if (done) this.#holdsDeleted = false;
    return done;
  }

  /** Writes the write-ahead log back once it has grown, as far as other windows' readers let it. */
  writeBack(): void {
    if (this.#commits < commitsToWriteBack) return;
    this.#commits = 0;
    this.get('PRAGMA wal_checkpoint(PASSIVE)');
  }

  /** Writes a copy of all there is to a file that is not there yet. */
  copyTo(path: string): void {
    this.#db.prepare('VACUUM INTO ?').run(path);
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #transaction<T>(kind: 'DEFERRED' | 'IMMEDIATE', work: () => T, place?: FilePlace): T {
    this.run(`BEGIN ${kind}`);
    try {
      const result = work();
      this.run('COMMIT');
      // The file may have been moved, or a repair may have copied it without this: then it is done again.
      place?.check();
      return result;
    } catch (error) {
      this.#rollback();
      if (isSchemaMismatch(error) || isDamage(error)) this.checkVersion();
      throw error;
    }
  }

  /** Some errors (a full disk, for one) roll back by themselves. */
  #rollback(): void {
    try {
      this.#db.exec('ROLLBACK');
    } catch {
      // No transaction is open any more, which is what was wanted.
    }
  }
}

export function textOf(row: Row | undefined, column: string): string {
  const value = row?.[column];
  return typeof value === 'string' ? value : damaged(column);
}

export function optionalTextOf(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : textOf(row, column);
}

export function integerOf(row: Row | undefined, column: string): number {
  const value = row?.[column];
  return typeof value === 'number' ? value : damaged(column);
}

export function optionalIntegerOf(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integerOf(row, column);
}

export function bytesOf(row: Row | undefined, column: string): Uint8Array {
  const value = row?.[column];
  return value instanceof Uint8Array ? value : damaged(column);
}

function isDamage(error: unknown): boolean {
  return error instanceof HistoryError && error.reason === 'corrupt';
}

function damaged(column: string): never {
  throw new HistoryError({ reason: 'corrupt', message: `Column ${column} does not hold what was stored` });
}
