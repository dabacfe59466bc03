import assert from 'node:assert/strict';
import type { HistoryLog } from '../../src/core/historyLog';
import {
  append,
  complete,
  leaseMs,
  type LogFixture,
  openSession,
  owner,
  rejectsWith,
  start,
  turnIds,
} from './logFixture';

export function historyLogDeletingTurns(fixture: () => LogFixture): void {
  let log: HistoryLog;

  setup(() => {
    log = fixture().log;
  });

  suite('deleting one turn', () => {
    setup(async () => {
      await openSession(log, 's1');
      await openSession(log, 's2');
      for (const id of ['t1', 't2', 't3']) await append(log, id, 's1');
      await append(log, 'other', 's2');
    });

    test('takes its messages with it, and nothing else', async () => {
      const before = await log.dump();
      const counts = { sessions: 0, turns: 1, messages: 2, facts: 0 };
      assert.deepEqual(await log.deleteTurn('t2'), counts);
      assert.equal(await log.turn('t2'), undefined);
      assert.deepEqual(await turnIds(log, 's1'), ['t1', 't3']);
      assert.deepEqual(await turnIds(log, 's2'), ['other']);
      const left = before.sessions.map((session) => ({
        ...session,
        turns: session.turns.filter(({ id }) => id !== 't2'),
      }));
      assert.deepEqual((await log.dump()).sessions, left);
      await rejectsWith(log.deleteTurn('t2'), 'not-found');
    });

    test('leaves the length true, and the positions of the others', async () => {
      await log.deleteTurn('t1');
      assert.equal((await log.session('s1'))?.length, 2);
      assert.deepEqual(
        (await log.turns('s1', { limit: 10 })).turns.map(({ position }) => position),
        [1, 2],
      );
      assert.equal(await append(log, 't4', 's1'), 3);
      await rejectsWith(log.begin(start('t5', 's1'), { expectedLength: 4, owner, leaseMs }), 'stale');
    });

    test('may be done to every turn: the session stays, and goes on', async () => {
      for (const id of ['t1', 't2', 't3']) await log.deleteTurn(id);
      assert.equal((await log.session('s1'))?.length, 0);
      assert.deepEqual(await turnIds(log, 's1'), []);
      await append(log, 't4', 's1');
      assert.deepEqual(await turnIds(log, 's1'), ['t4']);
    });

    test('leaves a trim and its undo as they were', async () => {
      await log.trim('s1', 1);
      await log.trim('s1', 2);
      await log.deleteTurn('t3');
      await log.deleteTurn('t2');
      assert.equal((await log.session('s1'))?.contextStart, 2);
      assert.equal((await log.undoTrim('s1')).contextStart, 1);
      assert.equal((await log.undoTrim('s1')).contextStart, 0);
      assert.deepEqual(await turnIds(log, 's1'), ['t1']);
    });

    test('is for good: neither begin nor import brings it back, but as a copy', async () => {
      const backup = await log.dump();
      await log.deleteTurn('t2');
      await rejectsWith(log.begin(start('t2', 's1'), { expectedLength: 2, owner, leaseMs }), 'exists');
      for (const mode of ['update', 'skip'] as const) {
        const report = await log.load(backup, mode);
        assert.deepEqual(report.deleted, { sessions: 0, turns: 1, messages: 2, facts: 0 });
        assert.deepEqual(await turnIds(log, 's1'), ['t1', 't3']);
      }
      assert.equal((await log.load(backup, 'copy')).added.turns, 4);
    });

    test('is refused while it runs, and not once it is dead', async () => {
      await log.begin(start('t4', 's1'), { expectedLength: 3, owner, leaseMs });
      await rejectsWith(log.deleteTurn('t4'), 'busy');
      await log.deleteTurn('t1');
      fixture().advance(leaseMs);
      await log.deleteTurn('t4');
      await rejectsWith(log.finish('t4', owner, complete('t4')), 'not-found');
      assert.deepEqual(await turnIds(log, 's1'), ['t2', 't3']);
    });

    test('is told to those who listen', async () => {
      let told = 0;
      log.onChange(() => (told += 1));
      await log.deleteTurn('t2');
      assert.equal(told, 1);
    });
  });
}
