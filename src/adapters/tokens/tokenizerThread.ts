import { Worker } from 'node:worker_threads';
import type { TokenCounting } from '../../core/tokens/tokenCounting';
import type { CountAnswer, CountRequest } from '../../protocol/tokenizer';

export interface TokenizerThreadOptions {
  /** The bundled tokenizer, dist/tokenizer.js. */
  readonly tokenizerPath: string;
  /** After so long without work the thread ends and gives its memory back, in milliseconds. */
  readonly idleMs?: number;
}

interface Pending {
  readonly resolve: (counts: readonly number[]) => void;
  readonly reject: (error: Error) => void;
}

/** Of a thread that cannot be started, so many tries are enough. */
const tries = 3;

/**
 * The tokenizer in a thread of its own: neither the extension host nor the storage worker, which commits turns, waits for
 * it. It starts with the first text to count.
 */
export class TokenizerThread implements TokenCounting {
  readonly #options: TokenizerThreadOptions;
  #worker: Worker | undefined;
  #pending = new Map<number, Pending>();
  #lastId = 0;
  #failures = 0;
  #starts = 0;
  #closed = false;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(options: TokenizerThreadOptions) {
    this.#options = options;
  }

  /** How often the thread has been started. */
  get starts(): number {
    return this.#starts;
  }

  get running(): boolean {
    return this.#worker !== undefined;
  }

  count(texts: readonly string[]): Promise<readonly number[]> {
    if (texts.length === 0) return Promise.resolve([]);
    if (this.#closed || this.#failures >= tries) return Promise.reject(new Error('There is no tokenizer'));
    clearTimeout(this.#idle);
    return new Promise((resolve, reject) => {
      const request: CountRequest = { id: (this.#lastId += 1), texts };
      this.#pending.set(request.id, { resolve, reject });
      this.#running().postMessage(request);
    });
  }

  /** Ends the thread; what is being counted rejects. Final. */
  async dispose(): Promise<void> {
    this.#closed = true;
    await this.#end();
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.#options.tokenizerPath, {
      name: 'throughline-tokenizer',
      // The vocabulary takes about 60 MB. A text that wants ten times that ends the thread, not the process.
      resourceLimits: { maxOldGenerationSizeMb: 600 },
    });
    worker.unref();
    worker.on('message', (answer: CountAnswer) => this.#receive(answer));
    worker.on('error', (error) => this.#died(worker, error));
    worker.on('exit', () => this.#died(worker, new Error('The tokenizer has ended')));
    this.#worker = worker;
    this.#starts += 1;
    return worker;
  }

  #receive({ id, counts }: CountAnswer): void {
    this.#failures = 0;
    this.#pending.get(id)?.resolve(counts);
    this.#pending.delete(id);
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

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    this.#rejectAll(new Error('The tokenizer was ended'));
    await worker?.terminate();
  }

  #rejectAll(cause: unknown): void {
    const pending = this.#pending;
    this.#pending = new Map();
    for (const { reject } of pending.values()) reject(new Error('Tokens could not be counted', { cause }));
  }
}
