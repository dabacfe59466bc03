import assert from 'node:assert/strict';
import {
  selectionOf,
  type Forgetting,
  type ForgetSelection,
  type ForgetTarget,
} from '../../src/core/forgetting/forgetting';
import type { Message } from '../../src/core/message';
import type { ForgettingFixture } from './forgetting.contract';
import { appendTurn, assistant, leaseMs, openSession, owner, rejectsWith, start, user } from './logFixture';

const nothing: ForgetSelection = { sessionIds: [], turnIds: [], factIds: [], summaryIds: [], titleIds: [] };

/** What a receipt counts, the same on every adapter. */
export function forgettingCountsContract(name: string, create: () => Promise<ForgettingFixture>): void {
  suite(`Forgetting, as it is counted: ${name}`, () => {
    let fixture: ForgettingFixture;
    let log: ForgettingFixture['log'];
    let forgetting: Forgetting;
    setup(async () => {
      fixture = await create();
      ({ log, forgetting } = fixture);
      await openSession(log, 's1');
    });
    teardown(() => fixture.dispose());

    const append = (id: string, sessionId: string, ...messages: readonly Message[]): Promise<void> =>
      appendTurn(log, id, sessionId, ...messages);

    const query = (text: string): ForgetTarget => ({ kind: 'query', query: text });

    test('a title that goes with its turn is counted once, and the one that takes its place stays', async () => {
      await append('t1', 's1', user('Where is the marzipan?'), assistant('yes'));
      await append('t2', 's1', user('second words'), assistant('yes'));
      await append('t3', 's1', user('third words'), assistant('yes'));
      await log.renameSession('s1', 'Where is the marzipan?');
      const { items } = await forgetting.preview(query('marzipan'));
      assert.deepEqual(items.map(({ kind, id, why }) => `${kind} ${id} ${why}`).sort(), [
        'title s1 target',
        'turn t1 target',
      ]);
      const { counts, places } = await forgetting.forget(selectionOf(items));
      assert.deepEqual([counts.turns, counts.titles], [1, 1]);
      assert.equal(places.find(({ name: place }) => place === 'history')?.count, 2);
      assert.equal((await log.session('s1'))?.title, 'second words');
    });

    test('a title that is another by now than the one that was seen stays', async () => {
      for (const id of ['t1', 't2']) await append(id, 's1', user(`words of ${id}`), assistant('yes'));
      await log.renameSession('s1', 'A title of marzipan');
      const selection = selectionOf((await forgetting.preview(query('marzipan'))).items);
      await log.renameSession('s1', 'Another');
      assert.equal((await forgetting.forget(selection)).counts.titles, 0);
      assert.equal((await log.session('s1'))?.title, 'Another');
      await log.renameSession('s1', 'A title of marzipan');
      for (const count of [1, 0]) assert.equal((await forgetting.forget(selection)).counts.titles, count);
      assert.equal((await log.session('s1'))?.title, 'words of t1');
    });

    test('what removed nothing waits for nothing', async () => {
      await append('t1', 's1', user('words'));
      const { id } = await forgetting.forget({ ...nothing, turnIds: ['no'] });
      assert.equal((await forgetting.settled(id, AbortSignal.timeout(1_500))).state, 'done');
    });

    test('a title that is another with each batch of turns is counted once', async () => {
      for (let n = 0; n < 120; n += 1) await append(`t${n}`, 's1', user(`marzipan ${n}`));
      await log.renameSession('s1', 'marzipan 0');
      const { items } = await forgetting.preview(query('marzipan'));
      const { counts } = await forgetting.forget(selectionOf(items));
      assert.deepEqual([counts.turns, counts.titles], [120, 1]);
      assert.equal((await log.session('s1'))?.title, 'New session');
    });

    test('a turn that no log had is buried and counted, and nothing writes it any more', async () => {
      await append('t1', 's1', user('marzipan'), assistant('yes'));
      const unfinishedIds = ['waited', 't1', 'waited'];
      const { counts, places } = await forgetting.forget({ ...nothing, turnIds: ['t1'], unfinishedIds });
      assert.deepEqual([counts.turns, counts.messages, counts.unfinished], [1, 2, 1]);
      assert.equal(places.find(({ name: place }) => place === 'unfinished')?.count, 1);
      const late = log.begin(start('waited', 's1', 'marzipan'), { expectedLength: 0, owner, leaseMs });
      await rejectsWith(late, 'exists');
      const again = await forgetting.forget({ ...nothing, unfinishedIds });
      assert.deepEqual([again.counts.turns, again.counts.unfinished], [0, 0]);
    });
  });
}
