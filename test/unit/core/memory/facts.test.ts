import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { MemoryHistory } from '../../../../src/adapters/storage/memoryHistory';
import { MemoryLongTermMemory } from '../../../../src/adapters/storage/memoryLongTermMemory';
import { HistoryError } from '../../../../src/core/errors';
import { Facts, maxFactLength } from '../../../../src/core/memory/facts';
import type { LongTermMemory } from '../../../../src/core/memory/longTermMemory';
import { countingIds } from '../../../support/sessionSetup';

const source = { sessionId: 's1', turnId: 't1' };

function setUp(change: (memory: LongTermMemory) => Partial<LongTermMemory> = () => ({})) {
  let now = Date.parse('2026-05-01T00:00:00.000Z');
  const plain = new MemoryLongTermMemory(new MemoryHistory());
  const memory: LongTermMemory = {
    recall: (query, options) => plain.recall(query, options),
    listMessages: (options) => plain.listMessages(options),
    recallFacts: (query, limit) => plain.recallFacts(query, limit),
    remember: (fact) => plain.remember(fact),
    editFact: (id, version) => plain.editFact(id, version),
    separateFact: (id, ids) => plain.separateFact(id, ids),
    forget: (id) => plain.forget(id),
    facts: (options) => plain.facts(options),
    fact: (id) => plain.fact(id),
    ...change(plain),
  };
  const clock = (): Date => new Date((now += 60_000));
  const facts = new Facts({ memory, clock, newId: countingIds('f') });
  const texts = async (): Promise<readonly string[]> =>
    (await facts.list({ limit: 100 })).facts.map(({ text }) => text);
  return { facts, texts };
}

suite('Facts that are remembered', () => {
  test('of two that contradict each other the newer counts, and the older is its history', async () => {
    const { facts, texts } = setUp();
    await facts.remember('The staging port is 8080.', { source });
    await facts.remember('The production port is 80');
    const { outcome, fact, replaced } = await facts.remember('The staging port is 9090.');
    assert.equal(outcome, 'replaced');
    assert.deepEqual(replaced, {
      text: 'The staging port is 8080.',
      createdAt: '2026-05-01T00:01:00.000Z',
      source,
    });
    assert.deepEqual(await texts(), ['The staging port is 9090.', 'The production port is 80']);
    assert.deepEqual((await facts.fact(fact.id))?.history, [replaced]);
  });

  test('what is not for sure a contradiction is kept beside the other, which is told', async () => {
    const { facts, texts } = setUp();
    const first = await facts.remember('I live in Oslo');
    const second = await facts.remember('I live in Norway');
    assert.deepEqual(second.similar.map(({ id }) => id), [first.fact.id]); // prettier-ignore
    assert.deepEqual(await texts(), ['I live in Norway', 'I live in Oslo']);
  });

  test('a fact can be named as the one to be replaced', async () => {
    const { facts, texts } = setUp();
    const first = await facts.remember('I live in Oslo');
    const { outcome, fact, replaced } = await facts.remember('I moved to Bergen', {
      replaces: first.fact.id,
    });
    assert.deepEqual([outcome, fact.id, replaced?.text], ['replaced', first.fact.id, 'I live in Oslo']);
    assert.deepEqual(await texts(), ['I moved to Bergen']);
    await assert.rejects(facts.remember('x y', { replaces: 'other' }), { reason: 'not-found' });
  });

  test('a fact that was kept beside another can take its place after all, and stands once', async () => {
    const { facts, texts } = setUp();
    const first = await facts.remember('I live in Oslo');
    await facts.remember('I moved to Bergen');
    await facts.remember('I moved to Bergen', { replaces: first.fact.id });
    assert.deepEqual(await texts(), ['I moved to Bergen']);
  });

  test('the same again is known, whatever its case, spaces and full stop', async () => {
    const { facts, texts } = setUp();
    const { fact } = await facts.remember('The release is on Friday.');
    const again = await facts.remember(' the  release is on FRIDAY!', { replaces: fact.id });
    assert.deepEqual(again, { outcome: 'known', fact: { ...fact, ...again.fact }, similar: [] });
    assert.equal((await texts()).length, 1);
  });

  test('an edit keeps the source; an earlier text can be restored, by its time too', async () => {
    const { facts } = setUp();
    const { fact } = await facts.remember('one thing', { source });
    await facts.edit(fact.id, ' another thing ');
    await facts.edit(fact.id, 'a third thing');
    const restored = await facts.restore(fact.id, fact.createdAt);
    assert.deepEqual([restored.text, restored.source], ['one thing', source]);
    assert.equal((await facts.restore(fact.id)).text, 'a third thing');
    assert.deepEqual(
      (await facts.fact(fact.id))?.history?.map(({ text }) => text),
      ['one thing', 'a third thing', 'another thing', 'one thing'],
    );
    await assert.rejects(facts.restore(fact.id, 'never'), { reason: 'not-found' });
    await assert.rejects(facts.restore('other'), { reason: 'not-found' });
    await assert.rejects(facts.edit('other', 'x'), { reason: 'not-found' });
  });

  test('what wrongly took the place of another can be set apart', async () => {
    const { facts, texts } = setUp();
    await facts.remember('The port is 8080');
    const { fact } = await facts.remember('The port is 9090');
    const { present, earlier } = await facts.separate(fact.id);
    assert.deepEqual([present.text, earlier.text], ['The port is 9090', 'The port is 8080']);
    assert.deepEqual(await texts(), ['The port is 9090', 'The port is 8080']);
    await facts.forget(earlier.id);
    assert.deepEqual(await texts(), ['The port is 9090']);
  });

  test('a text that is empty or too long is refused', async () => {
    const { facts, texts } = setUp();
    for (const text of ['', '  \n', 'x'.repeat(maxFactLength + 1)]) {
      await assert.rejects(facts.remember(text), { reason: 'invalid-argument' });
    }
    const { fact } = await facts.remember('tea');
    await assert.rejects(facts.edit(fact.id, ' '), { reason: 'invalid-argument' });
    assert.deepEqual(await texts(), ['tea']);
  });

  test('without a search, the newest facts are looked at', async () => {
    const { facts, texts } = setUp(() => ({
      recallFacts: () => Promise.reject(new HistoryError({ reason: 'unavailable' })),
    }));
    await facts.remember('The port is 8080');
    await facts.remember('The port is 9090');
    assert.deepEqual(await texts(), ['The port is 9090']);
  });

  test('whatever is remembered, every text is there: as what a fact says, or in a history', async () => {
    const text = fc
      .tuple(fc.constantFrom('The port', 'My name', 'The lead'), fc.constantFrom('8080', '9090', 'Ada', 'Bo'))
      .map(([subject, value]) => `${subject} is ${value}`);
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 12 }), async (said) => {
        const { facts } = setUp();
        for (const one of said) await facts.remember(one);
        const all = (await facts.list({ limit: 100, history: true })).facts;
        const kept = all.flatMap((fact) => [fact, ...(fact.history ?? [])].map((version) => version.text));
        assert.deepEqual([...new Set(kept)].sort(), [...new Set(said)].sort());
        if (said.length > 0) assert.equal(all[0]?.text, said.findLast((one) => all[0]?.text === one)); // prettier-ignore
        for (const { id } of all) await facts.forget(id);
        assert.deepEqual((await facts.list({ limit: 1, history: true })).facts, []);
      }),
      { numRuns: 50 },
    );
  });
});
