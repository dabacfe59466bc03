import assert from 'node:assert/strict';
import type { HistoryLog } from '../../src/core/historyLog';
import type { LongTermMemory, RecallHit } from '../../src/core/memory/longTermMemory';
import type { Message } from '../../src/core/message';
import {
  appendTurn,
  assistant,
  createdAt,
  leaseMs,
  openSession,
  owner,
  rejectsWith,
  user,
} from './logFixture';

export interface MemoryFixture {
  readonly log: HistoryLog;
  readonly memory: LongTermMemory;
  dispose(): Promise<void>;
}

const prompt: Message = { role: 'user', content: 'Where does the globalState of src/core/session.ts live?' };
const answer: Message = {
  id: 'm-answer',
  role: 'assistant',
  content: 'The café near the Zürich station serves remembered recipes.',
  createdAt: '2026-03-02T00:00:00.000Z',
};

/** The promises of the LongTermMemory port, to be held by every adapter. */
export function longTermMemoryContract(name: string, create: () => Promise<MemoryFixture>): void {
  suite(`LongTermMemory: ${name}`, () => {
    let fixture: MemoryFixture;
    let log: HistoryLog;
    let memory: LongTermMemory;

    setup(async () => {
      fixture = await create();
      ({ log, memory } = fixture);
      for (const id of ['s1', 's2']) await openSession(log, id);
      await append('t1', 's1', [prompt, answer]);
      await append('t2', 's2', [user('What was ECONNREFUSED again?'), assistant('A refused connection.')]);
    });
    teardown(() => fixture.dispose());

    const append = (id: string, sessionId: string, messages: readonly Message[]): Promise<void> =>
      appendTurn(log, id, sessionId, ...messages);

    async function found(query: string, limit = 10): Promise<readonly string[]> {
      return (await memory.recall(query, { limit })).map(({ messageId }) => messageId);
    }

    test('a message is found whole, with its place', async () => {
      const [hit] = await memory.recall('station', { limit: 5 });
      const { score, relevance, ...rest } = hit as RecallHit;
      assert.ok(score > 0);
      assert.ok(relevance > 0 && relevance <= 1);
      assert.deepEqual(rest, {
        messageId: 'm-answer',
        turnId: 't1',
        sessionId: 's1',
        role: 'assistant',
        text: answer.content,
        createdAt: answer.createdAt,
        passage: { start: 0, end: answer.content.length },
        highlights: [{ start: 25, end: 32 }],
      });
    });

    test('a message without id and time is named by its turn', async () => {
      const [hit] = await memory.recall('econnrefused', { limit: 5 });
      assert.equal(hit?.messageId, 't2.0');
      assert.equal(hit.createdAt, createdAt);
    });

    for (const query of ['CAFE', 'zurich', 'remember recipes', 'recipe', '"station" OR x', 'the station']) {
      test(`"${query}" finds what was written another way`, async () => {
        assert.deepEqual((await found(query))[0], 'm-answer');
      });
    }

    for (const query of ['globalState', 'globalstate', 'state', 'src/core/session.ts', 'session.ts']) {
      test(`the identifier or path "${query}" is found`, async () => {
        assert.deepEqual((await found(query))[0], 't1.0');
      });
    }

    test('tool calls and results are found', async () => {
      const call = {
        id: 'c',
        type: 'function',
        function: { name: 'readFile', arguments: '{"path":"zebra.md"}' },
      } as const;
      await append('t3', 's1', [
        user('Read it.'),
        { role: 'assistant', content: '', tool_calls: [call] },
        { role: 'tool', content: 'Quokkas are herbivores', tool_call_id: 'c' },
      ]);
      assert.deepEqual(await found('zebra'), ['t3.1']);
      assert.deepEqual(await found('quokkas'), ['t3.2']);
    });

    test('text without spaces is found by its words', async () => {
      await append('t3', 's1', [user('明日は東京で会議があります。'), assistant('はい。')]);
      assert.deepEqual(await found('東京'), ['t3.0']);
    });

    test('what fits better comes first, and no more than asked for', async () => {
      await append('t3', 's2', [
        user('tea tea tea'),
        assistant('Long ago somebody drank tea while it rained all day.'),
      ]);
      assert.deepEqual(await found('tea'), ['t3.0', 't3.1']);
      assert.deepEqual(await found('tea', 1), ['t3.0']);
      assert.deepEqual(await found('tea', 0), []);
    });

    test('session, role and the asking turn narrow it', async () => {
      const query = 'station refused connection econnrefused';
      const recall = async (more: object) =>
        (await memory.recall(query, { limit: 10, ...more })).map(({ messageId }) => messageId).sort();
      assert.deepEqual(await recall({}), ['m-answer', 't2.0', 't2.1']);
      assert.deepEqual(await recall({ sessionId: 's2' }), ['t2.0', 't2.1']);
      assert.deepEqual(await recall({ role: 'user' }), ['t2.0']);
      assert.deepEqual(await recall({ exceptTurnId: 't2' }), ['m-answer']);
    });

    test('a short question comes with its answer, and an answer with its short question, if asked for', async () => {
      const [hit] = await memory.recall('econnrefused', { limit: 1, neighbours: true });
      assert.deepEqual(hit?.neighbour, {
        messageId: 't2.1',
        turnId: 't2',
        sessionId: 's2',
        role: 'assistant',
        text: 'A refused connection.',
        createdAt,
        isBefore: false,
      });
      const [reply] = await memory.recall('station', { limit: 1, neighbours: true });
      assert.equal(reply?.neighbour?.text, prompt.content);
      assert.equal(reply.neighbour.isBefore, true);
      assert.ok(!('neighbour' in ((await memory.recall('station', { limit: 1 }))[0] ?? {})));
      await append('t3', 's1', [
        user(`Which bicycle? ${'So many. '.repeat(60)}?`),
        assistant('The violet bicycle.'),
      ]);
      const [lone] = await memory.recall('violet', { limit: 1, neighbours: true });
      assert.ok(lone && !('neighbour' in lone), 'a long one speaks for itself');
    });

    test('where people talk, an answer comes with the question of the turn before', async () => {
      await append('p1', 's1', [{ ...user('Who wants the accordion?'), name: 'Ann' }]);
      await append('p2', 's1', [{ ...user('Me, I adore accordions!'), name: 'Bob' }]);
      const hits = await memory.recall('adore accordions', { limit: 5, neighbours: true });
      const bob = hits.find(({ turnId }) => turnId === 'p2');
      assert.equal(bob?.name, 'Bob');
      assert.equal(bob.neighbour?.text, 'Who wants the accordion?');
      assert.equal(bob.neighbour.name, 'Ann');
      assert.equal(bob.neighbour.isBefore, true);
      const ann = hits.find(({ turnId }) => turnId === 'p1');
      assert.equal(ann?.neighbour?.turnId, 'p2');
      assert.equal(ann.neighbour.isBefore, false);
    });

    test('turns that the asker has are left out', async () => {
      const all = await memory.recall('station', { limit: 5 });
      const turnIds = [...new Set(all.map(({ turnId }) => turnId))];
      assert.ok(turnIds.includes('t1'));
      const rest = await memory.recall('station', { limit: 5, carried: ['t1'] });
      assert.ok(!rest.some(({ turnId }) => turnId === 't1'));
      assert.deepEqual(await memory.recall('station', { limit: 5, carried: turnIds }), []);
    });

    const oddities = [
      '', ' ', '"', '""', "'", '*', 'a*', '^x', 'NEAR(a b)', 'AND', 'OR NOT', '{a b}: c', 'content: x', '-x', '(', '\0',
      'x\0y', '😀', '\ud83d', '东', 'a"b"c', '\\', '%_', '+ - && ||', 'é\u0301', '\u200b', '\ue000', '¼ ² ⅷ', '١٢',
    ]; // prettier-ignore
    test('no query is an error', async () => {
      for (const query of [...oddities, 'why not '.repeat(1250), '"('.repeat(5000), 'ab'.repeat(5000)]) {
        await memory.recall(query, { limit: 3 });
        await memory.recallFacts(query, 3);
      }
      assert.deepEqual(await found('"*(^'), []);
    });

    test('a query of stop words alone still finds them', async () => {
      assert.ok((await found('what was the')).length > 0);
    });

    test('a running turn is not found, and found once it has ended', async () => {
      await log.begin(
        { id: 't3', sessionId: 's1', createdAt, messages: [user('giraffe')] },
        { expectedLength: 1, owner, leaseMs },
      );
      await log.progress('t3', owner, { messages: [user('giraffe'), assistant('gir')], leaseMs });
      assert.deepEqual(await found('giraffe'), []);
      await log.finish('t3', owner, {
        status: 'stopped',
        messages: [user('giraffe'), assistant('giraffe!')],
      });
      assert.deepEqual([...(await found('giraffe'))].sort(), ['t3.0', 't3.1']);
    });

    test('what was deleted or replaced is not found', async () => {
      const turn = { id: 't1', createdAt, status: 'complete', messages: [user('walrus')] } as const;
      const times = { createdAt, updatedAt: createdAt };
      await log.load({ sessions: [{ id: 's1', title: 'x', ...times, turns: [turn] }], facts: [] }, 'update');
      assert.deepEqual(await found('station'), []);
      assert.deepEqual(await found('walrus'), ['t1.0']);
      await log.deleteSession('s1');
      assert.deepEqual(await found('walrus'), []);
      assert.deepEqual(await found('econnrefused'), ['t2.0', 't2.1']);
    });

    test('facts are kept once, listed newest first, found, and forgotten for good', async () => {
      const tea = {
        id: 'f1',
        text: 'Ada likes green tea',
        createdAt,
        source: { sessionId: 's1', turnId: 't1' },
      };
      const coffee = { id: 'f2', text: 'Bo\0b drinks coffee', createdAt };
      for (const fact of [tea, coffee, { ...tea, text: 'other' }]) await memory.remember(fact);
      assert.deepEqual((await memory.facts({ limit: 10 })).facts, [coffee, tea]);
      assert.deepEqual((await memory.facts({ limit: 1 })).facts, [coffee]);
      const [hit, ...others] = await memory.recallFacts('who likes tea', 5);
      assert.deepEqual(others, []);
      const { score, ...fact } = hit ?? { score: 0 };
      assert.ok(score > 0);
      assert.deepEqual(fact, tea);
      assert.equal(await memory.forget('f1'), true);
      assert.equal(await memory.forget('f1'), false);
      assert.deepEqual(await memory.recallFacts('tea', 5), []);
      await rejectsWith(memory.remember(tea), 'exists');
      assert.deepEqual((await log.dump()).facts, [coffee]);
    });

    test('clearing the log forgets the facts', async () => {
      await memory.remember({ id: 'f1', text: 'tea', createdAt });
      assert.equal((await log.clear()).facts, 1);
      assert.deepEqual((await memory.facts({ limit: 10 })).facts, []);
      assert.deepEqual(await memory.recallFacts('tea', 10), []);
      assert.deepEqual(await found('econnrefused'), []);
    });
  });
}
