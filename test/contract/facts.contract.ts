import assert from 'node:assert/strict';
import type { Fact, HistoryLog } from '../../src/core/historyLog';
import type { LongTermMemory } from '../../src/core/memory/longTermMemory';
import { append, createdAt, openSession, rejectsWith } from './logFixture';
import type { MemoryFixture } from './longTermMemory.contract';

const later = '2026-03-05T00:00:00.000Z';
const latest = '2026-03-06T00:00:00.000Z';
const source = { sessionId: 's1', turnId: 't1' };
const blue: Fact = { id: 'f1', text: 'Ada likes blue', createdAt, source };
const green = { text: 'Ada likes green', createdAt: later };
const { id: _id, ...blueVersion } = blue;

/** What a LongTermMemory promises of facts and their histories. */
export function factsContract(name: string, create: () => Promise<MemoryFixture>): void {
  suite(`Facts: ${name}`, () => {
    let fixture: MemoryFixture;
    let log: HistoryLog;
    let memory: LongTermMemory;

    setup(async () => {
      fixture = await create();
      ({ log, memory } = fixture);
      await openSession(log);
      await append(log, 't1');
      await memory.remember(blue);
    });
    teardown(() => fixture.dispose());

    const ids = async (options: object = {}): Promise<readonly string[]> =>
      (await memory.facts({ limit: 10, ...options })).facts.map(({ id }) => id);
    const found = async (query: string): Promise<readonly string[]> =>
      (await memory.recallFacts(query, 10)).map(({ text }) => text);
    const whole = { id: 'f1', ...green, history: [blueVersion] };

    test('an edited fact says the newer text, and keeps the older as its history', async () => {
      assert.deepEqual(await memory.editFact('f1', green), whole);
      assert.deepEqual(await memory.fact('f1'), whole);
      assert.deepEqual((await memory.facts({ limit: 5 })).facts, [{ id: 'f1', ...green }]);
      assert.deepEqual((await memory.facts({ limit: 5, history: true })).facts, [whole]);
    });

    test('only what a fact says now is found', async () => {
      await memory.editFact('f1', green);
      assert.deepEqual(await found('blue'), []);
      const [hit] = await memory.recallFacts('green', 5);
      assert.deepEqual([hit?.text, hit?.history], [green.text, undefined]);
    });

    test('an earlier text can be the present one again; nothing of the history is lost', async () => {
      await memory.editFact('f1', green);
      const back = await memory.editFact('f1', { ...blueVersion, createdAt: latest });
      assert.deepEqual(back.history, [green, blueVersion]);
      assert.deepEqual(await found('blue'), [blue.text]);
    });

    test('what a fact says already is no edit', async () => {
      assert.deepEqual(await memory.editFact('f1', { text: blue.text, createdAt: later }), blue);
      assert.deepEqual(await memory.fact('f1'), blue);
    });

    test('a text is stored well-formed, and is then the same text', async () => {
      const half = { text: 'half \ud83d', createdAt: later };
      const edited = await memory.editFact('f1', half);
      assert.equal(edited.text, 'half \ufffd');
      assert.deepEqual(await memory.editFact('f1', half), edited);
      assert.deepEqual(await memory.fact('f1'), edited);
    });

    test('a fact that there is not cannot be edited, separated or read', async () => {
      await rejectsWith(memory.editFact('other', green), 'not-found');
      await rejectsWith(memory.separateFact('other', { present: 'a', earlier: 'b' }), 'not-found');
      await rejectsWith(memory.separateFact('f1', { present: 'a', earlier: 'b' }), 'not-found');
      assert.equal(await memory.fact('other'), undefined);
      assert.deepEqual(await memory.fact('f1'), blue);
    });

    test('separating makes the last two texts facts of their own, and the fact is deleted for good', async () => {
      await memory.editFact('f1', green);
      await memory.editFact('f1', { text: 'Bo likes red', createdAt: latest });
      const separated = await memory.separateFact('f1', { present: 'f2', earlier: 'f3' });
      const red = { id: 'f2', text: 'Bo likes red', createdAt: latest };
      assert.deepEqual(separated, { present: red, earlier: { ...whole, id: 'f3' } });
      assert.deepEqual((await memory.facts({ limit: 5, history: true })).facts, [
        red,
        { ...whole, id: 'f3' },
      ]);
      await rejectsWith(memory.remember(blue), 'exists');
      assert.deepEqual([...(await found('likes'))].sort(), [green.text, red.text]);
    });

    test('forgetting a fact forgets its history, and nothing brings it back', async () => {
      await memory.editFact('f1', green);
      const dump = await log.dump();
      assert.equal(await memory.forget('f1'), true);
      assert.equal(await memory.fact('f1'), undefined);
      await rejectsWith(memory.editFact('f1', green), 'not-found');
      assert.equal((await log.load(dump, 'update')).deleted.facts, 1);
      assert.deepEqual(await ids({ history: true }), []);
      assert.deepEqual([...(await found('green')), ...(await found('blue'))], []);
    });

    test('facts are listed by pages, those first that were last told', async () => {
      for (const id of ['f2', 'f3', 'f4']) await memory.remember({ id, text: `tea ${id}`, createdAt });
      await memory.editFact('f2', green);
      assert.deepEqual(await ids(), ['f2', 'f4', 'f3', 'f1']);
      const page = await memory.facts({ limit: 2 });
      assert.deepEqual([page.facts.map(({ id }) => id), page.more], [['f2', 'f4'], true]);
      const next = await memory.facts({ limit: 2, before: 'f4' });
      assert.deepEqual([next.facts.map(({ id }) => id), next.more], [['f3', 'f1'], false]);
      assert.deepEqual(await memory.facts({ limit: 2, before: 'f1' }), { facts: [], more: false });
      assert.deepEqual(await memory.facts({ limit: 0 }), { facts: [], more: true });
      await rejectsWith(memory.facts({ limit: 2, before: 'other' }), 'not-found');
    });

    test('a long list is paged to its end', async () => {
      const facts = Array.from({ length: 230 }, (_, n) => ({ id: `n${n}`, text: `number ${n}`, createdAt }));
      await log.load({ sessions: [], facts }, 'skip');
      const all: string[] = [];
      for (let more = true; more;) {
        const before = all.at(-1);
        const page = await memory.facts({ limit: 110, ...(before !== undefined && { before }) });
        all.push(...page.facts.map(({ id }) => id));
        more = page.more;
      }
      assert.deepEqual(all, [...facts.map(({ id }) => id).reverse(), 'f1']);
      assert.deepEqual(await ids({ filter: 'number 9', limit: 3 }), ['n229', 'n219', 'n209']);
      assert.deepEqual(await ids({ filter: '9', limit: 3, before: 'n19' }), ['n9']);
    });

    test('a filter looks at the present texts, and with history at the earlier ones too', async () => {
      await memory.remember({ id: 'f2', text: 'Zoë drinks tea', createdAt });
      await memory.editFact('f1', green);
      assert.deepEqual(await ids({ filter: 'zoe TEA' }), ['f2']);
      assert.deepEqual(await ids({ filter: 'blu' }), []);
      assert.deepEqual(await ids({ filter: 'blu', history: true }), ['f1']);
    });

    test('a fact outlives its source turn, and says that this was deleted', async () => {
      assert.equal((await memory.fact('f1'))?.sourceDeleted, undefined);
      await log.deleteTurn('t1');
      assert.deepEqual(await memory.fact('f1'), { ...blue, sourceDeleted: true });
      assert.deepEqual((await memory.facts({ limit: 5 })).facts, [{ ...blue, sourceDeleted: true }]);
      assert.deepEqual((await log.dump()).facts, [blue], 'what is stored of it stays as it was');
    });

    test('the history goes out with a dump and comes in again', async () => {
      await memory.editFact('f1', green);
      const dump = await log.dump();
      assert.deepEqual(dump.facts, [whole]);
      assert.equal((await log.load(dump, 'update')).skipped.facts, 1, 'the same again changes nothing');
      const copied = await log.load(dump, 'copy');
      assert.equal(copied.added.facts, 1);
      const [copy] = (await memory.facts({ limit: 1, history: true })).facts;
      const [turn] = (await log.turns(copied.sessionIds[0] ?? '', { limit: 1 })).turns;
      const from = { sessionId: copied.sessionIds[0], turnId: turn?.id };
      assert.deepEqual(copy, { ...whole, id: copy?.id, history: [{ ...blueVersion, source: from }] });
    });

    test('an import that says otherwise wins, and what was told here becomes history', async () => {
      await memory.editFact('f1', green);
      const imported = { sessions: [], facts: [blue] };
      assert.equal((await log.load(imported, 'update')).updated.facts, 1);
      const { id, ...version } = blue;
      assert.deepEqual(await memory.fact('f1'), { id, ...version, history: [green] });
      assert.equal((await log.load(imported, 'update')).skipped.facts, 1);
      assert.deepEqual(await found('green'), []);
      assert.equal((await log.clear()).facts, 1, 'an edited fact is one fact');
    });
  });
}
