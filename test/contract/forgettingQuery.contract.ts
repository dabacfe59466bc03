import assert from 'node:assert/strict';
import { InputError } from '../../src/core/errors';
import type { ForgetTarget } from '../../src/core/forgetting/forgetting';
import type { Message } from '../../src/core/message';
import type { ForgettingFixture } from './forgetting.contract';
import { summary } from './historyLogContext.contract';
import { appendTurn, assistant, createdAt, openSession, user } from './logFixture';

/** What a query finds to be forgotten, the same on every adapter. */
export function forgettingQueryContract(name: string, create: () => Promise<ForgettingFixture>): void {
  suite(`Forgetting by a query: ${name}`, () => {
    let fixture: ForgettingFixture;
    let log: ForgettingFixture['log'];
    let memory: ForgettingFixture['memory'];

    setup(async () => {
      fixture = await create();
      ({ log, memory } = fixture);
      for (const id of ['s1', 's2']) await openSession(log, id);
    });
    teardown(() => fixture.dispose());

    const append = (id: string, sessionId: string, ...messages: readonly Message[]): Promise<void> =>
      appendTurn(log, id, sessionId, ...messages);

    const query = (text: string): ForgetTarget => ({ kind: 'query', query: text });

    async function found(target: ForgetTarget): Promise<readonly string[]> {
      const { items } = await fixture.forgetting.preview(target);
      return items.map(({ kind, id, why }) => `${kind} ${id} ${why}`).sort();
    }

    test('a query finds every message with all its words, facts, summaries and titles; nothing else', async () => {
      for (let n = 0; n < 30; n += 1)
        await append(`t${n}`, 's1', user(`Zürich number ${n} opens`), assistant(`The marzipan of ${n}.`));
      await append('apart', 's2', user('zurich'), assistant('It opens.'));
      await append('other-form', 's2', user('zurich opening'), assistant('No.'));
      await append('called', 's2', user('x'), {
        role: 'assistant',
        content: '',
        tool_calls: [
          { id: 'c', type: 'function', function: { name: 'find', arguments: '{"q":"OPENS zürich"}' } },
        ],
      });
      await memory.remember({ id: 'f1', text: 'zurich opens at nine', createdAt });
      await memory.remember({ id: 'f2', text: 'zurich', createdAt });
      await log.putSummary(summary('sum', ['t0'], { text: 'zurich opens' }));
      await log.putSummary(summary('stays', ['apart'], { sessionId: 's2', text: 'zurich opens' }));
      await log.renameSession('s2', 'Zurich opens late');
      assert.deepEqual(
        await found(query('zürich OPENS')),
        [
          ...Array.from({ length: 30 }, (_, n) => `turn t${n} target`),
          'turn called target',
          'fact f1 target',
          'summary stays target',
          'title s2 target',
        ].sort(),
      );
    });

    test('a phrase, a path and a script without spaces are found as they stand', async () => {
      await append('t1', 's1', user('the door is red, not blue'), assistant('see src/core/vault.ts'));
      await append('t2', 's1', user('red is the door'), assistant('see vault.ts in core'));
      await append('t3', 's1', user('昨日は東京都庁へ行きました'), assistant('はい'));
      assert.deepEqual(await found(query('"the door is red"')), ['turn t1 target']);
      assert.deepEqual(await found(query('core/vault.ts')), ['turn t1 target']);
      assert.deepEqual(await found(query('東京都')), ['turn t3 target']);
      assert.deepEqual(await found(query('京都 昨日')), ['turn t3 target']);
      assert.deepEqual(await found(query('大阪')), []);
    });

    test('filters hold for messages, and leave out facts and titles', async () => {
      const at = (message: Message, day: string): Message => ({
        ...message,
        createdAt: `2026-02-${day}T00:00:00.000Z`,
      });
      await append('t1', 's1', at(user('marzipan here'), '01'), at(assistant('yes'), '01'));
      await append('t2', 's1', at(user('what?'), '10'), at(assistant('marzipan there'), '10'));
      await append('t3', 's2', at(user('marzipan'), '20'), at(assistant('yes'), '20'));
      await memory.remember({ id: 'f1', text: 'marzipan', createdAt });
      const with_ = (more: object): ForgetTarget => ({ kind: 'query', query: 'marzipan', ...more });
      assert.deepEqual(await found(with_({ role: 'user' })), ['turn t1 target', 'turn t3 target']);
      assert.deepEqual(await found(with_({ sessionId: 's1' })), ['turn t1 target', 'turn t2 target']);
      assert.deepEqual(
        await found(with_({ after: '2026-02-05T00:00:00Z', before: '2026-02-20T00:00:00Z' })),
        ['turn t2 target'],
      );
    });

    for (const wrong of ['', '  ', '!?', '""'])
      test(`a query without a word is refused: ${JSON.stringify(wrong)}`, async () => {
        await assert.rejects(fixture.forgetting.preview(query(wrong)), InputError);
      });
  });
}
