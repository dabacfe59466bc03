import { renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { backupsOf } from './backups';
import { historyError, isDamage } from '../sqliteErrors';
import { sync, type HistoryFiles } from './historyFiles';
import type { Holdings } from './holdings';
import { merge } from './merge';
import { quarantined, quarantinedLog } from './quarantine';
import { salvage } from './salvage';
import { writeLog } from './writeLog';

type Tombstone = Holdings['tombstones'][number];

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

/** Beside, and then in place, so that there is a whole backup at every moment. */
function scrubBackup(path: string, tombstones: readonly Tombstone[]): void {
  const made = `${path}.tmp`;
  rmSync(made, { force: true });
  try {
    const source = new DatabaseSync(path, { readOnly: true });
    try {
      source.prepare('VACUUM INTO ?').run(made);
    } finally {
      source.close();
    }
    const copy = new DatabaseSync(made);
    try {
      copy.exec('PRAGMA journal_mode = OFF; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON');
      for (const tombstone of tombstones) bury(copy, tombstone);
      copy.exec('VACUUM');
    } finally {
      copy.close();
    }
    sync(made);
    renameSync(made, path);
  } finally {
    rmSync(made, { force: true });
  }
}

function bury(copy: DatabaseSync, { workspaceId, kind, id, sequence }: Tombstone): void {
  const workspace = copy.prepare('SELECT key FROM workspaces WHERE id = ?').get(workspaceId)?.key;
  if (typeof workspace !== 'number') return;
  copy
    .prepare('INSERT OR IGNORE INTO tombstones (workspace, kind, id, sequence) VALUES (?, ?, ?, ?)')
    .run(workspace, kind, id, sequence);
  const key = copy.prepare(`SELECT key FROM ${kind}s WHERE workspace = ? AND id = ?`).get(workspace, id)?.key;
  if (typeof key !== 'number') return;
  const turns = kind === 'session' ? copy.prepare('SELECT key FROM turns WHERE session = ?').all(key) : [];
  for (const turn of kind === 'turn' ? [key] : turns.map((row) => Number(row.key))) {
    copy.prepare('DELETE FROM messages WHERE key >= ? * 1048576 AND key < (? + 1) * 1048576').run(turn, turn);
    copy.prepare('DELETE FROM turns WHERE key = ?').run(turn);
  }
  copy.prepare(`DELETE FROM ${kind}s WHERE key = ?`).run(key);
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
