import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Keeper } from '../../src/adapters/storage/engine/keeper';
import { RequestQueue } from '../../src/adapters/storage/engine/requestQueue';
import { SqliteHistoryLog } from '../../src/adapters/storage/sqliteHistoryLog';
import type { ScopedClient } from '../../src/adapters/storage/workspaceClient';
import { HistoryError, type HistoryErrorReason } from '../../src/core/errors';
import { describeError } from '../../src/core/userMessage';
import type { WorkerMessage, WorkerRequest } from '../../src/protocol/worker';
import { KeptHistory } from '../support/damagedHistory';
import { says, ScriptedModel } from '../support/scriptedModel';
import { setUpSessions } from '../support/sessionSetup';
import { temporaryFolder } from '../support/storage';

/** Takes the whole database for itself until its input ends. */
const holder = `
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(process.argv[1]);
  database.exec('BEGIN EXCLUSIVE');
  console.log('locked');
  process.stdin.on('end', () => process.exit(0)).resume();
`;

/** The worker's queue in this thread, with less patience. */
function impatientClient(databasePath: string): {
  readonly client: ScopedClient;
  readonly close: () => void;
} {
  const pending = new Map<number, (message: WorkerMessage) => void>();
  const keeper = new Keeper({ databasePath, newId: randomUUID });
  const queue = new RequestQueue(
    () => keeper,
    (message) => {
      if ('id' in message) pending.get(message.id)?.(message);
    },
    { patience: 100 },
  );
  let lastId = 0;
  const client: ScopedClient = {
    starts: 1,
    changed: () => undefined,
    onChange: () => () => undefined,
    call: (type, input) =>
      new Promise((resolve, reject) => {
        const id = (lastId += 1);
        pending.set(id, (message) => {
          if (message.type === 'call-result') resolve(message.value as never);
          else if (message.type === 'call-failure') {
            reject(new HistoryError({ reason: message.failure.reason as HistoryErrorReason }));
          }
        });
        queue.add({ ...input, type, id, now: Date.now() } as unknown as WorkerRequest);
      }),
  };
  return { client, close: () => keeper.close() };
}

suite('Other hands on the files of an open history', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;
  const holders: ChildProcess[] = [];
  setup(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, 'history.db');
  });
  teardown(async () => {
    for (const child of holders.splice(0)) child.kill();
    await folder.remove();
  });

  /** @returns lets go of it */
  async function lockElsewhere(): Promise<() => Promise<void>> {
    const child = spawn(process.execPath, ['-e', holder, path], { stdio: ['pipe', 'pipe', 'inherit'] });
    holders.push(child);
    await once(child.stdout, 'data');
    return async () => {
      child.stdin.end();
      await once(child, 'exit');
    };
  }

  test('a lock that another process keeps for longer than anyone waits: the chat goes on, and saves once it can', async () => {
    const { client, close } = impatientClient(path);
    const log = new SqliteHistoryLog({ client, workspaceId: 'w1' });
    const model = new ScriptedModel(says('one'), says('two'), says('three'));
    const { sessions } = setUpSessions(model, { log, newId: randomUUID, describe: describeError });
    const session = await sessions.active();
    assert.equal((await session.send('p1')).saved, true);
    const letGo = await lockElsewhere();
    const turn = await session.send('p2');
    assert.deepEqual([turn.saved, turn.status, turn.outage?.reason], [false, 'complete', 'unavailable']);
    assert.equal((await session.page(10)).turns.length, 1, 'it can be read meanwhile');
    await letGo();
    assert.equal((await session.send('p3')).saved, true);
    const { turns } = await session.page(10);
    assert.deepEqual(
      turns.map(({ messages }) => messages[0]?.content),
      ['p1', 'p2', 'p3'],
    );
    await sessions.dispose();
    close();
  });

  test('a history that is moved away while it is open is where it was, with all that was acknowledged', function () {
    if (process.platform === 'win32') this.skip();
    const open = new KeptHistory(path);
    open.append('t1');
    const elsewhere = join(folder.path, 'elsewhere');
    mkdirSync(elsewhere);
    renameSync(path, join(elsewhere, 'history.db'));
    open.append('t2');
    const other = new KeptHistory(path);
    assert.deepEqual(idsOf(other), ['t1', 't2']);
    other.append('t3');
    assert.deepEqual(idsOf(open), ['t1', 't2', 't3']);
    open.close();
    other.close();
  });

  test('what is said after an older copy was put in its place is in that copy, and nothing that a backup has is lost', function () {
    if (process.platform === 'win32') this.skip();
    const before = new KeptHistory(path);
    before.append('t1');
    before.close();
    const older = join(folder.path, 'older.db');
    copyFileSync(path, older);
    const open = new KeptHistory(path);
    open.append('t2');
    open.call('backup-make', {});
    renameSync(older, path);
    open.append('t3');
    assert.deepEqual(idsOf(open), ['t1', 't2', 't3']);
    open.close();
    const next = new KeptHistory(path);
    assert.deepEqual(idsOf(next), ['t1', 't2', 't3']);
    next.close();
  });
});

function idsOf(history: KeptHistory): readonly string[] {
  return history.dump().sessions.flatMap((session) => session.turns.map(({ id }) => id));
}
