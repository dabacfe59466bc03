import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Where things are: the log and, beside it, what belongs to it. */
export class HistoryFiles {
  readonly database: string;
  readonly folder: string;
  readonly backups: string;
  readonly quarantine: string;
  /** Locked by SQLite while one window repairs: the system lets go of it should that window die. */
  readonly lock: string;
  /** There while a repair is under way: no window commits. */
  readonly marker: string;

  constructor(database: string) {
    this.database = database;
    this.folder = dirname(database);
    this.backups = join(this.folder, 'backups');
    this.quarantine = join(this.folder, 'quarantine');
    this.lock = `${database}.repair-lock`;
    this.marker = `${database}.repairing`;
  }

  get isUnderRepair(): boolean {
    return statSync(this.marker, { throwIfNoEntry: false }) !== undefined;
  }
}

/** What tells a file from another that takes its place; undefined where there is none. */
export function fileIdentity(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
}

/** What says that the log cannot be written where it is, as SQLite only says that it cannot be opened. */
export function notWritable({ folder, database }: HistoryFiles): Error | undefined {
  try {
    for (const path of [folder, database]) if (existsSync(path)) accessSync(path, constants.W_OK);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : undefined;
  }
}

/** Names in a folder, the last by name first; none where there is no folder. */
export function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort().reverse() : [];
}

/** Makes what is in a file, or which names are in a folder, last a loss of power. Not all systems sync folders. */
export function sync(path: string): void {
  let file: number | undefined;
  try {
    file = openSync(path, 'r+');
  } catch {
    if (process.platform === 'win32') return;
    file = openSync(path, 'r');
  }
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
