import assert from 'node:assert/strict';
import { SqliteHistoryLog } from '../../../../src/adapters/storage/sqliteHistoryLog';
import { SqliteRecallMarks } from '../../../../src/adapters/storage/sqliteRecallMarks';
import type { WorkerClient } from '../../../../src/adapters/storage/workerClient';
import type { HistoryChange } from '../../../../src/core/historyLog';
import { reasonOf } from '../../../../src/core/errors';
import { sent, summary } from '../../../contract/historyLogContext.contract';
import {
  append,
  assistant,
  complete,
  leaseMs,
  openSession,
  rejectsWith,
  start,
  startOfTime,
  turnIds,
  user,
} from '../../../contract/logFixture';
import { temporaryStorage, type TemporaryStorage } from '../../../support/storage';

suite('Two windows on one history', () => {
  let storage: TemporaryStorage;
  let mine: SqliteHistoryLog;
  let theirs: SqliteHistoryLog;
  let theirClient: WorkerClient;
  /** Each test has one of its own, in one database. */
  let workspaceId: string;
  let workspaces = 0;

  suiteSetup(async () => {
    storage = await temporaryStorage(startOfTime);
    theirClient = storage.anotherClient();
  });
  suiteTeardown(() => storage.dispose());
  setup(async () => {
    workspaceId = `w${(workspaces += 1)}`;
    mine = new SqliteHistoryLog({ client: storage.client, workspaceId });
    theirs = new SqliteHistoryLog({ client: theirClient, workspaceId });
    await openSession(mine);
  });

  test('what one has committed the other reads', async () => {
    await append(mine, 't1');
    assert.deepEqual(await theirs.turn('t1'), await mine.turn('t1'));
  });

  test('a session that runs in the other window is busy, and then has moved on', async () => {
    await mine.begin(start('t1'), { expectedLength: 0, owner: 'a', leaseMs });
    await rejectsWith(theirs.begin(start('t2'), { expectedLength: 0, owner: 'b', leaseMs }), 'busy');
    await mine.finish('t1', 'a', complete('t1'));
    await rejectsWith(theirs.begin(start('t2'), { expectedLength: 0, owner: 'b', leaseMs }), 'stale');
    assert.equal(await theirs.begin(start('t2'), { expectedLength: 1, owner: 'b', leaseMs }), 1);
  });

  test('pins and summaries that one makes are told to the other', async () => {
    await append(mine, 't1');
    const changes: HistoryChange[] = [];
    const told = async (count: number): Promise<void> => {
      for (let n = 0; n < 40 && changes.length < count; n += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(changes.length, count);
    };
    theirs.onChange((change) => changes.push(change));
    await theirs.sessions();
    await mine.pin('t1', true);
    await told(1);
    await mine.putSummary(summary('a', ['t1']));
    await told(2);
    assert.deepEqual(changes[1], { own: false, sessionId: 's1' });
    assert.equal((await theirs.pinned('s1')).length, 1);
    assert.deepEqual(await theirs.summaries('s1'), [summary('a', ['t1'])]);
  });

  test('what one marks for recall is told to the other, and so is taking it back', async () => {
    const [ours, others] = [storage.client, theirClient].map((client) => new SqliteRecallMarks({ client, workspaceId })); // prettier-ignore
    await append(mine, 't1');
    await theirs.sessions();
    const target = { messageId: 't1.1', turnId: 't1' };
    for (const mark of ['muted', undefined, 'kept'] as const) {
      const told = new Promise((resolve) => {
        const unsubscribe = theirs.onChange((change) => {
          if (change.sessionId !== undefined) return;
          unsubscribe();
          resolve(change);
        });
      });
      await theirs.sessions();
      await ours?.mark(target, mark);
      assert.deepEqual(await told, { own: false });
      assert.deepEqual(await others?.marksOf([target]), [mark]);
    }
  });

  test('a text that the other cleared is stored anew with the next turn that is sent with it', async () => {
    const finish = (id: string) => mine.finish(id, 'a', { ...complete(id), context: sent });
    await mine.begin(start('t1'), { expectedLength: 0, owner: 'a', leaseMs });
    await finish('t1');
    await theirs.clear();
    await openSession(mine, 's2');
    await mine.begin(start('t2', 's2'), { expectedLength: 0, owner: 'a', leaseMs });
    await finish('t2');
    assert.deepEqual(await theirs.sentContext('t2'), sent);
  });

  test('of two that begin at the same moment one is told', async () => {
    for (let n = 0; n < 20; n += 1) {
      const results = await Promise.allSettled([
        mine.begin(start(`a${n}`), { expectedLength: n, owner: 'a', leaseMs }),
        theirs.begin(start(`b${n}`), { expectedLength: n, owner: 'b', leaseMs }),
      ]);
      const refused = results.flatMap((result) =>
        result.status === 'rejected' ? [reasonOf(result.reason)] : [],
      );
      assert.deepEqual(refused, ['busy']);
      if (results[0].status === 'fulfilled') await mine.finish(`a${n}`, 'a', complete(`a${n}`));
      else await theirs.finish(`b${n}`, 'b', complete(`b${n}`));
    }
    assert.equal((await turnIds(mine)).length, 20);
  });

  test('both write at once into sessions of their own: nothing is lost, nothing is double', async () => {
    await openSession(theirs, 's2');
    const write = async (log: SqliteHistoryLog, session: string): Promise<void> => {
      for (let n = 0; n < 40; n += 1) await append(log, `${session}-${n}`, session);
    };
    await Promise.all([write(mine, 's1'), write(theirs, 's2')]);
    for (const session of ['s1', 's2']) {
      const expected = Array.from({ length: 40 }, (_, n) => `${session}-${n}`);
      assert.deepEqual(await turnIds(mine, session), expected);
      assert.deepEqual(await turnIds(theirs, session), expected);
    }
  });

  test('a running turn of the other window is left alone while its lease lasts', async () => {
    await mine.begin(start('t1'), { expectedLength: 0, owner: 'a', leaseMs });
    assert.deepEqual(await theirs.recover(), []);
    storage.advance(leaseMs);
    assert.deepEqual(await theirs.recover(), ['t1']);
    assert.equal((await mine.turn('t1'))?.status, 'stopped');
  });

  test('what was saved and then taken over by the other window is not mixed up', async () => {
    await mine.begin(start('t1'), { expectedLength: 0, owner: 'a', leaseMs });
    await mine.progress('t1', 'a', { messages: [user('prompt t1'), assistant('one')], leaseMs });
    storage.advance(leaseMs);
    await theirs.recover();
    const messages = [user('prompt t1'), assistant('one'), assistant('two')];
    await mine.finish('t1', 'a', { status: 'complete', messages });
    assert.deepEqual((await theirs.turn('t1'))?.messages, messages);
  });

  test('a change in one is told in the other within a second, by session', async () => {
    const told = async (make: () => Promise<unknown>): Promise<HistoryChange> => {
      let stop = (): void => undefined;
      const change = new Promise<HistoryChange>((resolve) => {
        stop = mine.onChange(resolve);
      });
      await mine.sessions(); // By now the worker watches.
      await make();
      const made = performance.now();
      const result = await change;
      const ms = performance.now() - made;
      stop();
      assert.ok(ms < 1_000, `${ms} ms`);
      return result;
    };
    assert.deepEqual(await told(() => append(theirs, 't1')), { own: false, sessionId: 's1' });
    assert.deepEqual(await told(() => theirs.deleteSession('s1')), { own: false });
  });

  test('an own change is not told again as the other window’s, and other workspaces hear nothing of it', async () => {
    const other = new SqliteHistoryLog({
      client: storage.anotherClient(),
      workspaceId: `${workspaceId}, too`,
    });
    const own: HistoryChange[] = [];
    const others: HistoryChange[] = [];
    mine.onChange((change) => own.push(change));
    other.onChange((change) => others.push(change));
    await other.sessions();
    await append(mine, 't1');
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.ok(own.length > 0 && own.every((change) => change.own));
    assert.deepEqual(others, []);
    assert.deepEqual(await other.sessions(), []);
    assert.equal(await other.turn('t1'), undefined);
  });
});
