/** Entry of the storage worker: an Engine behind messages. */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { RepairReport, ScrubReport } from '../../core/historyDoctor';
import type * as secretsBundle from '../secrets/secrets';
import type { WorkerMessage, WorkerRequest } from '../../protocol/worker';
import { makeBackup } from './engine/doctor/backups';
import { HistoryFiles } from './engine/doctor/historyFiles';
import { Keeper } from './engine/keeper';
import { RequestQueue } from './engine/requestQueue';

interface WorkerTask {
  readonly databasePath: string;
  /** Make a backup, and end. */
  readonly backUp?: boolean;
}

const { databasePath, backUp: shouldBackUp } = workerData as WorkerTask;

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

/** In a thread of its own, so that nobody waits for it. */
function backUp(): void {
  const task: WorkerTask = { databasePath, backUp: true };
  const helper = new Worker(__filename, { workerData: task, name: 'throughline-backup' });
  // A backup that failed is tried again in time.
  helper.on('error', () => undefined);
  helper.unref();
}

if (shouldBackUp) makeBackup(new HistoryFiles(databasePath), Date.now());
else {
  const onRepair = (report: RepairReport): void => post({ type: 'history-repaired', report });
  const onScrub = (report: ScrubReport): void => post({ type: 'copies-scrubbed', report });
  const onNewerVersion = (): void => post({ type: 'newer-version' });
  /** A bundle of its own, beside this one. */
  const loadSecrets = (): typeof secretsBundle =>
    createRequire(__filename)(path.join(__dirname, 'secrets.js')) as typeof secretsBundle;
  const options = { databasePath, newId: randomUUID, onRepair, onScrub, onNewerVersion, backUp, loadSecrets };
  const queue = new RequestQueue(() => new Keeper(options), post);
  parentPort?.on('message', (request: WorkerRequest) => queue.add(request));
}
