import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { SqliteHistoryLog } from '../src/adapters/storage/sqliteHistoryLog';
import { WorkerClient } from '../src/adapters/storage/workerClient';
import { recognizeWorkspace } from '../src/adapters/storage/workspace/recognizeWorkspace';
import { Sessions } from '../src/core/sessions';
import { ScriptedModel } from '../test/support/scriptedModel';
import { setUpSessions } from '../test/support/sessionSetup';
import { place, workerPath } from './store';

/** What one activation took: in milliseconds, and in MB of resident memory that the process had more after it. */
export interface Activation {
  readonly openMs: number;
  readonly pageMs: number;
  readonly residentMb: number;
}

/** In a fresh process, the calls that extension.ts makes: open, identify, recover, active session, first page. */
export async function activate(databasePath: string): Promise<Activation> {
  const before = process.memoryUsage.rss();
  const start = performance.now();
  const client = new WorkerClient({ workerPath, databasePath });
  const recordsWith = (): readonly [] => [];
  const { id: workspaceId } = await recognizeWorkspace(place, { client, newId: randomUUID, recordsWith });
  const log = new SqliteHistoryLog({ client, workspaceId });
  await log.recover();
  const sessions = new Sessions(setUpSessions(new ScriptedModel(), { log }));
  const session = await sessions.active();
  const opened = performance.now();
  const page = await session.page(30);
  const end = performance.now();
  if (page.turns.length !== 30) throw new Error(`The first page has ${page.turns.length} turns`);
  const residentMb = (process.memoryUsage.rss() - before) / 2 ** 20;
  await client.close();
  return { openMs: opened - start, pageMs: end - start, residentMb };
}

export async function activateInFreshProcess(databasePath: string): Promise<Activation> {
  const script = process.argv[1] ?? '';
  const { stdout } = await promisify(execFile)(process.execPath, [script, 'activate', databasePath]);
  return JSON.parse(stdout) as Activation;
}
