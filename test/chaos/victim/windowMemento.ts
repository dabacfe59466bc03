import type { RecordStore } from '../../../src/adapters/storage/workspaceRecords';
import type { Records } from './protocol';

/**
 * globalState as VS Code's extension host has it: `update` changes a copy here, and on a timer sends the whole object
 * to the window; its promise resolves when the window has it. The window's echo replaces the whole object, so what was
 * updated between a send and its echo is lost.
 */
export class WindowMemento implements RecordStore {
  #values: Records;
  #serial = 0;
  readonly #send: (all: Records, serial: number) => void;
  readonly #sent = new Map<number, () => void>();

  constructor(values: Records, send: (all: Records, serial: number) => void) {
    this.#values = values;
    this.#send = send;
  }

  keys(): readonly string[] {
    return Object.keys(this.#values);
  }

  get(key: string): unknown {
    return structuredClone(this.#values[key]);
  }

  async update(key: string, value: unknown): Promise<void> {
    const { [key]: _, ...rest } = this.#values;
    this.#values = value === undefined ? rest : { ...rest, [key]: structuredClone(value) };
    await new Promise((resolve) => setTimeout(resolve, 0));
    const serial = (this.#serial += 1);
    const had = new Promise<void>((resolve) => this.#sent.set(serial, resolve));
    this.#send(this.#values, serial);
    await had;
  }

  /** What the window says that it has now. */
  echo(all: Records, serial: number): void {
    this.#values = all;
    this.#sent.get(serial)?.();
    this.#sent.delete(serial);
  }
}
