import type { ModelRequest } from '../../core/chatModel';
import type { TokenCounter } from '../../core/tokenCounter';
import { Calibration } from '../../core/tokens/calibration';
import { CountingTokenCounter } from '../../core/tokens/countingTokenCounter';
import { CalibrationFile } from '../files/calibrationFile';
import { TokenizerThread } from './tokenizerThread';

export interface ModelTokensOptions {
  /** The bundled tokenizer, dist/tokenizer.js. */
  readonly tokenizerPath: string;
  /** Where what was learnt is kept. */
  readonly path: string;
  /** Whether anything may be stored. */
  readonly mayWrite: () => boolean;
}

/** What tokens cost which model: the tokenizer's thread, the counts, and what was learnt, put together. */
export class ModelTokens {
  readonly counter: CountingTokenCounter;
  readonly calibration: Calibration;
  readonly #thread: TokenizerThread;
  readonly #file: CalibrationFile;

  constructor({ tokenizerPath, path, mayWrite }: ModelTokensOptions) {
    this.#thread = new TokenizerThread({ tokenizerPath });
    this.#file = new CalibrationFile({ path, mayWrite, state: () => this.calibration });
    this.counter = new CountingTokenCounter({ counting: this.#thread });
    this.calibration = new Calibration({
      counter: this.counter,
      load: () => this.#file.load(),
      changed: () => this.#file.changed(),
    });
  }

  /** What requests to the model cost, as far as that has been learnt. */
  costsOf(modelId: string): {
    readonly counter: TokenCounter;
    readonly margin: number;
    readonly estimate: (request: ModelRequest) => number;
  } {
    return {
      counter: this.calibration.counterFor(modelId),
      margin: this.calibration.margin(modelId),
      estimate: (request) => this.calibration.estimate(modelId, request).tokens,
    };
  }

  /** Writes what is due and ends the thread. Final. */
  async close(): Promise<void> {
    await Promise.all([this.#file.flush(), this.#thread.dispose()]);
  }
}
