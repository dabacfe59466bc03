import type { TokenCounting } from '../../core/tokens/tokenCounting';
import type { CountAnswer, CountRequest } from '../../protocol/tokenizer';
import { IdleThread } from '../threads/idleThread';

export interface TokenizerThreadOptions {
  /** The bundled tokenizer, dist/tokenizer.js. */
  readonly tokenizerPath: string;
  /** See IdleThreadOptions. */
  readonly idleMs?: number;
}

/**
 * The tokenizer in a thread of its own: neither the extension host nor the storage worker, which commits turns, waits for
 * it. It starts with the first text to count.
 */
export class TokenizerThread implements TokenCounting {
  readonly #thread: IdleThread<Omit<CountRequest, 'id'>, CountAnswer>;

  constructor({ tokenizerPath, idleMs }: TokenizerThreadOptions) {
    // The vocabulary takes about 60 MB.
    this.#thread = new IdleThread({
      path: tokenizerPath,
      name: 'tokenizer',
      maxMegabytes: 600,
      ...(idleMs !== undefined && { idleMs }),
    });
  }

  /** How often the thread has been started. */
  get starts(): number {
    return this.#thread.starts;
  }

  get running(): boolean {
    return this.#thread.running;
  }

  async count(texts: readonly string[]): Promise<readonly number[]> {
    return texts.length === 0 ? [] : (await this.#thread.ask({ texts })).counts;
  }

  /** Ends the thread; what is being counted rejects. Final. */
  dispose(): Promise<void> {
    return this.#thread.dispose();
  }
}
