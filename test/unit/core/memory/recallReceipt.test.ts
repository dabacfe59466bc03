import assert from 'node:assert/strict';
import { MemoryHistory } from '../../../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../../../src/adapters/storage/memoryHistoryLog';
import { MemoryLongTermMemory } from '../../../../src/adapters/storage/memoryLongTermMemory';
import { MemoryRecallMarks } from '../../../../src/adapters/storage/memoryRecallMarks';
import type { SentContext, SentItem } from '../../../../src/core/context/sentContext';
import type { RecalledSource } from '../../../../src/core/memory/recalled';
import { recallReceipt } from '../../../../src/core/memory/recallReceipt';
import { append, createdAt, openSession } from '../../../contract/logFixture';

const passage: RecalledSource = {
  messageId: 't1.1',
  turnId: 't1',
  sessionId: 's1',
  role: 'assistant',
  createdAt,
  passage: { start: 0, end: 6 },
};
const fact: RecalledSource = { factId: 'f1', createdAt };

function item(recalled: RecalledSource | undefined, change: Partial<SentItem> = {}): SentItem {
  const base = {
    source: 'recalled',
    included: true,
    reason: 'Fits the prompt',
    tokens: 9,
  } as const;
  return { ...base, ...(recalled && { recalled }), ...change };
}

function sent(...items: readonly SentItem[]): SentContext {
  const other: SentItem = { source: 'prompt', included: true, reason: 'The prompt', tokens: 3 };
  return { maxTokens: 4000, reserve: 400, tokens: 100, items: [other, ...items] };
}

suite('recall receipts', () => {
  const history = new MemoryHistory();
  const log = new MemoryHistoryLog({ history });
  const memory = new MemoryLongTermMemory(history);
  const marks = new MemoryRecallMarks(history);
  const of = (context: SentContext | undefined, prompt = 'What was the answer for Ada?') =>
    recallReceipt({ id: 'asked', prompt }, context, { log, memory, marks });

  suiteSetup(async () => {
    await openSession(log, 's1');
    for (const id of ['t1', 't2']) await append(log, id);
    const source = { sessionId: 's1', turnId: 't2' };
    await memory.remember({ id: 'f1', text: 'Ada likes tea', createdAt, source });
  });

  test('tell of each passage and fact what it says, where it was said, why, and how it is marked', async () => {
    await marks.mark({ messageId: 't1.1', turnId: 't1' }, 'kept');
    const { entries, notes, turnId } = await of(sent(item(passage), item(fact, { tokens: 4 })));
    const about = { included: true, reason: 'Fits the prompt', sessionTitle: 'Session s1' };
    assert.equal(turnId, 'asked');
    assert.deepEqual(entries, [
      { ...passage, ...about, text: 'answer', words: ['answer'], tokens: 9, mark: 'kept' },
      { ...fact, ...about, sessionId: 's1', turnId: 't2', text: 'Ada likes tea', words: ['Ada'], tokens: 4 },
    ]);
    assert.deepEqual(notes, []);
  });

  test('tell of what says the same as something muted that it is not recalled any more', async () => {
    const context = sent(item(passage), item(fact));
    const silenced = async (): Promise<readonly unknown[]> =>
      (await of(context)).entries.map((entry) => [entry.mark, entry.silenced]);
    await marks.mark({ messageId: 't1.1', turnId: 't1' }, undefined);
    await marks.mark({ messageId: 't2.0', turnId: 't2' }, 'muted');
    assert.deepEqual(await silenced(), [[undefined, undefined], [undefined, true]]); // prettier-ignore
    await marks.mark({ messageId: 't2.0', turnId: 't2' }, undefined);
    assert.deepEqual(await silenced(), [[undefined, undefined], [undefined, undefined]]); // prettier-ignore
  });

  test('tell why something was left out, and why nothing was recalled', async () => {
    const left = item(passage, { included: false, reason: 'Already carried with its turn', tokens: 0 });
    const late = item(undefined, { included: false, reason: 'Recall took too long', tokens: 0 });
    const { entries, notes } = await of(sent(left, late));
    assert.deepEqual(entries.map(({ included, reason }) => [included, reason]), [[false, left.reason]]); // prettier-ignore
    assert.deepEqual(notes, ['Recall took too long']);
  });

  test('are empty where nothing was recalled, or nothing is known', async () => {
    for (const context of [undefined, sent()]) assert.deepEqual((await of(context)).entries, []);
  });

  test('say of an edited fact that it says something else, and show what it says now', async () => {
    await memory.editFact('f1', { text: 'Ada likes coffee', createdAt: '2026-04-01T00:00:00.000Z' });
    const [entry] = (await of(sent(item(fact)))).entries;
    assert.deepEqual([entry?.text, entry?.edited], ['Ada likes coffee', true]);
  });

  test('hold nothing of what is deleted, but that it was', async () => {
    const context = sent(item(passage), item(fact));
    await log.deleteTurn('t1');
    await memory.forget('f1');
    const { entries } = await of(context);
    assert.deepEqual(entries.map(({ text, mark, words }) => [text, mark, words]), [
      [undefined, undefined, []],
      [undefined, undefined, []],
    ]); // prettier-ignore
    assert.doesNotMatch(JSON.stringify(entries), /answer t1|tea|coffee/);
    await log.deleteSession('s1');
    assert.equal((await of(context)).entries[0]?.sessionTitle, undefined);
  });
});
