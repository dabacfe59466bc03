import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkerClient } from '../../src/adapters/storage/workerClient';

/** As built by esbuild; tests run from the repository's root. */
export const workerPath = join(process.cwd(), 'dist', 'worker.js');
export const secretsPath = join(process.cwd(), 'dist', 'secrets.js');
export const tokenizerPath = join(process.cwd(), 'dist', 'tokenizer.js');

export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'throughline-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export interface TemporaryStorage {
  readonly client: WorkerClient;
  readonly databasePath: string;
  /** Another window on the same database. Closed with the rest. */
  anotherClient(): WorkerClient;
  /** Moves the clock of all clients on; it stands still otherwise. */
  readonly advance: (milliseconds: number) => void;
  dispose(): Promise<void>;
}

/** A storage worker on a database of its own. */
export async function temporaryStorage(startTime: number): Promise<TemporaryStorage> {
  const folder = await temporaryFolder();
  const databasePath = join(folder.path, 'history.db');
  let time = startTime;
  const clients: WorkerClient[] = [];
  const anotherClient = (): WorkerClient => {
    const client = new WorkerClient({ workerPath, databasePath, now: () => time });
    clients.push(client);
    return client;
  };
  return {
    client: anotherClient(),
    databasePath,
    anotherClient,
    advance: (milliseconds) => {
      time += milliseconds;
    },
    dispose: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await folder.remove();
    },
  };
}
