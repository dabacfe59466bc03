import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MemoryHistory } from '../../../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../../../src/adapters/storage/memoryHistoryLog';
import { MemoryLongTermMemory } from '../../../../src/adapters/storage/memoryLongTermMemory';
import { MemoryRecallMarks } from '../../../../src/adapters/storage/memoryRecallMarks';
import { recallMarks } from '../../../../src/core/memory/recallMarks';
import { unmuted } from '../../../../src/core/memory/unmuted';
import { append, createdAt, openSession } from '../../../contract/logFixture';

suite('the memory as agents search it', () => {
  test('finds all but what is muted, in the order in which the user’s search finds it', async () => {
    const mark = fc.option(fc.constantFrom(...recallMarks), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(fc.array(mark, { minLength: 1, maxLength: 8 }), mark, async (set, ofFact) => {
        const history = new MemoryHistory();
        const log = new MemoryHistoryLog({ history });
        const memory = new MemoryLongTermMemory(history);
        const marks = new MemoryRecallMarks(history);
        await openSession(log);
        for (const [n, one] of set.entries()) {
          await append(log, `t${n}`);
          await marks.mark({ messageId: `t${n}.1` }, one);
        }
        await memory.remember({ id: 'f', text: 'the answer is tea', createdAt });
        await marks.mark({ factId: 'f' }, ofFact);
        const agents = unmuted(memory, marks);
        const found = async (by: typeof memory | typeof agents): Promise<readonly string[]> =>
          (await by.recall('answer', { limit: 20 })).map(({ messageId }) => messageId);
        const isHeard = (id: string): boolean => {
          const n = /^t(\d+)\.1$/.exec(id)?.[1];
          return n === undefined || set[Number(n)] !== 'muted';
        };
        assert.deepEqual(await found(agents), (await found(memory)).filter(isHeard));
        const expected = ofFact === 'muted' ? [] : ['f'];
        assert.deepEqual((await agents.recallFacts('answer', 5)).map(({ id }) => id), expected); // prettier-ignore
        assert.deepEqual((await agents.facts({ limit: 5 })).facts.map(({ id }) => id), expected); // prettier-ignore
        assert.equal((await agents.fact('f'))?.id, 'f');
      }),
      { numRuns: 30 },
    );
  });

  test('finds as much as is asked for in place of what is muted', async () => {
    const history = new MemoryHistory();
    const log = new MemoryHistoryLog({ history });
    const memory = new MemoryLongTermMemory(history);
    const marks = new MemoryRecallMarks(history);
    await openSession(log);
    for (const id of ['t1', 't2', 't3', 't4']) await append(log, id);
    const [first] = await memory.recall('answer', { limit: 1 });
    await marks.mark({ messageId: first?.messageId ?? '' }, 'muted');
    assert.equal((await unmuted(memory, marks).recall('answer', { limit: 2 })).length, 2);
  });

  test('finds nothing that says the same as what is muted', async () => {
    const history = new MemoryHistory();
    const log = new MemoryHistoryLog({ history });
    const memory = new MemoryLongTermMemory(history);
    const marks = new MemoryRecallMarks(history);
    await openSession(log);
    for (const id of ['t1', 't2']) await append(log, id);
    const source = { sessionId: 's1', turnId: 't1' };
    await memory.remember({ id: 'f', text: 'the answer t1', createdAt, source });
    const agents = unmuted(memory, marks);
    const found = async (): Promise<readonly string[]> => [
      ...(await agents.recall('answer', { limit: 9 })).map(({ text }) => text),
      ...(await agents.recallFacts('answer', 9)).map(({ text }) => text),
      ...(await agents.facts({ limit: 9 })).facts.map(({ text }) => text),
    ];
    await marks.mark({ factId: 'f' }, 'muted');
    assert.deepEqual(await found(), ['answer t2']);
    await marks.mark({ factId: 'f' }, undefined);
    await marks.mark({ messageId: 't1.1', turnId: 't1' }, 'muted');
    assert.deepEqual(await found(), ['answer t2']);
  });
});
