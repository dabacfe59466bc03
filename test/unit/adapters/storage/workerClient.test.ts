import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Message } from '../../../../src/core/message';
import type { CallType } from '../../../../src/protocol/worker';
import type { RepairReport } from '../../../../src/core/historyDoctor';
import { SentMessages } from '../../../../src/adapters/storage/sentMessages';
import { SqliteHistoryLog } from '../../../../src/adapters/storage/sqliteHistoryLog';
import { WorkerClient } from '../../../../src/adapters/storage/workerClient';
import {
  append,
  assistant,
  complete,
  leaseMs,
  openSession,
  owner,
  rejectsWith,
  start,
  user,
} from '../../../contract/logFixture';
import { temporaryFolder, workerPath } from '../../../support/storage';

const dyingWorker = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', ({ type }) => { if (type !== 'workspace-watch') process.exit(1); });
`;

const mortalWorker = (type: CallType, died: string): string => `
  const { existsSync, writeFileSync } = require('node:fs');
  const { parentPort } = require('node:worker_threads');
  const post = parentPort.postMessage.bind(parentPort);
  let dying = false;
  parentPort.postMessage = (...values) => dying || post(...values);
  parentPort.on('message', (request) => {
    if (request.type !== ${JSON.stringify(type)} || existsSync(${JSON.stringify(died)})) return;
    writeFileSync(${JSON.stringify(died)}, '');
    dying = true;
    setImmediate(() => process.exit(1));
  });
  require(${JSON.stringify(workerPath)});
`;

suite('The storage worker’s client', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  setup(async () => {
    folder = await temporaryFolder();
  });
  teardown(() => folder.remove());

  /** A client whose first worker dies of the first call of this type, once that is done and before it answers. */
  async function mortal(type: CallType): Promise<{ client: WorkerClient; log: SqliteHistoryLog }> {
    const path = join(folder.path, 'mortal.js');
    await writeFile(path, mortalWorker(type, join(folder.path, 'died')));
    const client = new WorkerClient({ workerPath: path, databasePath: join(folder.path, 'h.db') });
    return { client, log: new SqliteHistoryLog({ client, workspaceId: 'w1' }) };
  }

  test('what kills a second worker too is rejected, and the next call starts another', async () => {
    const path = join(folder.path, 'dying.js');
    await writeFile(path, dyingWorker);
    const client = new WorkerClient({ workerPath: path, databasePath: join(folder.path, 'h.db') });
    await Promise.all([rejectsWith(client.open(), 'unavailable'), rejectsWith(client.open(), 'unavailable')]);
    assert.equal(client.starts, 2);
    await rejectsWith(client.open(), 'unavailable');
    assert.equal(client.starts, 4);
    await client.close();
  });

  test('reads that are pending when the worker dies are answered by the next one', async () => {
    const { client, log } = await mortal('session-list');
    await openSession(log);
    await append(log, 't1');
    const [sessions, session, turn, page] = await Promise.all([
      log.sessions(),
      log.session('s1'),
      log.turn('t1'),
      log.turns('s1', { limit: 5 }),
    ]);
    assert.deepEqual(
      [sessions.length, session?.length, turn?.status, page.turns.length],
      [1, 1, 'complete', 1],
    );
    assert.equal(client.starts, 2);
    await client.close();
  });

  for (const type of ['turn-begin', 'turn-progress', 'turn-finish'] as const) {
    test(`a turn is stored once, and nothing is refused, where the answer to its ${type} was lost`, async () => {
      const { client, log } = await mortal(type);
      await openSession(log);
      assert.equal(await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs }), 0);
      await log.progress('t1', owner, { messages: complete('t1', 'half').messages, leaseMs });
      await log.finish('t1', owner, complete('t1'));
      assert.equal(client.starts, 2);
      const { turns } = await log.turns('s1', { limit: 5 });
      assert.deepEqual(
        turns.map(({ status, messages }) => [status, messages]),
        [['complete', complete('t1').messages]],
      );
      await client.close();
    });
  }

  test('a write whose outcome is unknown is not made again, but rejected', async () => {
    const { client, log } = await mortal('session-rename');
    await openSession(log);
    await rejectsWith(log.renameSession('s1', 'Another'), 'unavailable');
    assert.equal(client.starts, 1);
    assert.equal((await log.session('s1'))?.title, 'Another');
    await client.close();
  });

  test('an ended turn is not ended otherwise, however the change is told', async () => {
    const client = new WorkerClient({ workerPath, databasePath: join(folder.path, 'h.db') });
    const log = new SqliteHistoryLog({ client, workspaceId: 'w1' });
    await openSession(log);
    await append(log, 't1');
    const finish = (keep: number, messages: readonly Message[]): Promise<unknown> => {
      const change = { keep, messages };
      const outcome = { status: 'complete' as const };
      return client.call('turn-finish', { workspaceId: 'w1', turnId: 't1', owner, change, outcome });
    };
    await finish(1, [assistant('answer t1')]);
    await finish(2, []);
    await rejectsWith(finish(1, []), 'exists');
    await rejectsWith(finish(1, [assistant('another')]), 'exists');
    await rejectsWith(finish(2, [assistant('more')]), 'exists');
    await client.close();
  });

  test('a worker that is not there rejects as unavailable', async () => {
    const client = new WorkerClient({ workerPath: join(folder.path, 'none.js'), databasePath: 'h.db' });
    await rejectsWith(client.open(), 'unavailable');
    await client.close();
  });

  test('a database that cannot be opened says so, and is tried again with the next call', async () => {
    const databasePath = join(folder.path, 'h.db');
    await mkdir(databasePath);
    const client = new WorkerClient({ workerPath, databasePath });
    await rejectsWith(client.open(), 'unavailable');
    await folder.remove();
    assert.equal((await client.open()).sequence, 0);
    await client.close();
  });

  test('a file that is no database is kept in quarantine as it is, and the history goes on without it', async () => {
    const databasePath = join(folder.path, 'h.db');
    const text = 'not a database, but somebody’s file\n'.repeat(500);
    await writeFile(databasePath, text);
    const client = new WorkerClient({ workerPath, databasePath });
    const reports: RepairReport[] = [];
    assert.equal((await client.open()).sequence, 0);
    client.onRepair((report) => reports.push(report));
    assert.equal(reports.length, 1);
    assert.equal(await readFile(join(reports[0]?.quarantine ?? '', 'h.db'), 'utf8'), text);
    await client.close();
  });

  test('closing lets pending calls end, and is final', async () => {
    const client = new WorkerClient({ workerPath, databasePath: join(folder.path, 'h.db') });
    const log = new SqliteHistoryLog({ client, workspaceId: 'w1' });
    const pending = openSession(log);
    await Promise.all([client.close(), client.close()]);
    await pending;
    await rejectsWith(log.sessions(), 'unavailable');
    const unused = new WorkerClient({ workerPath, databasePath: join(folder.path, 'unused.db') });
    await unused.close();
    assert.equal(unused.starts, 0);
  });

  test('progress sends only what has changed', () => {
    let generation = 1;
    const sent = new SentMessages(() => generation);
    const [prompt, half, whole] = [user('p'), assistant('ha'), assistant('half')];
    const save = async (messages: (typeof prompt)[]) => {
      const change = sent.changeTo('t1', messages);
      await sent.during('t1', messages, () => Promise.resolve());
      return change;
    };
    return (async () => {
      assert.deepEqual(await save([prompt, half]), { keep: 0, messages: [prompt, half] });
      assert.deepEqual(await save([{ ...prompt }, whole]), { keep: 1, messages: [whole] });
      assert.equal(await save([prompt, whole]), undefined);
      assert.deepEqual(await save([prompt]), { keep: 1, messages: [] });
      await assert.rejects(sent.during('t1', [prompt, half], () => Promise.reject(new Error('disk'))));
      assert.deepEqual(await save([prompt, half]), { keep: 0, messages: [prompt, half] });
      generation = 2;
      assert.deepEqual(await save([prompt, half]), { keep: 0, messages: [prompt, half] });
    })();
  });

  test('a turn goes on over a worker that was replaced', async () => {
    const databasePath = join(folder.path, 'h.db');
    const first = new WorkerClient({ workerPath, databasePath });
    const log = new SqliteHistoryLog({ client: first, workspaceId: 'w1' });
    await openSession(log);
    await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
    await first.close();
    const second = new WorkerClient({ workerPath, databasePath });
    const after = new SqliteHistoryLog({ client: second, workspaceId: 'w1' });
    await after.progress('t1', owner, { messages: [user('prompt t1'), assistant('on')], leaseMs });
    assert.equal((await after.turn('t1'))?.messages.length, 2);
    await second.close();
  });
});
