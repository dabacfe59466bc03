import { renameSync, rmSync } from 'node:fs';
import { backupsOf } from './backups';
import { historyError, isDamage } from '../sqliteErrors';
import type { HistoryFiles } from './historyFiles';
import { merge } from './merge';
import { quarantined, quarantinedLog } from './quarantine';
import { salvage } from './salvage';
import { scrubBackup, type Tombstone } from './scrubBackup';
import { writeLog } from './writeLog';

export interface ScrubReport {
  /** Copies that what was deleted is out of now. */
  readonly rewritten: number;
  /** Copies that could not be read and therefore not be cleaned: removed, as the delete asks for. */
  readonly removed: readonly string[];
}

/** Takes what was deleted out of all copies of the log: a delete is for good. */
export function scrubCopies(files: HistoryFiles, tombstones: readonly Tombstone[]): ScrubReport {
  const removed: string[] = [];
  let rewritten = 0;
  for (const { path } of backupsOf(files)) {
    const done = cleaned(path, () => scrubBackup(path, tombstones));
    if (done) rewritten += 1;
    else removed.push(path);
  }
  for (const folder of quarantined(files)) {
    const log = quarantinedLog(files, folder);
    if (log === undefined) continue;
    rewritten += scrubQuarantined(log, tombstones) ? 1 : 0;
  }
  return { rewritten, removed };
}

/** @returns false where the copy was damaged, and is removed */
function cleaned(path: string, scrub: () => void): boolean {
  try {
    scrub();
    return true;
  } catch (error) {
    if (!isDamage(historyError(error)) && !isDamage(error)) throw error;
    rmSync(path, { force: true });
    return false;
  }
}

/**
 * A damaged log can only be cleaned by writing what can be read of it anew; what cannot be read goes. A file that
 * holds nothing of ours is left alone.
 */
function scrubQuarantined(path: string, tombstones: readonly Tombstone[]): boolean {
  const holdings = salvage(path, new Set(tombstones.map(({ workspaceId }) => workspaceId)));
  const ours = holdings.logId !== undefined || holdings.turns.length + holdings.sessions.length > 0;
  if (!ours) return false;
  const made = `${path}.tmp`;
  rmSync(made, { force: true });
  const merged = merge([
    { kind: 'log', holdings: { ...holdings, tombstones: [...holdings.tombstones, ...tombstones] } },
  ]);
  writeLog(made, merged, 'quarantine', () => 'unknown');
  for (const suffix of ['-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
  renameSync(made, path);
  return true;
}
