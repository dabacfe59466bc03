import { HistoryError, ThroughlineError, type HistoryErrorReason } from '../../../core/errors';

/** Primary result codes: https://sqlite.org/rescode.html */
const reasons: Readonly<Record<number, HistoryErrorReason>> = {
  8: 'read-only',
  10: 'unavailable',
  11: 'corrupt',
  13: 'disk-full',
  14: 'unavailable',
  26: 'corrupt',
};
/** SQLITE_IOERR_SHMSIZE: there is no room for the index of the write-ahead log. */
const noRoomForIndex = 4874;
const busyCode = 5;
const lockedCode = 6;
const sqlErrorCode = 1;
const readOnlyCode = 8;
const corruptCode = 11;
const notADatabaseCode = 26;

/** Another window repairs the log; the same call may succeed in a moment. */
export class RepairUnderWay extends Error {}

/** SQLite's primary result code; undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}

/** Another window holds the lock; the same call may succeed in a moment. */
export function isLocked(error: unknown): boolean {
  if (error instanceof RepairUnderWay) return true;
  const code = sqliteCode(error);
  return code === busyCode || code === lockedCode;
}

/** Whether it says that the file itself is damaged, or is no log of ours. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  if (code === corruptCode || code === notADatabaseCode || code === sqlErrorCode) return true;
  return error instanceof HistoryError && error.reason === 'corrupt';
}

/** Whether SQLite itself cannot read the file, or finds other tables in it than there should be. */
export function isFileDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  if (code === corruptCode || code === notADatabaseCode) return true;
  return code === sqlErrorCode && error instanceof Error && /^no such (?:table|column)/.test(error.message);
}

/** SQLITE_READONLY_DBMOVED. */
export function isMovedAway(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 1032;
}

/** Whether the disk keeps the log from being opened or written for now: full, read-only, or failing. */
export function isOutage(error: unknown): error is Error {
  const known = historyError(error);
  const ofDisk = sqliteCode(error) !== undefined || (error instanceof Error && 'syscall' in error);
  if (!ofDisk || isLocked(error) || !(known instanceof HistoryError)) return false;
  return ['disk-full', 'read-only', 'unavailable'].includes(known.reason);
}

/** Whether it says that nothing can be written: SQLITE_READONLY and its kin. */
export function isReadOnly(error: unknown): boolean {
  return sqliteCode(error) === readOnlyCode;
}

/** Whether the statement does not fit the schema, as with the schema of a newer version. */
export function isSchemaMismatch(error: unknown): boolean {
  return sqliteCode(error) === sqlErrorCode;
}

/** Node's, of reading and writing files: https://nodejs.org/api/errors.html#common-system-errors */
const systemReasons: Readonly<Record<string, HistoryErrorReason>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
};

function systemError(error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return error;
  const reason = systemReasons[String(error.code)] ?? 'unavailable';
  return new HistoryError({ reason, message: error.message, cause: error });
}

export function historyError(error: unknown): unknown {
  const code = sqliteCode(error);
  if (error instanceof ThroughlineError) return error;
  if (error instanceof RepairUnderWay) {
    return new HistoryError({
      reason: 'unavailable',
      message: 'The history is being repaired in another window',
    });
  }
  if (code === undefined) return systemError(error);
  const message = error instanceof Error ? error.message : String(error);
  const isFull = error instanceof Error && 'errcode' in error && error.errcode === noRoomForIndex;
  const reason = isFull ? 'disk-full' : reasons[code];
  return new HistoryError({ reason: reason ?? 'unavailable', message, cause: error });
}
