import assert from 'node:assert/strict';
import type { HistoryDump, HistoryLog } from '../../src/core/historyLog';
import type { Message } from '../../src/core/message';
import {
  calls,
  createdAt,
  leaseMs,
  type LogFixture,
  openSession,
  owner,
  rejectsWith,
  session,
  start,
  turn,
  turnIds,
  user,
} from './logFixture';

export function historyLogLoading(fixture: () => LogFixture): void {
  let log: HistoryLog;

  setup(() => {
    log = fixture().log;
  });

  suite('loading', () => {
    const dump: HistoryDump = {
      sessions: [
        session('s1', [turn('t1', { pinned: true }), turn('t2', { status: 'failed' })]),
        { ...session('s2', [turn('t3')]), forkedFrom: { sessionId: 's1', turnId: 't1' } },
      ],
      facts: [
        { id: 'f1', text: 'Likes tea', createdAt, source: { sessionId: 's1', turnId: 't2' } },
        { id: 'f2', text: '', createdAt },
      ],
    };
    const all = { sessions: 2, turns: 3, messages: 6, facts: 2 };
    const none = { sessions: 0, turns: 0, messages: 0, facts: 0 };

    test('gives back the same history, and says what it added', async () => {
      const report = await log.load(dump, 'update');
      assert.deepEqual(report, {
        added: all,
        updated: none,
        skipped: none,
        deleted: none,
        summaries: { added: 0, updated: 0, skipped: 0, deleted: 0 },
        sessionIds: ['s1', 's2'],
      });
      assert.deepEqual(await log.dump(), dump);
      assert.deepEqual(await log.dump('s2'), { sessions: [dump.sessions[1]], facts: [] });
      await rejectsWith(log.dump('none'), 'not-found');
    });

    test('again changes nothing, in either mode', async () => {
      await log.load(dump, 'update');
      for (const mode of ['update', 'skip'] as const) {
        const { added, updated, skipped } = await log.load(dump, mode);
        assert.deepEqual({ added, updated, skipped }, { added: none, updated: none, skipped: all });
      }
      assert.deepEqual(await log.dump(), dump);
    });

    test('update replaces what it knows, keeps what the file lacks, and appends what is new', async () => {
      await log.load(dump, 'update');
      const changed = turn('t1', { messages: [user('changed')] });
      const renamed = {
        ...session('s1', [turn('t4'), changed]),
        title: 'Renamed',
        updatedAt: '2027-01-01T00:00:00Z',
      };
      const report = await log.load({ sessions: [renamed], facts: [] }, 'update');
      assert.deepEqual(report.updated, { ...none, sessions: 1, turns: 1, messages: 1 });
      assert.deepEqual(report.added, { ...none, turns: 1, messages: 2 });
      assert.deepEqual(await turnIds(log), ['t1', 't2', 't4']);
      assert.deepEqual((await log.turn('t1'))?.messages, [user('changed')]);
      const summary = await log.session('s1');
      assert.equal(summary?.title, 'Renamed');
      assert.equal(summary.updatedAt, '2027-01-01T00:00:00Z');
      assert.equal(summary.length, 3);
    });

    test('skip leaves what it knows and adds what is new', async () => {
      await log.load(dump, 'update');
      const changed = { ...session('s1', [turn('t1', { messages: [] }), turn('t4')]), title: 'Other' };
      const report = await log.load({ sessions: [changed], facts: [] }, 'skip');
      assert.deepEqual(report.skipped, { ...none, sessions: 1, turns: 1 });
      assert.deepEqual(report.added, { ...none, turns: 1, messages: 2 });
      assert.equal((await log.session('s1'))?.title, 'Session s1');
      assert.deepEqual(await turnIds(log), ['t1', 't2', 't4']);
    });

    test('copy brings everything in once more, under new ids that fit together', async () => {
      await log.load(dump, 'update');
      await log.clear();
      const report = await log.load(dump, 'copy');
      assert.deepEqual(report.added, all);
      assert.deepEqual(report.deleted, none);
      const copy = await log.dump();
      const [first, second] = copy.sessions;
      assert.deepEqual(report.sessionIds, [first?.id, second?.id]);
      assert.notEqual(first?.id, 's1');
      assert.deepEqual(second?.forkedFrom, { sessionId: first?.id, turnId: first?.turns[0]?.id });
      assert.deepEqual(copy.facts[0]?.source, { sessionId: first?.id, turnId: first?.turns[1]?.id });
      assert.deepEqual(
        first?.turns.map(({ messages }) => messages),
        dump.sessions[0]?.turns.map(({ messages }) => messages),
      );
    });

    test('never brings in a running turn or a call without result', async () => {
      await log.load(
        { sessions: [session('s1', [turn('t1', { status: 'running', messages: calls })])], facts: [] },
        'update',
      );
      const loaded = await log.turn('t1');
      assert.equal(loaded?.status, 'stopped');
      assert.equal(loaded.messages.at(-1)?.tool_call_id, 'call-2');
    });

    test('a result without its call is refused, and nothing is stored', async () => {
      const orphan: Message = { role: 'tool', content: '15', tool_call_id: 'call-9' };
      const bad = session('s2', [turn('t9', { messages: [user('x'), orphan] })]);
      await assert.rejects(log.load({ sessions: [session('s1', []), bad], facts: [] }, 'update'), /t9/);
      assert.deepEqual(await log.dump(), { sessions: [], facts: [] });
    });

    test('leaves a turn alone that is running right now', async () => {
      await openSession(log);
      await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
      const report = await log.load({ sessions: [session('s1', [turn('t1')])], facts: [] }, 'update');
      assert.equal(report.skipped.turns, 1);
      assert.equal((await log.turn('t1'))?.status, 'running');
      assert.deepEqual((await log.dump()).sessions[0]?.turns, []);
    });
  });
}
