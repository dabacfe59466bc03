import { HistoryError } from '../../core/errors';
import { isOutage } from '../../core/unsavedTurns';
import type { CallInput, CallOutput, CallType } from '../../protocol/worker';
import type { ClientChange, WorkerClient } from './workerClient';

/** What the adapters of one workspace use of the storage worker's client. */
export type ScopedClient = Pick<WorkerClient, 'call' | 'onChange' | 'changed' | 'starts'>;

export interface WorkspaceClientOptions {
  readonly client: WorkerClient;
  /** Finds out which workspace it is, and has the log know it. @returns its id */
  readonly recognize: () => Promise<string>;
  /** Told once for each time that the disk does not allow it. */
  readonly failed: (error: unknown) => void;
  /** Told once it does after all. */
  readonly recovered: () => void;
  /** Between two tries, in milliseconds. */
  readonly retryMs?: number;
}

/** What there is to read of a history that cannot be opened. */
const nothing: { readonly [T in CallType]?: CallOutput<T> } = {
  'session-list': [],
  'session-read': undefined,
  'session-active': undefined,
  'session-usage': undefined,
  'turn-page': { turns: [], more: false },
  'turn-read': undefined,
  'turn-context': undefined,
  'turn-pinned': { turns: [], more: false },
  'summary-list': { summaries: [] },
  'turn-recover': [],
  'history-dump': { sessions: [], facts: [] },
  'memory-recall': [],
  'memory-list': { messages: [], more: false },
  'vector-next': { passages: [], more: false },
  'vector-release': undefined,
  'vector-state': { models: [], turns: 0, embedded: 0 },
  'fact-recall': [],
  'fact-list': { facts: [], more: false },
  'fact-read': undefined,
  'mark-read': [],
  'mark-kept': [],
  'mark-list': { marks: [], more: false },
};

/**
 * The storage worker's client for one workspace, which is recognized with the first call. Where the disk does not allow
 * that, the history seems empty, so that the chat goes on; what is to be written is refused, until it works.
 * Calls and changes are scoped here: the workspace id that they come with does not matter.
 */
export class WorkspaceClient implements ScopedClient {
  readonly #options: WorkspaceClientOptions;
  readonly #listeners = new Set<(change: ClientChange) => void>();
  #recognizing: Promise<string> | undefined;
  #id: string | undefined;
  #failure: { readonly error: unknown; readonly until: number } | undefined;
  #unfollow: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: WorkspaceClientOptions) {
    this.#options = options;
  }

  /** Undefined until it is recognized. */
  get id(): string | undefined {
    return this.#id;
  }

  get starts(): number {
    return this.#options.client.starts;
  }

  async call<T extends CallType>(
    type: T,
    input: CallInput<T>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<CallOutput<T>> {
    let workspaceId: string;
    try {
      workspaceId = this.#id ?? (await this.#recognized());
    } catch (error) {
      if (type in nothing && isOutage(error)) return nothing[type];
      throw error;
    }
    return this.#options.client.call(type, { ...input, workspaceId }, transfer);
  }

  onChange(_workspaceId: string, listener: (change: ClientChange) => void): () => void {
    this.#listeners.add(listener);
    this.#follow();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearTimeout(this.#timer);
      this.#unfollow?.();
      this.#unfollow = undefined;
    };
  }

  changed(change: ClientChange): void {
    if (this.#id !== undefined) this.#options.client.changed({ ...change, workspaceId: this.#id });
  }

  #recognized(): Promise<string> {
    this.#recognizing ??= this.#recognize().finally(() => (this.#recognizing = undefined));
    return this.#recognizing;
  }

  async #recognize(): Promise<string> {
    const { recognize, failed, recovered, retryMs = 2_000 } = this.#options;
    if (this.#failure && performance.now() < this.#failure.until) throw asError(this.#failure.error);
    clearTimeout(this.#timer);
    const wasOut = this.#failure !== undefined;
    try {
      this.#id = await recognize();
    } catch (error) {
      this.#failure = { error, until: performance.now() + retryMs };
      if (!wasOut && isOutage(error)) failed(error);
      const again = (): void => void this.#recognized().catch(() => undefined);
      if (this.#listeners.size > 0) this.#timer = setTimeout(again, retryMs);
      throw error;
    }
    this.#failure = undefined;
    this.#follow();
    if (wasOut) recovered();
    return this.#id;
  }

  #follow(): void {
    if (this.#id === undefined || this.#listeners.size === 0) return;
    this.#unfollow ??= this.#options.client.onChange(this.#id, (change) => this.#tell(change));
  }

  #tell(change: ClientChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new HistoryError({ reason: 'unavailable', cause: error });
}
