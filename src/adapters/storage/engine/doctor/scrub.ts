import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { ScrubReport } from '../../../../core/historyDoctor';
import { backupsOf } from './backups';
import { historyError, isDamage } from '../sqliteErrors';
import { sync, type HistoryFiles } from './historyFiles';
import type { Holdings } from './holdings';
import { merge } from './merge';
import { quarantined, quarantinedLog } from './quarantine';
import { salvage } from './salvage';
import { writeLog } from './writeLog';

type Tombstone = Holdings['tombstones'][number];

/** What was found in a copy. */
type Found = 'deleted' | 'nothing' | 'damage';

/** Takes what was deleted out of all copies of the log: a delete is for good. */
export function scrubCopies(
  files: HistoryFiles,
  tombstones: readonly Tombstone[],
): Omit<ScrubReport, 'scrubbedAt'> {
  const report = { cleaned: [] as string[], removed: [] as string[], unreachable: [] as string[] };
  const tidy = (copy: string, scrub: () => Found): void => {
    try {
      const found = scrub();
      if (found === 'deleted') report.cleaned.push(copy);
      if (found === 'damage') report.removed.push(copy);
    } catch {
      report.unreachable.push(copy);
    }
  };
  for (const { path } of backupsOf(files)) tidy(path, () => cleanedBackup(path, tombstones));
  for (const folder of quarantined(files)) {
    const log = quarantinedLog(files, folder);
    if (log !== undefined) tidy(folder, () => scrubQuarantined(log, tombstones));
  }
  return report;
}

/** One that is damaged is removed. */
function cleanedBackup(path: string, tombstones: readonly Tombstone[]): Found {
  try {
    return scrubBackup(path, tombstones);
  } catch (error) {
    if (!isDamage(historyError(error)) && !isDamage(error)) throw error;
    rmSync(path, { force: true });
    return 'damage';
  }
}

/** Beside, and then in place, so that there is a whole backup at every moment. */
function scrubBackup(path: string, tombstones: readonly Tombstone[]): Found {
  const made = `${path}.tmp`;
  let held = false;
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
      for (const tombstone of tombstones) if (bury(copy, tombstone)) held = true;
      copy.exec('VACUUM');
    } finally {
      copy.close();
    }
    sync(made);
    renameSync(made, path);
    return held ? 'deleted' : 'nothing';
  } finally {
    rmSync(made, { force: true });
  }
}

/** @returns whether it was there */
function bury(copy: DatabaseSync, { workspaceId, kind, id, sequence }: Tombstone): boolean {
  const workspace = copy.prepare('SELECT key FROM workspaces WHERE id = ?').get(workspaceId)?.key;
  if (typeof workspace !== 'number') return false;
  copy
    .prepare('INSERT OR IGNORE INTO tombstones (workspace, kind, id, sequence) VALUES (?, ?, ?, ?)')
    .run(workspace, kind, id, sequence);
  const key = copy.prepare(`SELECT key FROM ${kind}s WHERE workspace = ? AND id = ?`).get(workspace, id)?.key;
  if (typeof key !== 'number') return false;
  if (kind === 'turn') {
    copy
      .prepare(
        'UPDATE sessions SET length = length - 1 WHERE key = (SELECT session FROM turns WHERE key = ?)',
      )
      .run(key);
  }
  const turns = kind === 'session' ? copy.prepare('SELECT key FROM turns WHERE session = ?').all(key) : [];
  for (const turn of kind === 'turn' ? [key] : turns.map((row) => Number(row.key))) {
    copy.prepare('DELETE FROM messages WHERE key >= ? * 1048576 AND key < (? + 1) * 1048576').run(turn, turn);
    copy.prepare('DELETE FROM turns WHERE key = ?').run(turn);
  }
  copy.prepare(`DELETE FROM ${kind}s WHERE key = ?`).run(key);
  return true;
}

/**
 * A damaged log can only be cleaned by writing what can be read of it anew; what cannot be read goes. A file that
 * holds nothing of ours is left alone.
 */
function scrubQuarantined(path: string, tombstones: readonly Tombstone[]): Found {
  for (const file of [path, `${path}-wal`]) if (existsSync(file)) closeSync(openSync(file, 'r+'));
  const holdings = salvage(path, new Set(tombstones.map(({ workspaceId }) => workspaceId)));
  const ours = holdings.logId !== undefined || countOf(holdings) > 0;
  if (!ours) return 'nothing';
  const made = `${path}.tmp`;
  rmSync(made, { force: true });
  const merged = merge([
    { kind: 'log', holdings: { ...holdings, tombstones: [...holdings.tombstones, ...tombstones] } },
  ]);
  writeLog(made, merged, 'quarantine', () => 'unknown');
  for (const suffix of ['-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
  renameSync(made, path);
  return countOf(merged) < countOf(holdings) ? 'deleted' : 'nothing';
}

function countOf({ sessions, turns, facts }: Pick<Holdings, 'sessions' | 'turns' | 'facts'>): number {
  return sessions.length + turns.length + facts.length;
}
