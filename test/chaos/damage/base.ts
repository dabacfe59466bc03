import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SqliteHistoryLog } from '../../../src/adapters/storage/sqliteHistoryLog';
import { WorkerClient } from '../../../src/adapters/storage/workerClient';
import { recognizeWorkspace } from '../../../src/adapters/storage/workspace/recognizeWorkspace';
import { maxRecordBytes } from '../../../src/adapters/storage/workspaceRecords';
import type { Message } from '../../../src/core/message';
import type { StoredTurn } from '../../../src/core/historyLog';
import type { WorkspaceRecord } from '../../../src/protocol/workspaceRecord';
import type { Place } from '../driver/place';
import type { Random } from '../random';

const place = { remote: 'local', folders: ['file:///damage'] };
export const workspaceId = 'damage';
const owner = 'window';
const leaseMs = 15_000;
const createdAt = '2026-03-01T10:00:00.000Z';

/** Files by their path below the history's folder. */
export type Files = ReadonlyMap<string, Buffer>;

/** A history to be damaged, as it lies on the disk of a window that is killed, and what it held. */
export interface Base {
  readonly files: Files;
  /** The same log, earlier. */
  readonly earlier: Files;
  /** Another log. */
  readonly other: Files;
  readonly turns: ReadonlyMap<string, StoredTurn>;
  /** In the backup or in the record. */
  readonly keptTwice: ReadonlySet<string>;
  readonly deleted: readonly string[];
  readonly record: WorkspaceRecord;
  /** As it was before the deletes. */
  readonly earlierRecord: WorkspaceRecord;
  readonly hasBackup: boolean;
}

export async function makeBase(place: Place): Promise<Base> {
  const { random, folder, databasePath } = place;
  const during = windowOn(place.workerPath);
  // A window that closes writes everything into the database; what is still in the log ahead of it comes last.
  const earlierRecord = await during(databasePath, async (client, log) => {
    await fill(log, random, ['s1', 's2'], 20);
    await log.createSession({ id: 'gone', title: 'Gone', createdAt });
    await append(log, random, 'gone', 'gone-1');
    await append(log, random, 's1', 'gone-2');
    return client.recordOf(workspaceId, maxRecordBytes);
  });
  const earlier = readFiles(folder);
  const { hasBackup, backedUp } = await during(databasePath, async (client, log) => {
    await log.deleteSession('gone');
    await log.deleteTurn('gone-2');
    const made = await client.call('backup-make', {});
    return { hasBackup: made, backedUp: made ? [...(await turnsOf(log)).keys()] : [] };
  });
  const latest = await during(databasePath, async (client, log) => {
    await fill(log, random, ['s3'], 12);
    const record = await client.recordOf(workspaceId, maxRecordBytes);
    // Beyond backup and record: these can be lost, but not unseen where their rows were.
    for (let n = 0; n < 4; n += 1) await append(log, random, 's3', `s3-late-${n}`);
    return { record, turns: await turnsOf(log), files: readFiles(folder) };
  });
  const otherPath = path.join(folder, 'other', 'history.db');
  const otherLogAhead = await during(otherPath, async (_client, log) => {
    await fill(log, random, ['x1'], 10);
    return readFiles(path.dirname(otherPath)).get('history.db-wal') ?? Buffer.alloc(0);
  });
  const other = new Map([...readFiles(path.dirname(otherPath)), ['history.db-wal', otherLogAhead]]);
  const keptTwice = new Set([...backedUp, ...latest.record.turns.map(({ id }) => id)]);
  const deleted = ['gone', 'gone-1', 'gone-2'];
  return { ...latest, earlier, other, keptTwice, deleted, earlierRecord, hasBackup };
}

function windowOn(workerPath: string) {
  return async <T>(
    databasePath: string,
    work: (client: WorkerClient, log: SqliteHistoryLog) => Promise<T>,
  ): Promise<T> => {
    const client = new WorkerClient({ workerPath, databasePath });
    const result = await work(client, await openLog(client));
    await client.close();
    return result;
  };
}

export async function openLog(client: WorkerClient): Promise<SqliteHistoryLog> {
  const { id } = await recognizeWorkspace(place, { client, newId: () => workspaceId, recordsWith: () => [] });
  return new SqliteHistoryLog({ client, workspaceId: id });
}

export async function turnsOf(log: SqliteHistoryLog): Promise<Map<string, StoredTurn>> {
  const turns = new Map<string, StoredTurn>();
  for (const { id } of await log.sessions()) {
    for (const turn of (await log.turns(id, { limit: 10_000 })).turns) turns.set(turn.id, turn);
  }
  return turns;
}

async function fill(
  log: SqliteHistoryLog,
  random: Random,
  sessions: readonly string[],
  turns: number,
): Promise<void> {
  for (const id of sessions) {
    await log.createSession({ id, title: `Session ${id}`, createdAt });
    for (let n = 0; n < turns; n += 1) await append(log, random, id, `${id}-${n}`);
    await log.setActiveSession(id);
  }
}

async function append(log: SqliteHistoryLog, random: Random, sessionId: string, id: string): Promise<void> {
  const prompt: Message = { id: `${id}.0`, role: 'user', content: random.words(12), createdAt };
  const call = { id: 'c', type: 'function' as const, function: { name: 'work', arguments: '{"n":1}' } };
  const messages: readonly Message[] = [
    prompt,
    { id: `${id}.1`, role: 'assistant', content: '', tool_calls: [call], createdAt },
    { id: `${id}.2`, role: 'tool', content: random.words(5), tool_call_id: 'c', name: 'work', createdAt },
    { id: `${id}.3`, role: 'assistant', content: random.words(random.integer(20, 200)), createdAt },
  ];
  const expectedLength = (await log.session(sessionId))?.length ?? 0;
  await log.begin({ id, sessionId, createdAt, messages: [prompt] }, { expectedLength, owner, leaseMs });
  await log.finish(id, owner, { status: 'complete', messages });
}

/** All files below a folder but the worker and what SQLite keeps in shared memory. */
export function readFiles(folder: string): Files {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter(
    (name) => /(^|\/)(history\.db|backups\/|quarantine\/)/.test(name) && !name.endsWith('-shm'),
  );
  return new Map(
    files
      .filter((name) => statSync(path.join(folder, name)).isFile())
      .map((name) => [name, readFileSync(path.join(folder, name))]),
  );
}

export function writeFiles(folder: string, files: Files): void {
  for (const [name, bytes] of files) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), bytes);
  }
}
