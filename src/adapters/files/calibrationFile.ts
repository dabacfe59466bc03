import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface CalibrationFileOptions {
  /** Its folder is made if need be. */
  readonly path: string;
  /** What is to be kept, as JSON. */
  readonly state: () => unknown;
  /** Asked before each write: nothing is written where the user wants nothing stored. */
  readonly mayWrite: () => boolean;
  /** Changes within so many milliseconds are written at once. */
  readonly delayMs?: number;
}

/** Larger files are not ours. */
const maxBytes = 1_000_000;

/**
 * Keeps what was learnt about models' tokens: figures, no text. A file rather than globalState, whose updates would get in
 * the way of the history's record. A lost write costs nothing, and of two windows the last one wins; so nothing here
 * rejects.
 */
export class CalibrationFile {
  readonly #options: CalibrationFileOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: CalibrationFileOptions) {
    this.#options = options;
  }

  /** Undefined where there is none, or none that can be read. */
  async load(): Promise<unknown> {
    try {
      const text = await readFile(this.#options.path, 'utf8');
      return text.length > maxBytes ? undefined : JSON.parse(text);
    } catch {
      return undefined;
    }
  }

  /** The state has changed: it is written soon. */
  changed(): void {
    this.#timer ??= setTimeout(() => void this.flush(), this.#options.delayMs ?? 5_000);
    this.#timer.unref();
  }

  /** Writes now what is due. */
  async flush(): Promise<void> {
    if (this.#timer) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#writing = this.#writing.then(() => this.#write()).catch(() => undefined);
    }
    await this.#writing;
  }

  async #write(): Promise<void> {
    const { path: target, state, mayWrite } = this.#options;
    if (!mayWrite()) return;
    await mkdir(path.dirname(target), { recursive: true });
    const beside = `${target}.${process.pid}`;
    await writeFile(beside, JSON.stringify(state()));
    await rename(beside, target);
  }
}
