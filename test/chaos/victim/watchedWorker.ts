import { Worker } from 'node:worker_threads';
import { watched } from './blocks';

const workers = new Set<Worker>();

/** From now on messages to and from workers are timed on this thread, and the workers can be ended from outside. */
export function watchWorkers(): void {
  const prototype = Worker.prototype;
  const send = Reflect.get(prototype, 'postMessage') as (...values: unknown[]) => void;
  const emit = Reflect.get(prototype, 'emit') as (...values: unknown[]) => boolean;
  Reflect.set(prototype, 'postMessage', function (this: Worker, ...values: unknown[]) {
    workers.add(this);
    watched('sending to the worker', () => send.apply(this, values));
  });
  Reflect.set(prototype, 'emit', function (this: Worker, ...values: unknown[]) {
    return watched('hearing from the worker', () => emit.apply(this, values));
  });
}

export async function terminateWorkers(): Promise<void> {
  const running = [...workers];
  workers.clear();
  await Promise.all(running.map((worker) => worker.terminate()));
}
