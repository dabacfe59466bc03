import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { BackupFile } from '../../../../core/historyDoctor';
import { Database } from '../database';
import { progressOf } from '../erasure';
import { namesIn, sync, type HistoryFiles } from './historyFiles';
import { verify } from './verify';

/** The newest, and older ones: one of more than a day ago, one of more than a week ago. */
const ages = [0, 24 * 3_600_000, 7 * 24 * 3_600_000];
/** Beyond this in all, only the newest is kept. */
const mostBytes = 1024 ** 3;

export interface Backup extends BackupFile {
  readonly logId: string;
  /** The log's sequence when it was made. */
  readonly sequence: number;
}

/** Newest first. The names tell all, so that looking costs one listing of a folder. */
export function backupsOf(files: HistoryFiles): readonly Backup[] {
  return namesIn(files.backups).flatMap((name) => {
    const parts = /^(\d{13,})_(\d+)_(.+)\.db$/.exec(name);
    const path = join(files.backups, name);
    const bytes = parts && statSync(path, { throwIfNoEntry: false })?.size;
    const [, time = '', sequence = '', logId = ''] = parts ?? [];
    if (bytes === undefined || bytes === null) return [];
    const madeAt = new Date(Number(time)).toISOString();
    return [{ path, madeAt, bytes, sequence: Number(sequence), logId: decodeURIComponent(logId) }];
  });
}

/**
 * Copies the log, without its search index, unless the newest backup has all of it. Only a copy that is sound
 * replaces an older one. Reads through SQLite, so that windows can go on writing.
 * @param isWhole checks the copy
 * @returns whether there is a new one
 */
export function makeBackup(files: HistoryFiles, now: number, isWhole = isSound): boolean {
  mkdirSync(files.backups, { recursive: true });
  const made = join(files.backups, `making-${process.pid}-${now}.tmp`);
  try {
    const source = new DatabaseSync(files.database, { readOnly: true });
    try {
      source.exec('PRAGMA busy_timeout = 2000');
      const [newest] = backupsOf(files);
      if (
        newest &&
        newest.logId === metaOf(source, 'logId') &&
        newest.sequence === metaOf(source, 'sequence')
      )
        return false;
      source.prepare('VACUUM INTO ?').run(made);
    } finally {
      source.close();
    }
    const { logId, sequence } = strip(made);
    if (!isWhole(made)) return false;
    sync(made);
    const place = join(files.backups, `${now}_${sequence}_${encodeURIComponent(logId)}.db`);
    renameSync(made, place);
    // What was deleted while it was made is in it, and copies may have been cleaned already.
    if (lastDeleteIn(files) > sequence) {
      rmSync(place, { force: true });
      return false;
    }
    sync(files.backups);
  } finally {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(made + suffix, { force: true });
  }
  rotate(files, now);
  return true;
}

function lastDeleteIn(files: HistoryFiles): number {
  const source = new DatabaseSync(files.database, { readOnly: true });
  try {
    source.exec('PRAGMA busy_timeout = 2000');
    return Number(metaOf(source, progressOf.lastDelete) ?? 0);
  } finally {
    source.close();
  }
}

/** So long a backup takes at most, in milliseconds. */
const longestMaking = 3_600_000;

/**
 * Removes what backups that were interrupted have left behind. Called while no other window cleans copies.
 * @returns whether none is being made: what is deleted may be in that
 */
export function removeLeftovers(files: HistoryFiles, isAlive = isProcess): boolean {
  let isQuiet = true;
  for (const name of namesIn(files.backups)) {
    const path = join(files.backups, name);
    const [, maker] = /^making-(\d+)-.*\.tmp/.exec(name) ?? [];
    if (maker === undefined && !name.endsWith('.db.tmp')) continue;
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile()) continue;
    const age = Date.now() - stats.mtimeMs;
    if (maker !== undefined && isAlive(Number(maker)) && age < longestMaking) isQuiet = false;
    else rmSync(path, { force: true });
  }
  return isQuiet;
}

function isProcess(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** A copy's search index can be made anew, and would only hold words to be deleted. */
function strip(path: string): { readonly logId: string; readonly sequence: number } {
  const copy = new DatabaseSync(path);
  try {
    copy.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY');
    dropSearch(copy);
    copy.exec('VACUUM');
    return { logId: String(metaOf(copy, 'logId')), sequence: Number(metaOf(copy, 'sequence')) };
  } finally {
    copy.close();
  }
}

export function dropSearch(copy: DatabaseSync): void {
  for (const table of ['message_search', 'fact_search']) copy.exec(`DROP TABLE IF EXISTS ${table}`);
}

export function metaOf(database: DatabaseSync, name: string): unknown {
  return database.prepare('SELECT value FROM meta WHERE name = ?').get(name)?.value;
}

export function isSound(path: string): boolean {
  const database = new Database(path, () => '', { journal: 'rollback', migrate: false });
  try {
    return verify(database).problems.length === 0;
  } finally {
    database.close();
  }
}

/** Of a log with the schema of another version, whose rows cannot be checked. */
export function hasWholePages(path: string): boolean {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare('PRAGMA quick_check(1)').get()?.quick_check === 'ok';
  } finally {
    database.close();
  }
}

function rotate(files: HistoryFiles, now: number): void {
  const all = backupsOf(files);
  const kept = new Set<string>();
  let bytes = 0;
  for (const age of ages) {
    const backup = all.find(({ madeAt }) => now - Date.parse(madeAt) >= age);
    if (!backup || kept.has(backup.path)) continue;
    bytes += backup.bytes;
    if (kept.size === 0 || bytes <= mostBytes) kept.add(backup.path);
  }
  // Until a backup is old enough for its age, the oldest of what there is stands in for it.
  const oldest = all.at(-1);
  if (kept.size < ages.length && oldest && bytes + oldest.bytes <= mostBytes) kept.add(oldest.path);
  for (const { path } of all) if (!kept.has(path)) rmSync(path, { force: true });
}
