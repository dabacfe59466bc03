import type { Database } from './database';
import type { SearchIndex } from './searchIndex';
import type { Vectors } from './vectors/vectors';

/**
 * How far what was deleted has left the places that follow a delete: the log's sequence of the last delete, and of the
 * last one that each place has followed. They are in the log, so that any window goes on with what another began.
 */
export const progressOf = {
  lastDelete: 'lastDelete',
  /** Backups and quarantine. */
  copies: 'scrubbed',
  searchIndex: 'searchScrubbed',
  /** The last change that took words out of the search index without being a delete, as of a fact that is edited. */
  searchChange: 'searchChanged',
  writeAheadLog: 'walTruncated',
  /** The write-ahead log of the vectors' own file. */
  vectors: 'vectorsTruncated',
} as const;

export interface ErasureState {
  readonly searchIndex: boolean;
  readonly writeAheadLog: boolean;
  readonly copies: boolean;
  readonly vectors: boolean;
}

/** Whether a delete of that sequence has left the places. */
export function erasedSince(database: Database, sequence: number): ErasureState {
  const has = (name: string): boolean => database.progress(name) >= sequence;
  return {
    searchIndex: has(progressOf.searchIndex),
    writeAheadLog: has(progressOf.writeAheadLog),
    copies: has(progressOf.copies),
    vectors: has(progressOf.vectors),
  };
}

/** Takes what was deleted out of the search index's own pages, and out of the write-ahead log. */
export class Erasure {
  readonly #database: Database;
  readonly #search: SearchIndex;
  readonly #vectors: Vectors;

  constructor(database: Database, search: SearchIndex, vectors: Vectors) {
    this.#database = database;
    this.#search = search;
    this.#vectors = vectors;
  }

  /**
   * Runs a transaction's work. Where nothing was left to be taken out of the search index before a delete, and nothing is
   * after it, the index has followed at once, and need not be looked at as a whole.
   */
  around<T>(work: () => T): T {
    const [database, search] = [this.#database, this.#search];
    const before = database.progress(progressOf.lastDelete);
    search.clearRemoved();
    const result = work();
    const until = database.progress(progressOf.lastDelete);
    if (until === before) {
      if (search.hasRemoved) database.setProgress(progressOf.searchChange, database.nextSequence());
    } else {
      const change = Math.max(before, database.progress(progressOf.searchChange));
      const hadFollowed = database.progress(progressOf.searchIndex) >= change;
      if (hadFollowed && !search.mayHoldRemoved()) database.setProgress(progressOf.searchIndex, until);
    }
    search.clearRemoved();
    return result;
  }

  /** A bounded piece of it. */
  tidy(): 'more' | 'later' | 'done' {
    if (this.#isDue(progressOf.searchIndex)) {
      const until = this.#database.progress(progressOf.lastDelete);
      if (!this.#search.scrub()) return 'more';
      this.#database.write(() => this.#database.setProgress(progressOf.searchIndex, until));
    }
    return this.truncate() ? 'done' : 'later';
  }

  /** @returns false where another window's reader is in the way */
  truncate(): boolean {
    const vectors = this.#truncate(this.#vectors, progressOf.vectors);
    return this.#truncate(this.#database, progressOf.writeAheadLog) && vectors;
  }

  #truncate(file: { readonly holdsDeleted: boolean; checkpoint(): boolean }, name: string): boolean {
    const until = this.#database.progress(progressOf.lastDelete);
    const isDue = this.#isDue(name);
    if (!isDue && !file.holdsDeleted) return true;
    if (!file.checkpoint()) return false;
    if (isDue) this.#database.write(() => this.#database.setProgress(name, until));
    return true;
  }

  #isDue(name: string): boolean {
    return this.#database.progress(name) < this.#database.progress(progressOf.lastDelete);
  }
}
