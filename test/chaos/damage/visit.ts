import { existsSync } from 'node:fs';
import path from 'node:path';
import type { SqliteHistoryLog } from '../../../src/adapters/storage/sqliteHistoryLog';
import { WorkerClient } from '../../../src/adapters/storage/workerClient';
import type { CheckReport, RepairReport } from '../../../src/core/historyDoctor';
import { HistoryError } from '../../../src/core/errors';
import { repairOutcome, type ReconciledWorkspace } from '../../../src/core/repairOutcome';
import type { StoredTurn } from '../../../src/core/historyLog';
import type { WorkspaceRecord } from '../../../src/protocol/workspaceRecord';
import { openLog, readFiles, turnsOf, workspaceId, writeFiles, type Files } from './base';

/** What a window met with on a damaged history. */
export interface Visit {
  /** Shown before anything was repaired, by id. */
  readonly before: ReadonlyMap<string, StoredTurn>;
  readonly after: ReadonlyMap<string, StoredTurn>;
  readonly check?: CheckReport;
  /** All of them, and what reconciling brought since, as one. */
  readonly repair?: RepairReport;
  /** How many turns it brought, and reconciling since then. */
  readonly told: number;
  readonly checkAfter?: CheckReport;
  /** Rejections that are no HistoryError. */
  readonly unexpected: readonly string[];
  /** Why calls were refused. */
  readonly reasons: readonly string[];
  readonly workerDied: boolean;
  /** Of files that were there before and are nowhere now. */
  readonly filesGone: readonly string[];
  readonly writable: boolean;
}

const patience = 30_000;

/** A window opens the history, reads everything, has it checked and repaired, and reads everything again. */
export async function visit(
  folder: string,
  files: Files,
  workerPath: string,
  record: WorkspaceRecord | undefined,
): Promise<Visit> {
  writeFiles(folder, files);
  const client = new WorkerClient({ workerPath, databasePath: path.join(folder, 'history.db') });
  const unexpected: string[] = [];
  const reasons: string[] = [];
  const repairs: RepairReport[] = [];
  const reconciled: ReconciledWorkspace[] = [];
  let told = 0;
  client.onRepair((report) => {
    repairs.push(report);
    told = report.fromLog.turns + report.fromBackup.turns + report.fromRecord.turns;
  });
  const tried = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await inTime(what, work());
    } catch (error) {
      if (error instanceof HistoryError) reasons.push(error.reason);
      else unexpected.push(`${what}: ${String(error)}`);
      return undefined;
    }
  };
  const records = record ? [record] : [];
  const read = async (log: SqliteHistoryLog | undefined): Promise<Map<string, StoredTurn>> => {
    if (!log) return new Map();
    await tried('dump', () => log.dump());
    return (await tried('read', () => turnsOf(log))) ?? new Map<string, StoredTurn>();
  };
  const reconcile = async (): Promise<void> => {
    const input = { workspaceId, ...(record && { record }) };
    const report = await tried('reconcile', () => client.call('workspace-reconcile', input));
    if (!report) return;
    told += report.restored.turns - report.deleted.turns;
    if (repairs.length > 0) reconciled.push({ workspaceId, report });
  };
  const log = await tried('open', () => openLog(client));
  await reconcile();
  await tried('recover', async () => log?.recover());
  const before = await read(log);
  const check = await tried('check', () => client.call('doctor-check', { records }));
  await tried('repair', () => client.call('doctor-repair', { records }));
  const again = await tried('open again', () => openLog(client));
  await reconcile();
  const after = await read(again);
  const checkAfter = await tried('check again', () => client.call('doctor-check', { records }));
  const session = { id: 'new', title: 'New', createdAt: '2026-03-02T10:00:00.000Z' };
  const writable = (await tried('write', async () => again?.createSession(session))) !== undefined;
  const repair = repairOutcome(repairs, reconciled);
  const workerDied = client.starts > 1;
  await tried('close', () => client.close());
  return {
    before,
    after,
    ...(check && { check }),
    ...(repair && { repair }),
    told,
    ...(checkAfter && { checkAfter }),
    unexpected,
    reasons,
    workerDied,
    filesGone: gone(folder, files),
    writable,
  };
}

/** SQLite itself removes a write-ahead log that was written back. */
function gone(folder: string, files: Files): readonly string[] {
  const now = [...readFiles(folder).keys()];
  return [...files.keys()]
    .filter((name) => !name.endsWith('-wal') && !existsSync(path.join(folder, name)))
    .filter(
      (name) => !now.some((other) => other.startsWith('quarantine') && other.endsWith(path.basename(name))),
    );
}

async function inTime<T>(what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not answer in ${patience / 1000} s`)), patience);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
