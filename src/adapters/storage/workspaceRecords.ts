import type { WorkspaceRecord } from '../../protocol/workspaceRecord';
import { readRecord, sameHistory, sessionListOf, type ReadRecord } from './workspaceRecord';

/** The part of VS Code's Memento that is used. */
export interface RecordStore {
  keys(): readonly string[];
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

export interface WorkspaceRecordsOptions {
  readonly store: RecordStore;
  /** Makes the workspace's record as of now, in at most `maxBytes`. */
  readonly recordOf: (workspaceId: string, maxBytes: number) => Promise<WorkspaceRecord>;
  /** Told of a record that cannot be used, and of writes that failed. */
  readonly report: (message: string) => void;
  /** Changes within so many milliseconds are written at once. */
  readonly delayMs?: number;
  /** So long after a write it is read again, in milliseconds. */
  readonly confirmMs?: number;
}

const prefix = 'history:';
export const maxRecordBytes = 64 * 1024;
/** Above 512 kB of all keys together VS Code complains, and every window pays. */
const maxTotalBytes = 400 * 1024;
const mostFull = 8;
const mostWorkspaces = 40;

/** What this window wrote last of a workspace. */
interface Written {
  readonly logId: string;
  readonly sequence: number;
  /** Whether it was written again because it had gone: once is enough, or two windows would never rest. */
  readonly asserted: boolean;
}

/** A record that was found to hold all that the log had up to a sequence, later than its own. */
interface Unchanged {
  readonly checksum: string;
  readonly sequence: number;
}

/**
 * The workspaces' records in globalState, and their only writer: one update at a time, whatever is asked meanwhile,
 * because VS Code drops an update that overlaps another.
 */
export class WorkspaceRecords {
  readonly #options: WorkspaceRecordsOptions;
  readonly #due = new Set<string>();
  readonly #pruned = new Set<string>();
  readonly #written = new Map<string, Written>();
  readonly #unchanged = new Map<string, Unchanged>();
  #writing: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: WorkspaceRecordsOptions) {
    this.#options = options;
  }

  read(workspaceId: string): ReadRecord {
    const read = readRecord(this.#options.store.get(prefix + workspaceId));
    if (read.state === 'damaged')
      this.#options.report(`The record of ${workspaceId} is damaged: ${read.why}`);
    return read;
  }

  /** The records that know one of the aliases, the first alias counting most. */
  withAlias(aliases: readonly string[]): readonly WorkspaceRecord[] {
    const records = this.#all();
    return aliases.flatMap((alias) => records.filter((record) => record.aliases.includes(alias)));
  }

  /** Whether the workspace's record holds nothing that the log has deleted up to a sequence. */
  follows(workspaceId: string, logId: string, sequence: number): boolean {
    const read = readRecord(this.#options.store.get(prefix + workspaceId));
    if (read.state === 'missing') return true;
    if (read.state !== 'sound' || read.record.logId !== logId) return false;
    const found = this.#unchanged.get(workspaceId);
    const later = found?.checksum === read.record.checksum ? found.sequence : 0;
    return Math.max(read.record.sequence, later) >= sequence;
  }

  /** The workspace's history has changed: its record follows, soon and off the hot path. */
  save(workspaceId: string): void {
    this.#due.add(workspaceId);
    this.#timer ??= setTimeout(() => void this.flush(), this.#options.delayMs ?? 500);
  }

  /** Something was deleted of these histories: what their records hold of it goes too. Others are left alone. */
  shortened(workspaceIds: readonly string[]): void {
    const known = new Set(this.#all().map(({ workspaceId }) => workspaceId));
    for (const workspaceId of workspaceIds) if (known.has(workspaceId)) this.save(workspaceId);
  }

  /** Writes now what is due. Never rejects: the log is what counts, and the next change tries again. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#due.size > 0 || this.#writing) {
      this.#writing ??= this.#writeDue().finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
    }
  }

  /** Looks whether what this window wrote is still there: another window's older copy may have replaced it. */
  confirm(): void {
    for (const [workspaceId, written] of this.#written) {
      const read = this.read(workspaceId);
      if (read.state === 'newer' || written.asserted) continue;
      if (read.state === 'sound' && isAsNew(read.record, written)) continue;
      this.#written.set(workspaceId, { ...written, asserted: true });
      this.save(workspaceId);
    }
  }

  async #writeDue(): Promise<void> {
    for (let [workspaceId] = this.#due; workspaceId !== undefined; [workspaceId] = this.#due) {
      this.#due.delete(workspaceId);
      try {
        await this.#write(workspaceId);
        await this.#prune(workspaceId);
      } catch (error) {
        this.#options.report(`The record of ${workspaceId} was not written: ${String(error)}`);
      }
    }
  }

  async #write(workspaceId: string): Promise<void> {
    const { store, recordOf } = this.#options;
    const key = prefix + workspaceId;
    const before = readRecord(store.get(key));
    if (before.state === 'newer') return;
    const record = await recordOf(workspaceId, maxRecordBytes);
    if (before.state === 'sound' && sameHistory(before.record, record)) {
      const { checksum } = before.record;
      this.#unchanged.set(workspaceId, { checksum, sequence: record.sequence });
      return;
    }
    await store.update(key, record);
    const { logId, sequence } = record;
    const last = this.#written.get(workspaceId);
    const asserted = last?.logId === logId && last.sequence === sequence && last.asserted;
    this.#written.set(workspaceId, { logId, sequence, asserted });
    setTimeout(() => this.confirm(), this.#options.confirmMs ?? 1_000).unref();
  }

  /** Once per workspace and start: older workspaces keep less, so that the whole stays small. */
  async #prune(workspaceId: string): Promise<void> {
    if (this.#pruned.has(workspaceId)) return;
    this.#pruned.add(workspaceId);
    const { store } = this.#options;
    let bytes = 0;
    const newestFirst = [...this.#all()].sort((a, b) => Date.parse(b.savedAt) - Date.parse(a.savedAt));
    for (const [index, record] of newestFirst.entries()) {
      const key = prefix + record.workspaceId;
      bytes += JSON.stringify(record).length;
      if (record.workspaceId === workspaceId) continue;
      if (index >= mostWorkspaces) await store.update(key, undefined);
      else if (index >= mostFull || bytes > maxTotalBytes) {
        const list = sessionListOf(record);
        if (!sameHistory(record, list)) await store.update(key, list);
      }
    }
  }

  /** Those that can be used. */
  all(): readonly WorkspaceRecord[] {
    return this.#all();
  }

  #all(): readonly WorkspaceRecord[] {
    const { store } = this.#options;
    return store
      .keys()
      .filter((key) => key.startsWith(prefix))
      .map((key) => readRecord(store.get(key)))
      .flatMap((read) => (read.state === 'sound' ? [read.record] : []));
  }
}

/** Another log's record is another history: reconciling deals with it. */
function isAsNew(record: WorkspaceRecord, written: Written): boolean {
  return record.logId !== written.logId || record.sequence >= written.sequence;
}
