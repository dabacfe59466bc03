import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs';
import type { ScrubReport } from '../../../../core/historyDoctor';
import { backupsOf, removeLeftovers } from './backups';
import { historyError, isDamage } from '../sqliteErrors';
import type { HistoryFiles } from './historyFiles';
import type { Holdings } from './holdings';
import { merge } from './merge';
import { quarantined, quarantinedLog } from './quarantine';
import { salvage } from './salvage';
import { scrubBackup, type Tombstone } from './scrubBackup';
import { writeLog } from './writeLog';

/** What was found in a copy. */
type Found = 'deleted' | 'nothing' | 'damage';

/**
 * Takes what was deleted out of all copies of the log: a delete is for good.
 * @returns `making`: a copy was being made meanwhile, and may hold it
 */
export function scrubCopies(
  files: HistoryFiles,
  tombstones: readonly Tombstone[],
): Omit<ScrubReport, 'scrubbedAt'> & { readonly making: boolean } {
  const making = !removeLeftovers(files);
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
  return { ...report, making };
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
