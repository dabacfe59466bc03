import { isLimited, type Retention, type RetentionLimits } from '../../core/retention';
import { limitWords, retentionWords } from './commands/retentionWords';

export interface RetentionScheduleOptions {
  readonly retention: Retention;
  /** Undefined where nothing is stored. */
  readonly limits: () => RetentionLimits | undefined;
  readonly report: (message: string) => void;
  readonly failed: (error: unknown) => void;
  /** From the start to the first look, and between looks, in milliseconds. */
  readonly firstMs?: number;
  readonly everyMs?: number;
}

/**
 * Applies the settings' limits by itself, once a day at most, well after the start and off the hot path. Where no limit
 * is set, it does not even open the history.
 */
export class RetentionSchedule {
  readonly #options: RetentionScheduleOptions;
  #timer: ReturnType<typeof setTimeout>;
  #disposed = false;

  constructor(options: RetentionScheduleOptions) {
    this.#options = options;
    this.#timer = this.#wait(options.firstMs ?? 30_000);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  #wait(milliseconds: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => void this.#look(), milliseconds);
  }

  async #look(): Promise<void> {
    const { retention, limits: limitsNow, report, failed, everyMs = 60 * 60 * 1000 } = this.#options;
    const limits = limitsNow();
    try {
      const removed = limits && isLimited(limits) ? await retention.applyDaily(limits) : undefined;
      if (limits && removed) {
        report(`Retention (${limitWords(limits)}) removed ${retentionWords(removed)}.`);
      }
    } catch (error) {
      if (!this.#disposed) failed(error);
    }
    if (!this.#disposed) this.#timer = this.#wait(everyMs);
  }
}
