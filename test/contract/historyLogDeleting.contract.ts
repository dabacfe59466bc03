import assert from 'node:assert/strict';
import type { HistoryLog } from '../../src/core/historyLog';
import {
  append,
  complete,
  createdAt,
  leaseMs,
  type LogFixture,
  openSession,
  owner,
  rejectsWith,
  start,
  turnIds,
  user,
} from './logFixture';

export function historyLogDeleting(fixture: () => LogFixture): void {
  let log: HistoryLog;

  setup(() => {
    log = fixture().log;
  });

  suite('deleting', () => {
    setup(async () => {
      await openSession(log, 's1');
      await openSession(log, 's2');
      await append(log, 't1', 's1');
      await append(log, 't2', 's2');
    });

    test('a session takes its turns with it, and nothing else', async () => {
      const counts = { sessions: 1, turns: 1, messages: 2, facts: 0 };
      assert.deepEqual(await log.deleteSession('s1'), counts);
      assert.equal(await log.session('s1'), undefined);
      assert.equal(await log.turn('t1'), undefined);
      assert.deepEqual(await turnIds(log, 's2'), ['t2']);
      await rejectsWith(log.deleteSession('s1'), 'not-found');
    });

    test('everything says what it removed', async () => {
      const before = await log.dump();
      await log.load({ sessions: [], facts: [{ id: 'f1', text: 'Tea', createdAt }] }, 'update');
      assert.deepEqual(await log.clear(), { sessions: 2, turns: 2, messages: 4, facts: 1 });
      assert.deepEqual(await log.dump(), { sessions: [], facts: [] });
      assert.notDeepEqual(before, await log.dump());
    });

    test('is for good: neither begin, create nor import brings it back', async () => {
      const backup = await log.dump();
      await log.deleteSession('s1');
      await rejectsWith(log.createSession({ id: 's1', title: 'again', createdAt }), 'exists');
      await rejectsWith(log.begin(start('t1', 's2'), { expectedLength: 1, owner, leaseMs }), 'exists');
      for (const mode of ['update', 'skip'] as const) {
        const report = await log.load(backup, mode);
        assert.deepEqual(report.deleted, { sessions: 1, turns: 1, messages: 2, facts: 0 });
        assert.deepEqual(report.sessionIds, ['s2']);
        assert.equal(await log.session('s1'), undefined);
      }
    });

    test('stops a running turn: its owner can save no more', async () => {
      await log.begin(start('t3', 's1'), { expectedLength: 1, owner, leaseMs });
      await log.deleteSession('s1');
      await rejectsWith(log.progress('t3', owner, { messages: [user('x')], leaseMs }), 'not-found');
      await rejectsWith(log.finish('t3', owner, complete('t3')), 'not-found');
    });
  });
}
