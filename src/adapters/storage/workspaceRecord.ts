import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import { safeParse } from 'zod/mini';
import '../../core/zodLocale';
import { recordFormat, workspaceRecordSchema, type WorkspaceRecord } from '../../protocol/workspaceRecord';

export type UnsignedRecord = Omit<WorkspaceRecord, 'checksum'>;

/** What a record read from globalState turned out to be. */
export type ReadRecord =
  | { readonly state: 'sound'; readonly record: WorkspaceRecord }
  | { readonly state: 'missing' }
  /** Written by a newer version: left as it is. */
  | { readonly state: 'newer' }
  | { readonly state: 'damaged'; readonly why: string };

export function signedRecord(record: UnsignedRecord): WorkspaceRecord {
  return { ...record, checksum: checksumOf(record) };
}

function checksumOf(record: UnsignedRecord): string {
  return createHash('sha256')
    .update(canonicalize(record) ?? '')
    .digest('hex');
}

export function readRecord(value: unknown): ReadRecord {
  if (value === undefined || value === null) return { state: 'missing' };
  if (isNewer(value)) return { state: 'newer' };
  const parsed = safeParse(workspaceRecordSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { state: 'damaged', why: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}` };
  }
  const { checksum, ...record } = parsed.data;
  const sound = checksum === soundChecksum(record);
  return sound ? { state: 'sound', record: parsed.data } : { state: 'damaged', why: 'wrong checksum' };
}

/** Undefined where there is no canonical form, as of text that was cut within a character. */
function soundChecksum(record: UnsignedRecord): string | undefined {
  try {
    return checksumOf(record);
  } catch {
    return undefined;
  }
}

function isNewer(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('format' in value)) return false;
  return typeof value.format === 'number' && value.format > recordFormat;
}

/** Whether two records tell the same, whenever they were made. */
export function sameHistory(left: WorkspaceRecord, right: WorkspaceRecord): boolean {
  return timeless(left) === timeless(right);
}

function timeless(record: WorkspaceRecord): string | undefined {
  return canonicalize({ ...record, sequence: 0, savedAt: '', checksum: '' });
}

/** What is kept of a workspace that was not opened for long: its list of sessions, and what was deleted. */
export function sessionListOf({ checksum: _checksum, ...record }: WorkspaceRecord): WorkspaceRecord {
  return signedRecord({
    ...record,
    sessions: record.sessions.slice(0, 20),
    tombstones: { session: record.tombstones.session.slice(0, 50), turn: [], fact: [] },
    facts: [],
    pins: [],
    turns: [],
    complete: false,
  });
}
