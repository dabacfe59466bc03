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
const busyCode = 5;
const lockedCode = 6;
const sqlErrorCode = 1;

/** SQLite's primary result code; undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}

/** Another window holds the lock; the same call may succeed in a moment. */
export function isLocked(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === busyCode || code === lockedCode;
}

/** Whether the statement does not fit the schema, as with the schema of a newer version. */
export function isSchemaMismatch(error: unknown): boolean {
  return sqliteCode(error) === sqlErrorCode;
}

export function historyError(error: unknown): unknown {
  const code = sqliteCode(error);
  if (error instanceof ThroughlineError || code === undefined) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new HistoryError({ reason: reasons[code] ?? 'unavailable', message, cause: error });
}
