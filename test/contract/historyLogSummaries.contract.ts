import assert from 'node:assert/strict';
import { InputError } from '../../src/core/errors';
import type { HistoryLog, SessionDump } from '../../src/core/historyLog';
import { summary } from './historyLogContext.contract';
import {
  append,
  complete,
  leaseMs,
  type LogFixture,
  openSession,
  owner,
  rejectsWith,
  start,
  user,
} from './logFixture';

export function historyLogSummaries(fixture: () => LogFixture): void {
  let log: HistoryLog;

  suite('summaries', () => {
    setup(async () => {
      log = fixture().log;
      await openSession(log, 's1');
      for (const id of ['t1', 't2', 't3', 't4']) await append(log, id);
      await openSession(log, 's2');
      await append(log, 'other', 's2');
    });
    const ids = async (sessionId = 's1'): Promise<readonly string[]> =>
      (await log.summaries(sessionId)).map(({ id }) => id);

    test('are listed in the order of the turns that they cover', async () => {
      await log.putSummary(summary('b', ['t3', 't4'], { from: 2, to: 3 }));
      await log.putSummary(summary('a', ['t1', 't2']));
      await log.putSummary(summary('c', ['other'], { sessionId: 's2' }));
      assert.deepEqual(await log.summaries('s1'), [
        summary('a', ['t1', 't2']),
        summary('b', ['t3', 't4'], { from: 2, to: 3 }),
      ]);
      assert.deepEqual(await ids('s2'), ['c']);
      assert.deepEqual(await ids('nobody'), []);
    });

    test('are replaced by their id: edited, undone, and told to those who listen', async () => {
      await log.putSummary(summary('a', ['t1', 't2']));
      let told = 0;
      log.onChange(() => (told += 1));
      const edited = summary('a', ['t1', 't2'], { text: 'Better', edited: true, state: 'undone' });
      await log.putSummary(edited);
      assert.equal(told, 1);
      await log.putSummary(edited);
      assert.deepEqual(await log.summaries('s1'), [edited]);
    });

    test('cover ended turns of their session, at least one', async () => {
      await rejectsWith(log.putSummary(summary('a', ['t1', 'nobody'])), 'not-found');
      await rejectsWith(log.putSummary(summary('a', ['t1', 'other'])), 'not-found');
      await rejectsWith(log.putSummary(summary('a', ['t1'], { sessionId: 'nobody' })), 'not-found');
      await assert.rejects(log.putSummary(summary('a', [])), InputError);
      await log.begin(start('t5'), { expectedLength: 4, owner, leaseMs });
      await rejectsWith(log.putSummary(summary('a', ['t5'])), 'busy');
      assert.deepEqual(await ids(), []);
    });

    test('change no turn, and are dumped with their session', async () => {
      const before = [await log.dump(), await log.turns('s1', { limit: 9 })] as const;
      const { sessionId: _session, from: _from, to: _to, ...dumped } = summary('a', ['t1', 't2']);
      await log.putSummary(summary('a', ['t1', 't2']));
      const [first, ...others] = before[0].sessions;
      assert.deepEqual(await log.dump(), {
        ...before[0],
        sessions: [{ ...first, summaries: [dumped] }, ...others],
      });
      assert.deepEqual(await log.turns('s1', { limit: 9 }), before[1]);
    });

    test('are loaded with their turns, wherever these stand then, and copied under new ids', async () => {
      await log.putSummary(summary('a', ['t1', 't2'], { edited: true }));
      await log.putSummary(summary('b', ['t3'], { from: 2, to: 2 }));
      await log.putSummary(summary('ab', ['t1', 't2', 't3'], { state: 'undone', replaces: ['a', 'b'] }));
      const dump = await log.dump('s1');
      const { sessionIds } = await log.load(dump, 'copy');
      const [copy = ''] = sessionIds;
      const turns = (await log.turns(copy, { limit: 9 })).turns.map(({ id }) => id);
      const copied = await log.summaries(copy);
      assert.deepEqual(
        copied.map(({ turnIds, from, to, state, edited }) => [turnIds, from, to, state, edited]),
        [
          [turns.slice(0, 2), 0, 1, 'active', true],
          [turns.slice(0, 3), 0, 2, 'undone', undefined],
          [turns.slice(2, 3), 2, 2, 'active', undefined],
        ],
      );
      assert.deepEqual(copied[1]?.replaces, [copied[0]?.id, copied[2]?.id]);
      assert.equal(new Set([...copied, ...(await log.summaries('s1'))].map(({ id }) => id)).size, 6);
      await log.deleteTurn('t2');
      await log.load(dump, 'update');
      assert.deepEqual(await ids(), ['b'], 'none of a deleted turn comes back');
    });

    test('are counted in what an import reports', async () => {
      await log.putSummary(summary('a', ['t1', 't2']));
      await log.putSummary(summary('b', ['t3'], { from: 2, to: 2 }));
      const dump = await log.dump('s1');
      const told = async (mode: 'update' | 'copy' | 'skip'): Promise<object> =>
        (await log.load(dump, mode)).summaries;
      const none = { added: 0, updated: 0, skipped: 0, deleted: 0 };
      assert.deepEqual(await told('copy'), { ...none, added: 2 });
      assert.deepEqual(await told('update'), { ...none, skipped: 2 });
      await log.putSummary(summary('a', ['t1', 't2'], { text: 'Mine', edited: true }));
      assert.deepEqual(await told('skip'), { ...none, skipped: 2 });
      assert.deepEqual(await told('update'), { ...none, updated: 1, skipped: 1 });
      await log.deleteTurn('t2');
      assert.deepEqual(await told('update'), { ...none, skipped: 1, deleted: 1 });
      await log.deleteSession('s1');
      assert.deepEqual(await told('update'), { ...none, deleted: 2 });
    });

    test('are replaced by an import that updates, and left by one that skips', async () => {
      await log.putSummary(summary('a', ['t1', 't2'], { text: 'Imported' }));
      const dump = await log.dump('s1');
      await log.putSummary(summary('a', ['t1', 't2'], { text: 'Mine', edited: true }));
      await log.load(dump, 'skip');
      assert.equal((await log.summaries('s1'))[0]?.text, 'Mine');
      await log.load(dump, 'update');
      assert.deepEqual(await log.summaries('s1'), [summary('a', ['t1', 't2'], { text: 'Imported' })]);
    });

    test('that cover what is not there, or what another session has, are left out of an import', async () => {
      const [dumped] = (await log.dump('s1')).sessions;
      const { sessionId: _session, from: _from, to: _to, ...one } = summary('a', ['t1', 'nobody']);
      const summaries = [
        one,
        { ...one, id: 'b', turnIds: ['t1', 'other'] },
        { ...one, id: 'c', turnIds: ['t4'] },
      ];
      await log.load({ sessions: [{ ...(dumped as SessionDump), summaries }], facts: [] }, 'update');
      assert.deepEqual(await log.summaries('s1'), [summary('c', ['t4'], { from: 3, to: 3, text: one.text })]);
      const twins = { ...(dumped as SessionDump), summaries: [one, one] };
      await assert.rejects(log.load({ sessions: [twins], facts: [] }, 'update'), InputError);
    });

    test('are loaded with each of their turns once, in their order, however often a file names them', async () => {
      const [dumped] = (await log.dump('s1')).sessions;
      const { sessionId: _session, from: _from, to: _to, ...one } = summary('a', []);
      const turnIds = ['t3', ...Array.from({ length: 200_000 }, () => 't1')];
      const session = { ...(dumped as SessionDump), summaries: [{ ...one, turnIds }] };
      await log.load({ sessions: [session], facts: [] }, 'update');
      const [loaded] = await log.summaries('s1');
      assert.deepEqual([loaded?.turnIds, loaded?.from, loaded?.to], [['t1', 't3'], 0, 2]);
    });

    test('that cover a deleted turn go with it for good, undone ones too, and no others', async () => {
      await log.putSummary(summary('a', ['t1', 't2']));
      await log.putSummary(summary('b', ['t2'], { state: 'undone', from: 1 }));
      await log.putSummary(summary('c', ['t3', 't4'], { from: 2, to: 3 }));
      await log.deleteTurn('t2');
      assert.deepEqual(await ids(), ['c']);
      await rejectsWith(log.putSummary(summary('a', ['t1'])), 'exists');
      await rejectsWith(log.putSummary(summary('d', ['t1', 't2'])), 'not-found');
    });

    test('go with their session, and with everything', async () => {
      await log.putSummary(summary('a', ['t1', 't2']));
      await log.putSummary(summary('c', ['other'], { sessionId: 's2' }));
      await log.deleteSession('s1');
      assert.deepEqual([await ids('s1'), await ids('s2')], [[], ['c']]);
      await log.clear();
      assert.deepEqual(await ids('s2'), []);
    });

    test('go where an import replaces what a covered turn says, and only then', async () => {
      await log.putSummary(summary('a', ['t1', 't2']));
      await log.putSummary(summary('b', ['t3'], { from: 2, to: 2 }));
      const dump = await log.dump('s1');
      const loaded = (turnId: string, change: object) => ({
        ...dump,
        sessions: dump.sessions.map((session) => ({
          ...session,
          turns: session.turns.map((turn) => (turn.id === turnId ? { ...turn, ...change } : turn)),
        })),
      });
      await log.load(loaded('t1', { model: 'another', pinned: true }), 'update');
      await log.load(loaded('t1', { messages: [user('else')] }), 'skip');
      await log.load(loaded('t1', { messages: [user('else')] }), 'copy');
      assert.deepEqual(await ids(), ['a', 'b']);
      await log.load(loaded('t1', { messages: [user('else')] }), 'update');
      assert.deepEqual(await ids(), ['b']);
      await rejectsWith(log.putSummary(summary('a', ['t1', 't2'])), 'exists');
    });

    test('of a turn that was stopped go when its owner finishes it after all', async () => {
      await log.begin(start('t5'), { expectedLength: 4, owner, leaseMs });
      fixture().advance(leaseMs);
      await log.recover();
      await log.putSummary(summary('a', ['t5'], { from: 4, to: 4 }));
      await log.finish('t5', owner, complete('t5'));
      assert.deepEqual(await ids(), []);
    });

    test('hold any text', async () => {
      const text = 'NUL \0, half \ud800 and "quotes"';
      await log.putSummary(summary('a', ['t1'], { text }));
      assert.equal((await log.summaries('s1'))[0]?.text, text.replace('\ud800', '\ufffd'));
    });
  });
}
