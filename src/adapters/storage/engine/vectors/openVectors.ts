import { existsSync } from 'node:fs';
import type { Database } from '../database';
import { VectorFile, VectorsUnusable } from './vectorFile';

/** In the history's `meta`: which vectors are of this very file of it, as the keys of rows are. */
const markName = 'vectors';

/**
 * The vectors beside one history, opened when they are first needed. Whatever is wrong with them, they are thrown away
 * and made anew: damage, another version's, or vectors of another history (one that a repair has written anew, or that
 * somebody has put back). What was deleted is then gone with the rest.
 */
export class OpenVectors {
  readonly #database: Database;
  readonly #path: string;
  readonly #newId: () => string;
  #file: VectorFile | undefined;

  constructor(database: Database, path: string, newId: () => string) {
    this.#database = database;
    this.#path = path;
    this.#newId = newId;
  }

  /** Those that are there, opened or not. */
  get file(): VectorFile | undefined {
    if (this.#file && !this.#file.isCurrent) this.close();
    if (!this.#file && existsSync(this.#path)) {
      const file = new VectorFile(this.#path);
      this.#file = file;
      if (!this.#fits(file)) this.discard();
    }
    return this.#file;
  }

  /** Inside the history's `write`. */
  get made(): VectorFile {
    const known = this.file;
    if (known) return known;
    const file = new VectorFile(this.#path);
    this.#file = file;
    const mark = this.#newId();
    file.run(`INSERT OR REPLACE INTO meta VALUES ('mark', ?)`, mark);
    this.#database.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', markName, mark);
    return file;
  }

  get opened(): VectorFile | undefined {
    return this.#file;
  }

  /** A history that is behind what they were made of has been put back. */
  #fits(file: VectorFile): boolean {
    const mark = this.#database.get('SELECT value FROM meta WHERE name = ?', markName)?.value;
    const ofFile = (name: string): unknown => file.get('SELECT value FROM meta WHERE name = ?', name)?.value;
    return (
      mark !== undefined &&
      mark === ofFile('mark') &&
      Number(ofFile('sequence') ?? 0) <= this.#database.sequence
    );
  }

  /**
   * Runs `work`, and where the vectors are at fault, throws them away.
   * @returns undefined then
   * @throws where another window holds a lock, or the file cannot even be removed
   */
  guarded<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof VectorsUnusable)) throw error;
      this.discard();
      return undefined;
    }
  }

  discard(): void {
    this.close();
    VectorFile.removeAt(this.#path);
  }

  close(): void {
    const file = this.#file;
    this.#file = undefined;
    try {
      if (file?.isChanging) file.rollBack();
      file?.close();
    } catch {
      // A damaged database may not even close well.
    }
  }
}
