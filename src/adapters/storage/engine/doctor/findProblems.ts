import { statSync } from 'node:fs';
import type { HistoryProblem } from '../../../../core/historyDoctor';
import type { WorkspaceRecord } from '../../../../protocol/workspaceRecord';
import type { Database } from '../database';
import { backupsOf } from './backups';
import type { HistoryFiles } from './historyFiles';
import { hasChangesAhead, isWriteAheadLogDamaged } from './pages';
import { verify, type Verification } from './verify';

/** Before SQLite opens the log and changes its files; looks at the write-ahead log alone, and at names. */
export function problemsBeforeOpening(files: HistoryFiles): readonly HistoryProblem[] {
  const stats = statSync(files.database, { throwIfNoEntry: false });
  const isEmpty = !stats || (stats.isFile() && stats.size === 0);
  if (isEmpty && backupsOf(files).length > 0) {
    return [{ kind: 'missing', message: 'There are backups, but no history' }];
  }
  // SQLite would remove it, with all that is in it.
  if (isEmpty && hasChangesAhead(files.database)) {
    return [{ kind: 'missing', message: 'There are changes to a history, but no history' }];
  }
  // Seen twice: another window may have been writing just then.
  if (stats?.isFile() && isWriteAheadLogDamaged(files.database)) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60);
    if (isWriteAheadLogDamaged(files.database)) {
      return [{ kind: 'write-ahead-log', message: 'The newest changes are damaged, or another history’s' }];
    }
  }
  return [];
}

/** What the newest backup's name proves about the open log. */
export function problemsOf(database: Database, files: HistoryFiles): readonly HistoryProblem[] {
  const [newest] = backupsOf(files);
  if (!newest) return [];
  if (newest.logId !== database.logId) {
    return [{ kind: 'other-log', message: 'The file is another history than its backups are of' }];
  }
  if (newest.sequence <= database.sequence) return [];
  return [{ kind: 'behind-backup', message: 'The history is older than its newest backup' }];
}

/** Reads everything. */
export function findProblems(
  database: Database,
  files: HistoryFiles,
  records: readonly WorkspaceRecord[],
): Verification {
  const found = verify(database);
  const behind = records.filter(
    ({ logId, sequence }) => logId === database.logId && sequence > database.sequence,
  );
  const inRecords = behind.map(({ workspaceId }) => ({
    kind: 'behind-record' as const,
    message: `The record of workspace ${workspaceId} is further than the history`,
  }));
  return { ...found, problems: [...found.problems, ...problemsOf(database, files), ...inRecords] };
}

export function sayingOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
