import type { Message } from './message';

export interface ProgressSaverOptions {
  /** Writes the messages and renews the lease. */
  readonly save: (messages: readonly Message[]) => Promise<void>;
  /** At least this long between two saves while messages change, in milliseconds. */
  readonly changedMs: number;
  /** A save at least this often although nothing changed, to renew the lease, in milliseconds. */
  readonly idleMs: number;
}

/**
 * Saves a running turn at a bounded rate, one save at a time, and shows signs of life while it waits. A save that
 * fails is tried again with the next one: progress is a help after a crash, `finish` is what counts.
 */
export class ProgressSaver {
  readonly #options: ProgressSaverOptions;
  #messages: () => readonly Message[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Infinity;
  #saving: Promise<void> | undefined;
  #stopped = false;
  #savedAt = Date.now();

  constructor(messages: () => readonly Message[], options: ProgressSaverOptions) {
    this.#options = options;
    this.#messages = messages;
    this.#schedule(options.idleMs);
  }

  changed(): void {
    this.#schedule(Math.max(0, this.#savedAt + this.#options.changedMs - Date.now()));
  }

  /** Resolves once no save is under way; none starts afterwards. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#saving;
  }

  #schedule(delay: number): void {
    const due = Date.now() + delay;
    if (this.#stopped || this.#saving || due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => void this.#save(), delay);
  }

  async #save(): Promise<void> {
    const messages = this.#messages();
    this.#due = Infinity;
    this.#savedAt = Date.now();
    this.#saving = this.#options.save(messages).catch(() => undefined);
    await this.#saving;
    this.#saving = undefined;
    const changed = this.#messages() !== messages;
    this.#schedule(changed ? this.#options.changedMs : this.#options.idleMs);
  }
}
