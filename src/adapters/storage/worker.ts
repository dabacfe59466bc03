/** Entry of the storage worker: an Engine behind messages. */
import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerMessage, WorkerRequest } from '../../protocol/worker';
import { Keeper } from './engine/keeper';
import { RequestQueue } from './engine/requestQueue';

const { databasePath } = workerData as { readonly databasePath: string };

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message, transferable(message));
}

/** An export's bytes move; all else is copied. */
function transferable(message: WorkerMessage): ArrayBuffer[] {
  if (message.type !== 'call-result' || typeof message.value !== 'object' || message.value === null)
    return [];
  const bytes = 'bytes' in message.value ? message.value.bytes : undefined;
  return bytes instanceof Uint8Array && bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
}

const queue = new RequestQueue(() => new Keeper({ databasePath, newId: randomUUID }), post);
parentPort?.on('message', (request: WorkerRequest) => queue.add(request));
