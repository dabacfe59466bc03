import assert from 'node:assert/strict';
import {
  selectionOf,
  type Forgetting,
  type ForgetItem,
  type ForgetSelection,
  type ForgetTarget,
} from '../../src/core/forgetting/forgetting';
import { writeRecallResult } from '../../src/core/memory/recallResult';
import type { Message } from '../../src/core/message';
import { summary } from './historyLogContext.contract';
import {
  appendTurn,
  assistant,
  createdAt,
  leaseMs,
  openSession,
  owner,
  rejectsWith,
  start,
  turnIds,
  user,
} from './logFixture';
import type { MemoryFixture } from './longTermMemory.contract';

export interface ForgettingFixture extends MemoryFixture {
  readonly forgetting: Forgetting;
}

const secret = 'The vault at Elm Street opens with marzipan-4711, tell nobody.';

const nothing: ForgetSelection = { sessionIds: [], turnIds: [], factIds: [], summaryIds: [], titleIds: [] };

/** The promises of the Forgetting port, to be held by every adapter. */
export function forgettingContract(name: string, create: () => Promise<ForgettingFixture>): void {
  suite(`Forgetting: ${name}`, () => {
    let fixture: ForgettingFixture;
    let log: ForgettingFixture['log'];
    let memory: ForgettingFixture['memory'];
    let forgetting: Forgetting;

    setup(async () => {
      fixture = await create();
      ({ log, memory, forgetting } = fixture);
      for (const id of ['s1', 's2']) await openSession(log, id);
    });
    teardown(() => fixture.dispose());

    const append = (id: string, sessionId: string, ...messages: readonly Message[]): Promise<void> =>
      appendTurn(log, id, sessionId, ...messages);

    const query = (text: string): ForgetTarget => ({ kind: 'query', query: text });

    function told(items: readonly ForgetItem[]): readonly string[] {
      return items.map(({ kind, id, why }) => `${kind} ${id} ${why}`).sort();
    }

    async function found(target: ForgetTarget): Promise<readonly string[]> {
      return told((await forgetting.preview(target)).items);
    }

    async function alike(target: ForgetTarget): Promise<readonly string[]> {
      return told((await forgetting.preview(target)).alike);
    }

    test('a preview of a turn tells what it is, and which summaries go with it; it changes nothing', async () => {
      await append('t1', 's1', user(secret), assistant('Noted.'));
      await append('t2', 's1', user('Else'), assistant('Yes.'));
      await log.putSummary(summary('sum', ['t1', 't2'], { text: 'They spoke.' }));
      const preview = await forgetting.preview({ kind: 'turn', turnId: 't1' });
      const [item] = preview.items;
      assert.ok(item?.kind === 'turn' && item.bytes > secret.length);
      assert.deepEqual(
        [item.id, item.sessionId, item.why, item.beginning, item.messages, item.createdAt],
        ['t1', 's1', 'target', secret, 2, createdAt],
      );
      assert.deepEqual(preview.summaries, [{ id: 'sum', sessionId: 's1' }]);
      assert.deepEqual([preview.alike, preview.complete], [[], true]);
      assert.deepEqual(await turnIds(log), ['t1', 't2']);
      assert.deepEqual(await forgetting.receipts(), []);
    });

    test('turns that hold the same text are offered, each with the reason', async () => {
      await append('t1', 's1', user(secret), assistant('Noted, I keep it to myself for ever.'));
      await append('copy', 's2', user(`  ${secret.toUpperCase()}\n`), assistant('Else.'));
      await append(
        'same',
        's2',
        user('What did you say?'),
        assistant('Noted,  I keep it to MYSELF for ever.'),
      );
      await append('quotes', 's2', user(`You know: “${secret}” So what?`), assistant('Hm.'));
      await append('argument', 's2', user('Write it'), {
        role: 'assistant',
        content: '',
        tool_calls: [
          {
            id: 'c',
            type: 'function',
            function: { name: 'write', arguments: JSON.stringify({ text: `So:\n"${secret}"` }) },
          },
        ],
      });
      const quote = { date: 'x', session: 's1', turn: 't1', role: 'user', quote: 'The vault at' } as const;
      await append(
        'recalled',
        's2',
        user('Where?'),
        {
          role: 'assistant',
          content: '',
          tool_calls: [
            { id: 'c', type: 'function', function: { name: 'recall', arguments: '{"query":"it"}' } },
          ],
        },
        {
          role: 'tool',
          name: 'recall',
          tool_call_id: 'c',
          content: writeRecallResult({ facts: [], messages: [quote] }),
        },
      );
      await append(
        'unlike',
        's2',
        user('The vault at Elm Street opens with something else.'),
        assistant('Noted.'),
      );
      assert.deepEqual(await alike({ kind: 'turn', turnId: 't1' }), [
        'turn argument quotes',
        'turn copy copy',
        'turn quotes quotes',
        'turn recalled recalled',
        'turn same same',
      ]);
    });

    test('short texts make no turns alike, unless the whole turn is the same', async () => {
      await append('t1', 's1', user('hi'), assistant('Hello!'));
      await append('t2', 's1', user('hi'), assistant('Good day.'));
      await append('t3', 's2', user('HI'), assistant('hello!'));
      // The index is asked by words; that so short ones are found is not promised.
      assert.ok(!(await alike({ kind: 'turn', turnId: 't1' })).includes('turn t2 copy'));
    });

    test('facts and summaries that hold the text are offered, and facts that were remembered in the turn', async () => {
      await append('t1', 's1', user(`Remember this. ${secret}`), assistant('Remembered, as you wish.'));
      await append('t2', 's1', user('Something'), assistant('Else.'));
      const source = { sessionId: 's1', turnId: 't1' };
      await memory.remember({ id: 'f1', text: secret, createdAt, source });
      await memory.remember({ id: 'f2', text: 'Tea, no milk', createdAt, source });
      await memory.remember({ id: 'f3', text: 'Tea, no sugar', createdAt });
      await log.putSummary(summary('other', ['t2'], { text: `So far: Remember this. ${secret}` }));
      assert.deepEqual(await alike({ kind: 'turn', turnId: 't1' }), [
        'fact f1 quotes',
        'fact f2 from',
        'summary other quotes',
      ]);
    });

    test('for a fact, the turn that it was remembered in is offered, and those that hold its text', async () => {
      await append('t1', 's1', user('Remember my tea'), assistant('Done.'));
      await append('t2', 's2', user(`Well: ${secret}`), assistant('I see.'));
      await memory.remember({ id: 'f1', text: secret, createdAt, source: { sessionId: 's1', turnId: 't1' } });
      await memory.remember({ id: 'f2', text: ` ${secret} `, createdAt });
      const target = { kind: 'fact', factId: 'f1' } as const;
      assert.deepEqual(await found(target), ['fact f1 target']);
      assert.deepEqual(await alike(target), ['fact f2 copy', 'turn t1 from', 'turn t2 quotes']);
    });

    test('an earlier text of a fact is a text of it', async () => {
      await append('t1', 's1', user(secret), assistant('I see.'));
      await memory.remember({ id: 'f1', text: secret, createdAt });
      await memory.editFact('f1', { text: 'The vault is gone.', createdAt });
      assert.deepEqual(await alike({ kind: 'turn', turnId: 't1' }), ['fact f1 same']);
      assert.deepEqual(await alike({ kind: 'fact', factId: 'f1' }), ['turn t1 same']);
      assert.deepEqual(await found(query('marzipan')), ['fact f1 target', 'turn t1 target']);
    });

    test('a session goes as one, and copies of its turns elsewhere are offered', async () => {
      await append('t1', 's1', user(secret), assistant('Noted.'));
      await append('t2', 's2', user(secret), assistant('Noted again.'));
      const target = { kind: 'session', sessionId: 's1' } as const;
      assert.deepEqual(await found(target), ['session s1 target']);
      assert.deepEqual(await alike(target), ['turn t2 copy']);
      const [item] = (await forgetting.preview(target)).items;
      assert.ok(item?.kind === 'session' && item.turns === 1 && item.messages === 2 && item.bytes > 60);
    });

    test('what is not there is not found', async () => {
      await rejectsWith(forgetting.preview({ kind: 'turn', turnId: 'no' }), 'not-found');
      await rejectsWith(forgetting.preview({ kind: 'session', sessionId: 'no' }), 'not-found');
      await rejectsWith(forgetting.preview({ kind: 'fact', factId: 'no' }), 'not-found');
    });

    test('forgetting removes what was chosen and the summaries that cover it, and nothing else', async () => {
      for (const id of ['t1', 't2', 't3']) await append(id, 's1', user(`marzipan ${id}`), assistant('yes'));
      await append('t4', 's2', user('marzipan t4'), assistant('yes'));
      await memory.remember({ id: 'f1', text: 'marzipan', createdAt });
      await memory.remember({ id: 'f2', text: 'tea', createdAt });
      await log.putSummary(summary('a', ['t1', 't2'], { text: 'a' }));
      await log.putSummary(summary('b', ['t3'], { text: 'b' }));
      const { items } = await forgetting.preview(query('marzipan'));
      const chosen = items.filter(({ id }) => id !== 't3' && id !== 't4');
      const receipt = await forgetting.settled((await forgetting.forget(selectionOf(chosen))).id);
      assert.equal(receipt.state, 'done');
      const { indexed: _indexed, vectors: _vectors, ...counts } = receipt.counts;
      assert.deepEqual(counts, {
        sessions: 0,
        turns: 2,
        messages: 4,
        facts: 1,
        summaries: 1,
        titles: 0,
        texts: 0,
        unfinished: 0,
      });
      assert.deepEqual(await turnIds(log), ['t3']);
      assert.deepEqual(await turnIds(log, 's2'), ['t4']);
      assert.deepEqual(
        (await memory.facts({ limit: 10 })).facts.map(({ id }) => id),
        ['f2'],
      );
      assert.deepEqual(
        (await log.summaries('s1')).map(({ id }) => id),
        ['b'],
      );
      assert.equal((await log.session('s1'))?.length, 1);
      assert.deepEqual(await found(query('marzipan')), ['turn t3 target', 'turn t4 target']);
    });

    test('a session, a summary and a title can be forgotten alone', async () => {
      await append('t1', 's1', user('first words'), assistant('yes'));
      await append('t2', 's2', user('other words'), assistant('yes'));
      await log.putSummary(summary('a', ['t1'], { text: 'a' }));
      await log.renameSession('s1', 'A title of marzipan');
      await forgetting.forget({ ...nothing, sessionIds: ['s2'], summaryIds: ['a'], titleIds: ['s1'] });
      assert.deepEqual(
        (await log.sessions()).map(({ id, title }) => [id, title]),
        [['s1', 'first words']],
      );
      assert.deepEqual(await log.summaries('s1'), []);
      assert.deepEqual(await turnIds(log), ['t1']);
    });

    test('a session that is called after a forgotten prompt is called after the next', async () => {
      await append('t1', 's1', user('first words'), assistant('yes'));
      await append('t2', 's1', user('second words'), assistant('yes'));
      await log.renameSession('s1', 'first words');
      await forgetting.forget({ ...nothing, turnIds: ['t1'] });
      assert.equal((await log.session('s1'))?.title, 'second words');
      await log.deleteTurn('t2');
      assert.equal((await log.session('s1'))?.title, 'New session');
    });

    test('nothing that was forgotten comes back by an import, unless as a copy', async () => {
      await append('t1', 's1', user(secret), assistant('yes'));
      await memory.remember({ id: 'f1', text: secret, createdAt });
      const dump = await log.dump();
      await forgetting.forget({ ...nothing, turnIds: ['t1'], factIds: ['f1'] });
      await log.load(dump, 'update');
      await log.load(dump, 'skip');
      assert.deepEqual(await turnIds(log), []);
      assert.deepEqual((await memory.facts({ limit: 10 })).facts, []);
      await assert.rejects(memory.remember({ id: 'f1', text: secret, createdAt }));
    });

    test('a running turn is told, and refused: nothing of its batch goes', async () => {
      await append('t1', 's1', user('marzipan'), assistant('yes'));
      await log.begin(start('t2', 's1', 'marzipan'), { expectedLength: 1, owner, leaseMs });
      const { items } = await forgetting.preview(query('marzipan'));
      assert.deepEqual(
        items.map((item) => [item.id, item.kind === 'turn' && item.running === true]),
        [
          ['t1', false],
          ['t2', true],
        ],
      );
      await rejectsWith(forgetting.forget(selectionOf(items)), 'busy');
      assert.deepEqual(await turnIds(log), ['t1', 't2']);
    });

    test('what is gone already is passed over, and a receipt of nothing is a receipt', async () => {
      const receipt = await forgetting.forget({
        ...nothing,
        turnIds: ['no'],
        sessionIds: ['no'],
        factIds: ['no'],
      });
      assert.ok(Object.values(receipt.counts).every((count: number) => count === 0));
      assert.deepEqual(
        (await forgetting.receipts()).map(({ id }) => id),
        [receipt.id],
      );
    });

    test('receipts come newest first, hold no text, and name what cannot be reached', async () => {
      await append('t1', 's1', user(secret), assistant('yes'));
      await append('t2', 's1', user('second'), assistant('yes'));
      const first = await forgetting.forget({ ...nothing, turnIds: ['t1'] });
      const second = await forgetting.forget({ ...nothing, turnIds: ['t2'] });
      const receipts = await forgetting.receipts();
      assert.deepEqual(
        receipts.map(({ id }) => id),
        [second.id, first.id],
      );
      assert.doesNotMatch(JSON.stringify(receipts), /marzipan|vault/i);
      const unreachable = first.places
        .filter(({ state }) => state === 'unreachable')
        .map(({ name: place }) => place);
      assert.deepEqual(unreachable, ['chatLog', 'exports', 'documents', 'models']);
      await rejectsWith(forgetting.settled('no'), 'not-found');
    });

    test('aborted before it begins, nothing is forgotten', async () => {
      await append('t1', 's1', user(secret), assistant('yes'));
      const signal = AbortSignal.abort();
      await assert.rejects(forgetting.forget({ ...nothing, turnIds: ['t1'] }, { signal }));
      assert.deepEqual(await turnIds(log), ['t1']);
      assert.deepEqual(await forgetting.receipts(), []);
    });
  });
}
