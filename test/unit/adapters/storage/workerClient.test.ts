import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepairReport } from '../../../../src/core/historyDoctor';
import { SentMessages } from '../../../../src/adapters/storage/sentMessages';
import { SqliteHistoryLog } from '../../../../src/adapters/storage/sqliteHistoryLog';
import { WorkerClient } from '../../../../src/adapters/storage/workerClient';
import {
  assistant,
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

suite('The storage worker’s client', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  setup(async () => {
    folder = await temporaryFolder();
  });
  teardown(() => folder.remove());

  test('a worker that dies rejects what is pending, and the next call starts another', async () => {
    const path = join(folder.path, 'dying.js');
    await writeFile(path, dyingWorker);
    const client = new WorkerClient({ workerPath: path, databasePath: join(folder.path, 'h.db') });
    await Promise.all([rejectsWith(client.open(), 'unavailable'), rejectsWith(client.open(), 'unavailable')]);
    await rejectsWith(client.open(), 'unavailable');
    assert.equal(client.starts, 2);
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
