import { HistoryError, InputError } from '../../../core/errors';
import {
  readCalls,
  type WorkerFailure,
  type WorkerMessage,
  type WorkerRequest,
} from '../../../protocol/worker';
import type { Keeper } from './keeper';
import { historyError, isLocked } from './sqliteErrors';

/** For so long a call is tried again while another window holds the lock, in milliseconds. */
const defaultPatience = 30_000;
/** Once that was in vain, the next calls do not hold up what comes after them like that too, until one writes. */
const impatience = 1_000;
/** Changes of other windows are looked for this often, in milliseconds. */
const watchInterval = 300;
/** Tidying starts after this much quiet, in milliseconds. */
const quiet = 200;
/** However many requests come, tidying waits no longer for quiet than this, in milliseconds. */
const longestUntidy = 2_000;

/**
 * Answers requests in the order in which they came. A lock of another window is waited for between tries, never
 * inside SQLite. Opens the engine with the first request, and again after an opening that failed.
 */
export class RequestQueue {
  readonly #open: () => Keeper;
  readonly #post: (message: WorkerMessage) => void;
  readonly #patience: number;
  readonly #longestUntidy: number;
  readonly #waiting: WorkerRequest[] = [];
  #waitedInVain = false;
  #engine: Keeper | undefined;
  #working = false;
  #watchTimer: ReturnType<typeof setInterval> | undefined;
  #tidyTimer: ReturnType<typeof setTimeout> | undefined;
  #untidySince: number | undefined;

  constructor(
    open: () => Keeper,
    post: (message: WorkerMessage) => void,
    options: { readonly patience?: number; readonly longestUntidy?: number } = {},
  ) {
    this.#open = open;
    this.#post = post;
    this.#patience = options.patience ?? defaultPatience;
    this.#longestUntidy = options.longestUntidy ?? longestUntidy;
  }

  add(request: WorkerRequest): void {
    this.#waiting.push(request);
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    clearTimeout(this.#tidyTimer);
    for (let request = this.#waiting.shift(); request; request = this.#waiting.shift()) {
      await this.#answer(request);
    }
    this.#working = false;
    this.#untidySince ??= Date.now();
    const left = this.#untidySince + this.#longestUntidy - Date.now();
    this.#tidyWhenQuiet(Math.max(0, Math.min(quiet, left)));
  }

  async #answer(request: WorkerRequest): Promise<void> {
    const { id } = request;
    const patience = this.#waitedInVain ? Math.min(impatience, this.#patience) : this.#patience;
    const giveUp = Date.now() + patience;
    for (let wait = 2; ; wait = Math.min(wait * 2, 100)) {
      try {
        const value = this.#handle(request);
        if (!readCalls.has(request.type)) this.#waitedInVain = false;
        this.#post({ type: 'call-result', id, value });
        return;
      } catch (error) {
        const locked = isLocked(error);
        if (!locked || Date.now() > giveUp) {
          this.#waitedInVain ||= locked;
          this.#post({ type: 'call-failure', id, failure: failureOf(error) });
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, wait * (0.5 + Math.random())));
    }
  }

  #handle(request: WorkerRequest): unknown {
    if (request.type === 'storage-close') {
      this.#close();
      return undefined;
    }
    this.#engine ??= this.#open();
    const value = this.#engine.handle(request);
    if (request.type === 'workspace-watch') this.#setWatching(this.#engine.isWatching);
    return value;
  }

  #close(): void {
    this.#setWatching(false);
    clearTimeout(this.#tidyTimer);
    this.#engine?.close();
    this.#engine = undefined;
  }

  #setWatching(watching: boolean): void {
    clearInterval(this.#watchTimer);
    this.#watchTimer = watching ? setInterval(() => this.#look(), watchInterval) : undefined;
  }

  #look(): void {
    const changes = this.#quietly(() => this.#engine?.changes()) ?? [];
    for (const change of changes) this.#post({ type: 'history-change', ...change });
  }

  #tidyWhenQuiet(delay: number): void {
    if (!this.#engine) return;
    this.#tidyTimer = setTimeout(() => {
      if (this.#working) return;
      this.#untidySince = undefined;
      const next = this.#quietly(() => this.#engine?.tidy()) ?? 'later';
      if (next === 'more') this.#tidyWhenQuiet(0);
      if (next === 'later') this.#tidyWhenQuiet(Math.min(Math.max(quiet, delay * 2), 10_000));
    }, delay);
  }

  /** What nobody asked for may fail, and is tried again later. */
  #quietly<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch {
      return undefined;
    }
  }
}

function failureOf(error: unknown): WorkerFailure {
  const known = historyError(error);
  const message = known instanceof Error ? known.message : String(known);
  if (known instanceof HistoryError) return { kind: 'history', reason: known.reason, message };
  if (known instanceof InputError) return { kind: 'input', reason: known.reason, message };
  return { kind: 'unexpected', reason: 'unexpected', message };
}
