import { HistoryError } from '../../../core/errors';
import type { WorkerRequest } from '../../../protocol/worker';
import type { WatchedChange } from './changeWatch';
import { Engine, type EngineOptions } from './engine';

/** Keeps an engine open on the history. */
export class Keeper {
  readonly #engine: Engine;

  constructor(options: EngineOptions) {
    this.#engine = new Engine(options);
  }

  handle(request: WorkerRequest): unknown {
    switch (request.type) {
      case 'doctor-check':
      case 'doctor-repair':
      case 'backup-make':
        throw new HistoryError({ reason: 'unavailable', message: 'Not yet' });
      default:
        return this.#engine.handle(request);
    }
  }

  changes(): readonly WatchedChange[] {
    return this.#engine.changes();
  }

  get isWatching(): boolean {
    return this.#engine.isWatching;
  }

  tidy(): 'more' | 'later' | 'done' {
    return this.#engine.tidy();
  }

  close(): void {
    this.#engine.close();
  }
}
