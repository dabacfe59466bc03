import assert from 'node:assert/strict';
import type { HistoryChange, HistoryLog } from '../../src/core/historyLog';
import { append, createdAt, type LogFixture, openSession, rejectsWith, turnIds } from './logFixture';

export function historyLogSessions(fixture: () => LogFixture): void {
  let log: HistoryLog;
  function advance(milliseconds: number): void {
    fixture().advance(milliseconds);
  }

  setup(() => {
    log = fixture().log;
  });

  suite('sessions', () => {
    test('a new session is empty and carries everything', async () => {
      await openSession(log);
      assert.deepEqual(await log.session('s1'), {
        id: 's1',
        title: 'Session s1',
        createdAt,
        updatedAt: createdAt,
        length: 0,
        contextStart: 0,
        trims: 0,
      });
    });

    test('a session that does not exist reads as undefined, and has no turns', async () => {
      assert.equal(await log.session('none'), undefined);
      assert.deepEqual(await log.turns('none', { limit: 5 }), { turns: [], more: false });
      assert.equal(await log.activeSession(), undefined);
    });

    test('creating a session twice is creating it once', async () => {
      await openSession(log);
      await append(log, 't1');
      const again = await log.createSession({ id: 's1', title: 'Other', createdAt });
      assert.equal(again.title, 'Session s1');
      assert.equal(again.length, 1);
    });

    test('a fork remembers where it came from', async () => {
      const forkedFrom = { sessionId: 's0', turnId: 't0' };
      await log.createSession({ id: 's1', title: 'Fork', createdAt, forkedFrom });
      assert.deepEqual((await log.session('s1'))?.forkedFrom, forkedFrom);
      await log.renameSession('s1', 'Renamed');
      assert.deepEqual((await log.session('s1'))?.forkedFrom, forkedFrom);
    });

    test('renaming keeps everything else', async () => {
      await openSession(log);
      const before = await log.session('s1');
      assert.deepEqual(await log.renameSession('s1', 'Ünï\0cødé 🧵'), { ...before, title: 'Ünï\0cødé 🧵' });
      await rejectsWith(log.renameSession('none', 'x'), 'not-found');
    });

    test('the session that was updated last comes first', async () => {
      for (const id of ['s1', 's2', 's3']) await openSession(log, id);
      advance(1000);
      await append(log, 't1', 's2');
      advance(1000);
      await append(log, 't2', 's1');
      assert.deepEqual(
        (await log.sessions()).map(({ id }) => id),
        ['s1', 's2', 's3'],
      );
    });

    test('the active session is the one last made active, until it is deleted', async () => {
      await openSession(log, 's1');
      await openSession(log, 's2');
      await log.setActiveSession('s1');
      await log.setActiveSession('s2');
      assert.equal(await log.activeSession(), 's2');
      await rejectsWith(log.setActiveSession('none'), 'not-found');
      await log.deleteSession('s2');
      assert.equal(await log.activeSession(), undefined);
    });
  });

  suite('reading', () => {
    setup(async () => {
      await openSession(log);
      for (let n = 0; n < 7; n += 1) await append(log, `t${n}`);
    });

    test('pages go from the newest back, each oldest first', async () => {
      const newest = await log.turns('s1', { limit: 3 });
      assert.deepEqual(
        newest.turns.map(({ id }) => id),
        ['t4', 't5', 't6'],
      );
      assert.equal(newest.more, true);
      const rest = await log.turns('s1', { before: 4, limit: 4 });
      assert.deepEqual(
        rest.turns.map(({ id }) => id),
        ['t0', 't1', 't2', 't3'],
      );
      assert.equal(rest.more, false);
      assert.deepEqual(await log.turns('s1', { before: 0, limit: 4 }), { turns: [], more: false });
    });

    test('trimming moves the start of the context, destroys nothing, and can be undone', async () => {
      assert.equal((await log.trim('s1', 5)).contextStart, 5);
      assert.deepEqual(await log.trim('s1', 6).then(({ trims }) => trims), 2);
      assert.equal((await log.trim('s1', 6)).trims, 2);
      assert.equal((await log.trim('s1', 99)).contextStart, 7);
      assert.equal((await turnIds(log)).length, 7);
      for (const contextStart of [6, 5, 0]) {
        assert.equal((await log.undoTrim('s1')).contextStart, contextStart);
      }
      assert.equal((await log.session('s1'))?.trims, 0);
      await rejectsWith(log.undoTrim('s1'), 'not-found');
      await rejectsWith(log.trim('none', 1), 'not-found');
    });

    test('a trim can keep single turns before its start, and undoing it knows those of the one before', async () => {
      assert.deepEqual((await log.trim('s1', 5, [3, 1, 3, 9, -1, 0.5])).contextKept, [1, 3]);
      assert.equal((await log.trim('s1', 5, [1, 3])).trims, 1);
      assert.equal((await log.trim('s1', 6)).contextKept, undefined);
      const undone = await log.undoTrim('s1');
      assert.deepEqual([undone.contextStart, undone.contextKept], [5, [1, 3]]);
      assert.equal((await log.undoTrim('s1')).contextKept, undefined);
    });
  });

  suite('telling of changes', () => {
    test('each change is told, as its own, until the listener leaves', async () => {
      const changes: HistoryChange[] = [];
      const stop = log.onChange((change) => changes.push(change));
      await openSession(log);
      await append(log, 't1');
      assert.ok(changes.length >= 3);
      assert.ok(changes.every(({ own }) => own));
      assert.ok(changes.some(({ sessionId }) => sessionId === 's1'));
      stop();
      const count = changes.length;
      await append(log, 't2');
      assert.equal(changes.length, count);
    });
  });
}
