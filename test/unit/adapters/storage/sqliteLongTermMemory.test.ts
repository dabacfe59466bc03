import assert from 'node:assert/strict';
import { SqliteHistoryLog } from '../../../../src/adapters/storage/sqliteHistoryLog';
import { SqliteLongTermMemory } from '../../../../src/adapters/storage/sqliteLongTermMemory';
import { WorkerVectorStore } from '../../../../src/adapters/storage/workerVectorStore';
import type { LongTermMemory, RecallHit } from '../../../../src/core/memory/longTermMemory';
import { scripted, unit } from '../../../support/embeddedBench';
import { startOfTime } from '../../../contract/logFixture';
import { temporaryStorage, type TemporaryStorage } from '../../../support/storage';

suite('Long-term memory with an embedding model', () => {
  let storage: TemporaryStorage;
  setup(async () => (storage = await temporaryStorage(startOfTime)));
  teardown(() => storage.dispose());

  async function embedded(wordsMissing: () => void): Promise<{ memory: LongTermMemory; asked: number[] }> {
    const scoped = { client: storage.client, workspaceId: 'w1' };
    const log = new SqliteHistoryLog(scoped);
    const createdAt = '2026-03-05T10:00:00.000Z';
    const messages = [{ role: 'user' as const, content: 'The sedan is red' }];
    const turn = { id: 't1', createdAt, status: 'complete' as const, messages };
    const session = { id: 's1', title: 'S', createdAt, updatedAt: createdAt, turns: [turn] };
    await log.load({ sessions: [session], facts: [] }, 'skip');
    const asked: number[] = [];
    const meaningOf = (query: string, patienceMs: number) => {
      asked.push(patienceMs);
      return Promise.resolve({ ...scripted, vector: unit(query), unrelated: 0.35 });
    };
    const memory = new SqliteLongTermMemory({ ...scoped, meaningOf, wordsMissing });
    await memory.remember({ id: 'f1', text: 'The sedan needs tyres', createdAt });
    const vectors = new WorkerVectorStore(scoped);
    const batch = await vectors.next(scripted, 'window', { passages: 32, characters: 32_000 });
    assert.ok('passages' in batch);
    await vectors.put(
      scripted,
      batch.passages.map(({ text, ...place }) => ({ ...place, vector: unit(text) })),
    );
    return { memory, asked };
  }

  test('messages and facts are found by their meaning, in the time that there is', async () => {
    const { memory, asked } = await embedded(() => assert.fail('words can be searched'));
    const hits = await memory.recall('automobile red', { limit: 5, patienceMs: 70 });
    assert.deepEqual(hits.map(({ text }) => text), ['The sedan is red']); // prettier-ignore
    const facts = await memory.recallFacts('automobile tyres', 5, { patienceMs: 50 });
    assert.deepEqual(facts.map(({ id }) => id), ['f1']); // prettier-ignore
    await memory.recallFacts('automobile tyres', 5);
    assert.deepEqual(asked, [70, 50, 3_000]);
  });

  test('where words cannot be searched, that is told once, and not for each prompt', async () => {
    let told = 0;
    const { memory } = await embedded(() => (told += 1));
    const { client } = storage;
    const call = client.call.bind(client);
    client.call = async (...asked: Parameters<typeof call>) => {
      const answer = await call(...asked);
      if (asked[0] !== 'memory-recall') return answer;
      return (answer as readonly RecallHit[]).map((hit) => ({ ...hit, byMeaningAlone: true }));
    };
    for (let n = 0; n < 3; n += 1) assert.equal((await memory.recall('automobile red', { limit: 5 })).length, 1); // prettier-ignore
    assert.equal(told, 1);
  });
});
