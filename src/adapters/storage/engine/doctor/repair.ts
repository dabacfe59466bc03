import { existsSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { HistoryProblem, RepairPlan, RepairReport, SourceCounts } from '../../../../core/historyDoctor';
import type { WorkspaceRecord } from '../../../../protocol/workspaceRecord';
import { checkVersion, schemaVersion } from '../schema';
import { backupsOf, metaOf } from './backups';
import { sync, type HistoryFiles } from './historyFiles';
import type { Holdings } from './holdings';
import { holdingsOfRecord, merge, type Merged } from './merge';
import { copyLog, copyToQuarantine, trimQuarantine } from './quarantine';
import { whileRepairing } from './repairLock';
import { salvage } from './salvage';
import { writeLog } from './writeLog';

export interface RepairOptions {
  readonly files: HistoryFiles;
  readonly newId: () => string;
  readonly now: number;
  readonly records: readonly WorkspaceRecord[];
  readonly problems: readonly HistoryProblem[];
  readonly automatic: boolean;
  /** Called once nothing more is read from the open log, before another takes its place. */
  readonly close: () => void;
}

/**
 * Copies what is there to quarantine, writes a new log of what can be read of it, of the backups and of the records,
 * and puts that in its place. Should this process die on the way, the next window finds the marker and goes on from
 * the copy. @throws RepairUnderWay, or what writing files throws: then all is as it was
 */
export function repairHistory(options: RepairOptions): RepairReport {
  const { files, newId, now, automatic, problems, close } = options;
  refuseNewer(files.database);
  return whileRepairing(files, (mark) => {
    const { leftBehind } = mark;
    mark.set(leftBehind);
    const made = `${files.database}.rebuilt`;
    let halfway = false;
    try {
      if (leftBehind !== undefined && rebuiltFrom(files.database) === basename(leftBehind)) {
        const { plan } = mergeAll(options, join(leftBehind, basename(files.database)));
        mark.clear();
        return reportOf(options, plan, leftBehind, []);
      }
      const copy =
        leftBehind !== undefined && existsSync(leftBehind) ? leftBehind : copyToQuarantine(files, now, newId);
      mark.set(copy);
      close();
      const merged = mergeAll(options, join(copy, basename(files.database)));
      for (const suffix of ['', '-wal', '-shm']) rmSync(made + suffix, { force: true });
      writeLog(made, merged, basename(copy), newId);
      halfway = true;
      for (const suffix of ['-wal', '-shm', '-journal'])
        patiently(() => rmSync(files.database + suffix, { force: true }));
      patiently(() => renameSync(made, files.database));
      sync(files.folder);
      const removed = trimQuarantine(files);
      mark.clear();
      return reportOf({ ...options, automatic, problems }, merged.plan, copy, removed);
    } catch (error) {
      for (const suffix of ['', '-wal', '-shm']) rmSync(made + suffix, { force: true });
      if (!halfway) mark.clear();
      throw error;
    }
  });
}

function reportOf(
  { now, automatic, problems }: RepairOptions,
  plan: RepairPlan,
  quarantine: string,
  removed: readonly string[],
): RepairReport {
  const repairedAt = new Date(now).toISOString();
  const removal = removed.length > 0 && { quarantineRemoved: removed };
  return { ...plan, repairedAt, repaired: true, automatic, problems, quarantine, ...removal };
}

/** Of a log that is sound. */
export function nothingToRepair(holds: SourceCounts, now: number, automatic: boolean): RepairReport {
  const nothing = { sessions: 0, turns: 0, facts: 0 };
  const plan = { fromLog: holds, fromBackup: nothing, fromRecord: nothing };
  const complete = { lost: [], missing: [], countKnown: true };
  const repairedAt = new Date(now).toISOString();
  return { ...plan, ...complete, repairedAt, repaired: false, automatic, problems: [] };
}

/** What a repair would bring, without doing it: reads a copy that is gone afterwards. */
export function planRepair(options: Pick<RepairOptions, 'files' | 'records' | 'close'>): RepairPlan {
  const folder = mkdtempSync(`${options.files.database}.check-`);
  try {
    copyLog(options.files, folder);
    options.close();
    return mergeAll(options, join(folder, basename(options.files.database))).plan;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function mergeAll({ files, records }: Pick<RepairOptions, 'files' | 'records'>, log: string): Merged {
  const inBackups = backupsOf(files).map(({ path }) => salvage(path, new Set()));
  const known = new Set([
    ...records.map(({ workspaceId }) => workspaceId),
    ...inBackups.flatMap(({ workspaces }) => [...workspaces.keys()]),
  ]);
  return merge([
    { kind: 'log', holdings: salvage(log, known) },
    ...inBackups.map((holdings: Holdings) => ({ kind: 'backup' as const, holdings })),
    ...records.map((record) => ({ kind: 'record' as const, holdings: holdingsOfRecord(record) })),
  ]);
}

/** What a newer version wrote is for that version to repair. Versions are released one by one: far off is damage. */
function refuseNewer(path: string): void {
  const version = Number(
    asked(path, (database) => database.prepare('PRAGMA user_version').get()?.user_version),
  );
  if (version <= schemaVersion + 100) checkVersion(version);
}

function rebuiltFrom(path: string): unknown {
  return asked(path, (database) => metaOf(database, 'rebuiltFrom'));
}

/** Undefined where it cannot be read. SQLite removes the write-ahead log of an empty file that it is asked to read. */
function asked(path: string, ask: (database: DatabaseSync) => unknown): unknown {
  if (statSync(path, { throwIfNoEntry: false })?.size === 0) return undefined;
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      return ask(database);
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

/** Windows does not let go of a file that another window has open; that window closes it within a moment. */
function patiently(work: () => void): void {
  const giveUp = Date.now() + 5000;
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (!['EBUSY', 'EPERM', 'EACCES'].includes(String(code)) || process.platform !== 'win32') throw error;
      if (Date.now() > giveUp) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}
