import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { sync, type HistoryFiles } from './historyFiles';
import { isLocked, RepairUnderWay } from '../sqliteErrors';

/**
 * Runs `repair` as the only window that repairs. While it runs no window's commit is acknowledged: each looks for the
 * marker after committing (see filePlace.ts). What an earlier repair left behind, that died, is handed in.
 * @throws RepairUnderWay where another window repairs
 */
export function whileRepairing<T>(files: HistoryFiles, repair: (mark: RepairMark) => T): T {
  return asTheOnlyOne(files, () => repair(new RepairMark(files)));
}

/**
 * Runs `work` as the only window that repairs, or changes the copies that repairs are made from.
 * @throws RepairUnderWay where another window does
 */
export function asTheOnlyOne<T>(files: HistoryFiles, work: () => T): T {
  const lock = new DatabaseSync(files.lock);
  try {
    lock.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return work();
  } catch (error) {
    if (isLocked(error)) throw new RepairUnderWay();
    throw error;
  } finally {
    lock.close();
  }
}

/** The marker file: names the quarantine copy, once that is complete. */
export class RepairMark {
  readonly #path: string;
  /** The copy that an interrupted repair had made. */
  readonly leftBehind: string | undefined;

  constructor(files: HistoryFiles) {
    this.#path = files.marker;
    this.leftBehind = readIfThere(this.#path)?.trim() || undefined;
  }

  set(quarantine = ''): void {
    writeFileSync(this.#path, quarantine);
    sync(this.#path);
  }

  clear(): void {
    rmSync(this.#path, { force: true });
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
