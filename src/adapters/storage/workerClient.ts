import { Worker } from 'node:worker_threads';
import { HistoryError, InputError, type HistoryErrorReason, type InputErrorReason } from '../../core/errors';
import type { RepairReport, ScrubReport } from '../../core/historyDoctor';
import {
  repeatableCalls,
  type CallInput,
  type CallOutput,
  type CallType,
  type StorageState,
  type WorkerFailure,
  type WorkerMessage,
} from '../../protocol/worker';
import type { WorkspaceRecord } from '../../protocol/workspaceRecord';

export interface WorkerClientOptions {
  /** The bundled worker, dist/worker.js. */
  readonly workerPath: string;
  /** Made if it is not there, its folder too. */
  readonly databasePath: string;
  /** Milliseconds since 1970: the clock of leases and times of change. */
  readonly now?: () => number;
}

/** What changed, and who on this side did it; another window, where `by` is left out. */
export interface ClientChange {
  readonly workspaceId: string;
  readonly sessionId?: string;
  readonly by?: object;
  /** Facts or recall marks alone changed, and no session. */
  readonly memoryOnly?: boolean;
}

interface PendingCall {
  readonly type: CallType;
  readonly request: object;
  /** Sent to a second worker, after the first had died. */
  readonly repeated: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * This thread's end of the storage worker, shared by the logs of all workspaces. The worker starts with the first
 * call. Should it die, another takes its place: pending calls that may be repeated are sent to it, once; the others
 * reject with `unavailable`, as nobody knows what became of them.
 */
export class WorkerClient {
  readonly #options: WorkerClientOptions;
  readonly #now: () => number;
  readonly #listeners = new Map<string, Set<(change: ClientChange) => void>>();
  readonly #repairs = new Told<RepairReport>();
  readonly #scrubs = new Told<ScrubReport>();
  readonly #newerVersions = new Told<undefined>();
  #pending = new Map<number, PendingCall>();
  #worker: Worker | undefined;
  #lastId = 0;
  #starts = 0;
  #closing: Promise<void> | undefined;

  constructor(options: WorkerClientOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Starts the worker and opens the database, to have it ready or to learn what is wrong. */
  open(): Promise<StorageState> {
    return this.call('storage-open', {});
  }

  /** How many workers have been started: what an earlier one was told may be lost. */
  get starts(): number {
    return this.#starts;
  }

  /** @param transfer memory that moves with the call, and is gone here */
  call<T extends CallType>(
    type: T,
    input: CallInput<T>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<CallOutput<T>> {
    if (this.#closing && type !== 'storage-close') {
      return Promise.reject(unavailable('The history is closed'));
    }
    return new Promise((resolve, reject) => {
      // The worker answers each request with its type's output.
      const call = { resolve: resolve as (value: unknown) => void, reject };
      this.#send({ ...call, type, request: { ...input, type, now: this.#now() }, repeated: false }, transfer);
    });
  }

  #send(call: PendingCall, transfer: readonly ArrayBuffer[] = []): void {
    const id = (this.#lastId += 1);
    const worker = this.#running();
    this.#pending.set(id, call);
    worker.postMessage({ ...call.request, id }, transfer);
  }

  /** Listens to changes of a workspace, of this side and of other windows. @returns unsubscribe */
  onChange(workspaceId: string, listener: (change: ClientChange) => void): () => void {
    const listeners = this.#listeners.get(workspaceId) ?? new Set();
    this.#listeners.set(workspaceId, listeners.add(listener));
    if (listeners.size === 1) this.#watch(workspaceId, true);
    return () => {
      if (!listeners.delete(listener) || listeners.size > 0) return;
      this.#listeners.delete(workspaceId);
      this.#watch(workspaceId, false);
    };
  }

  /** Told of every repair, those before it listened too. @returns unsubscribe */
  onRepair(listener: (report: RepairReport) => void): () => void {
    return this.#repairs.listen(listener);
  }

  /** Told when something deleted was in copies of the history too, those before it listened too. @returns unsubscribe */
  onScrub(listener: (report: ScrubReport) => void): () => void {
    return this.#scrubs.listen(listener);
  }

  /** Told when the log is a newer version's, and is only read. @returns unsubscribe */
  onNewerVersion(listener: () => void): () => void {
    return this.#newerVersions.listen(listener);
  }

  /** The workspace's record for globalState, in at most `maxBytes` of JSON. */
  recordOf(workspaceId: string, maxBytes: number): Promise<WorkspaceRecord> {
    return this.call('workspace-record', { workspaceId, maxBytes });
  }

  /** Tells the listeners of this side. */
  changed(change: ClientChange): void {
    for (const listener of this.#listeners.get(change.workspaceId) ?? []) listener(change);
  }

  /** Lets pending calls end, writes everything into the database file, and ends the worker. Final. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    await this.call('storage-close', {}).catch(() => undefined);
    await worker.terminate();
  }

  /** Watching is a help: where it cannot be had, the calls that matter say so. */
  #watch(workspaceId: string, watch: boolean): void {
    if (this.#closing) return;
    this.call('workspace-watch', { workspaceId, watch }).catch(() => undefined);
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const { workerPath, databasePath } = this.#options;
    const worker = new Worker(workerPath, { workerData: { databasePath }, name: 'throughline-storage' });
    this.#worker = worker;
    this.#starts += 1;
    worker.on('message', (message: WorkerMessage) => this.#receive(message));
    worker.on('error', (error) => this.#died(worker, error));
    worker.on('exit', () => this.#died(worker));
    if (this.#starts > 1) for (const workspaceId of this.#listeners.keys()) this.#watch(workspaceId, true);
    return worker;
  }

  #receive(message: WorkerMessage): void {
    if (message.type === 'history-change') {
      this.changed(message);
      return;
    }
    if (message.type === 'history-repaired') {
      this.#repairs.tell(message.report);
      return;
    }
    if (message.type === 'newer-version') {
      this.#newerVersions.tell(undefined);
      return;
    }
    if (message.type === 'copies-scrubbed') {
      this.#scrubs.tell(message.report);
      return;
    }
    const call = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.type === 'call-result') call?.resolve(message.value);
    else call?.reject(errorOf(message.failure));
  }

  #died(worker: Worker, cause?: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const pending = this.#pending;
    this.#pending = new Map();
    for (const call of pending.values()) {
      if (call.repeated || this.#closing || !repeatableCalls.has(call.type)) {
        call.reject(unavailable('The storage worker has ended', cause));
      } else this.#send({ ...call, repeated: true });
    }
  }
}

function unavailable(message: string, cause?: unknown): HistoryError {
  return new HistoryError({ reason: 'unavailable', message, ...(cause !== undefined && { cause }) });
}

/** Both ends are built together: the reason is one of the error's own. */
function errorOf({ kind, reason, message }: WorkerFailure): Error {
  if (kind === 'history') return new HistoryError({ reason: reason as HistoryErrorReason, message });
  if (kind === 'input') return new InputError({ reason: reason as InputErrorReason, message });
  return unavailable(`The storage worker failed: ${message}`);
}

/** What was told so far, for those who begin to listen later too. */
class Told<T> {
  readonly #all: T[] = [];
  readonly #listeners = new Set<(value: T) => void>();

  listen(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    for (const value of this.#all) listener(value);
    return () => void this.#listeners.delete(listener);
  }

  tell(value: T): void {
    this.#all.push(value);
    for (const listener of this.#listeners) listener(value);
  }
}
