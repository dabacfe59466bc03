import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A real disk of its own, small enough to be filled. Only within a mount namespace of its own: see `onSmallDisks`. */
export class SmallDisk {
  readonly path: string;
  /** Where a history goes. */
  readonly databasePath: string;
  readonly #ballast: string;

  constructor(path: string) {
    this.path = path;
    this.databasePath = join(path, 'history', 'history.db');
    this.#ballast = join(path, 'ballast');
    mkdirSync(path, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', path]);
  }

  /** To the last byte. */
  fill(): void {
    const file = openSync(this.#ballast, 'a');
    for (const size of [65_536, 4096, 1]) while (wrote(file, size));
    closeSync(file);
  }

  /** There is room again. */
  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  /** Nothing may have it open for writing. */
  setWritable(writable: boolean): void {
    execFileSync('mount', ['-o', `remount,${writable ? 'rw' : 'ro'}`, this.path]);
  }
}

function wrote(file: number, size: number): boolean {
  try {
    return writeSync(file, Buffer.alloc(size)) === size;
  } catch {
    return false;
  }
}
