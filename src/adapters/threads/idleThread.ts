import { Worker, type WorkerOptions } from 'node:worker_threads';

export interface IdleThreadOptions {
  /** What runs in it: it answers each message with one of the same `id`. */
  readonly path: string;
  readonly name: string;
  readonly workerData?: unknown;
  /** A task that wants more ends the thread, not the process. */
  readonly maxMegabytes: number;
  /** After so long without work the thread ends and gives its memory back, in milliseconds. */
  readonly idleMs?: number;
}

interface Pending<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** The thread was ended, as one of its tasks took longer than it may. */
export class ThreadLate extends Error {}

/** Of a thread that cannot be started, so many tries are enough. */
const tries = 3;

/** A thread that starts with the first task, and ends when there was none for long. */
export class IdleThread<Task extends object, Answer extends { readonly id: number }> {
  readonly #options: IdleThreadOptions;
  #worker: Worker | undefined;
  #pending = new Map<number, Pending<Answer>>();
  #lastId = 0;
  #failures = 0;
  #starts = 0;
  #closed = false;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(options: IdleThreadOptions) {
    this.#options = options;
  }

  /** How often the thread has been started. */
  get starts(): number {
    return this.#starts;
  }

  /** How many tasks wait for an answer. */
  get waiting(): number {
    return this.#pending.size;
  }

  get running(): boolean {
    return this.#worker !== undefined;
  }

  /**
   * Rejects where the thread ends before it has answered, or cannot be started.
   * @param mostMs after so long without an answer the thread is ended, and all that it was asked rejects with ThreadLate
   */
  ask(task: Task, mostMs?: number): Promise<Answer> {
    if (mostMs === undefined) return this.#ask(task);
    const timer = setTimeout(() => void this.#end(new ThreadLate('The thread took too long')), mostMs);
    return this.#ask(task).finally(() => clearTimeout(timer));
  }

  #ask(task: Task): Promise<Answer> {
    if (this.#closed || this.#failures >= tries) {
      return Promise.reject(new Error(`There is no ${this.#options.name}`));
    }
    clearTimeout(this.#idle);
    return new Promise((resolve, reject) => {
      // Throws where no thread can be made; nothing waits for one then.
      const worker = this.#running();
      const id = (this.#lastId += 1);
      this.#pending.set(id, { resolve, reject });
      try {
        worker.postMessage({ ...task, id });
      } catch (error) {
        this.#pending.delete(id);
        throw error;
      }
    });
  }

  /** Ends the thread; what it works on rejects. Final. */
  async dispose(): Promise<void> {
    this.#closed = true;
    await this.#end();
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const { name, workerData, maxMegabytes } = this.#options;
    const worker = this.#made({
      name: `throughline-${name}`,
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: maxMegabytes },
    });
    worker.unref();
    worker.on('message', (answer: Answer) => this.#receive(answer));
    worker.on('error', (error) => this.#died(worker, error));
    worker.on('exit', () => this.#died(worker, new Error('The thread has ended')));
    this.#worker = worker;
    this.#starts += 1;
    return worker;
  }

  #made(options: WorkerOptions): Worker {
    try {
      return new Worker(this.#options.path, options);
    } catch (cause) {
      this.#failures += 1;
      throw cause;
    }
  }

  #receive(answer: Answer): void {
    this.#failures = 0;
    this.#pending.get(answer.id)?.resolve(answer);
    this.#pending.delete(answer.id);
    if (this.#pending.size > 0) return;
    this.#idle = setTimeout(() => void this.#end(), this.#options.idleMs ?? 600_000);
    this.#idle.unref();
  }

  #died(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#failures += 1;
    this.#rejectAll(cause);
  }

  async #end(cause = new Error('The thread was ended')): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    this.#rejectAll(cause);
    await worker?.terminate();
  }

  #rejectAll(cause: unknown): void {
    const pending = this.#pending;
    this.#pending = new Map();
    const message = `The ${this.#options.name} did not answer`;
    for (const { reject } of pending.values())
      reject(cause instanceof ThreadLate ? cause : new Error(message, { cause }));
  }
}
