import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkerClient } from '../../src/adapters/storage/workerClient';

/** As built by esbuild; tests run from the repository's root. */
export const workerPath = join(process.cwd(), 'dist', 'worker.js');

export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'throughline-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** A storage worker on a database of its own, with a clock that stands still until it is moved. */
export async function temporaryStorage(startTime: number) {
  const folder = await temporaryFolder();
  const databasePath = join(folder.path, 'history.db');
  let time = startTime;
  const now = (): number => time;
  const client = new WorkerClient({ workerPath, databasePath, now });
  return {
    client,
    databasePath,
    folder: folder.path,
    now,
    advance: (milliseconds: number): void => {
      time += milliseconds;
    },
    dispose: async (): Promise<void> => {
      await client.close();
      await folder.remove();
    },
  };
}
