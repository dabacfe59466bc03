import { constants, copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { namesIn, sync, type HistoryFiles } from './historyFiles';

/** The oldest goes when there are more, and the report says so. */
const mostCopies = 5;

/**
 * Copies the log as it is, before anything is done to it. The write-ahead log first: what another window writes back
 * meanwhile is then in the copy twice, and never missing.
 * @returns the copy's folder
 */
export function copyToQuarantine(files: HistoryFiles, now: number, newId: () => string): string {
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
  const folder = join(files.quarantine, `${stamp}-${newId().slice(0, 8)}`);
  copyLog(files, folder);
  return folder;
}

export function copyLog(files: HistoryFiles, folder: string): void {
  mkdirSync(folder, { recursive: true });
  try {
    for (const suffix of ['-wal', '', '-shm', '-journal']) copyIfThere(files.database + suffix, folder);
    sync(folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function copyIfThere(path: string, folder: string): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return;
  const copy = join(folder, basename(path));
  copyFileSync(path, copy, constants.COPYFILE_FICLONE);
  sync(copy);
}

/** Newest first. */
export function quarantined(files: HistoryFiles): readonly string[] {
  return namesIn(files.quarantine).map((name) => join(files.quarantine, name));
}

/** @returns the copies that were removed */
export function trimQuarantine(files: HistoryFiles): readonly string[] {
  const surplus = quarantined(files).slice(mostCopies);
  for (const folder of surplus) rmSync(folder, { recursive: true, force: true });
  return surplus;
}

/** The log in a copy; undefined where there was none. */
export function quarantinedLog(files: HistoryFiles, folder: string): string | undefined {
  const path = join(folder, basename(files.database));
  return existsSync(path) || existsSync(`${path}-wal`) ? path : undefined;
}
