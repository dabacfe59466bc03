import assert from 'node:assert/strict';
import { MemoryHistory } from '../../../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../../../src/adapters/storage/memoryHistoryLog';
import { MemoryLongTermMemory } from '../../../../src/adapters/storage/memoryLongTermMemory';
import { MemoryRecallMarks } from '../../../../src/adapters/storage/memoryRecallMarks';
import { withRecalled, type CarriedItem } from '../../../../src/adapters/vscode/context/shownRecalled';
import type { ShownContext, ShownItem } from '../../../../src/protocol/context';
import { append, createdAt, openSession } from '../../../contract/logFixture';

const passageOf = (turnId: string): CarriedItem => ({
  source: 'recalled',
  included: true,
  reason: 'Recalled: fits the prompt',
  tokens: 9,
  recalled: {
    messageId: `${turnId}.1`,
    turnId,
    sessionId: 's1',
    role: 'assistant',
    createdAt,
    passage: { start: 0, end: 6 },
  },
});
const late: CarriedItem = { source: 'recalled', included: false, reason: 'Recall took too long', tokens: 0 };
const prompt: CarriedItem = { source: 'prompt', included: true, reason: 'The prompt', tokens: 3 };

function shown(items: readonly CarriedItem[]): ShownContext {
  const rows = items.map(({ recalled: _recalled, ...item }, index): ShownItem => ({
    ...item,
    key: `k${index}`,
    title: item.source === 'prompt' ? 'And now?' : '',
    opens: false,
  })); // prettier-ignore
  return { tokens: 20, maxTokens: 400, reserve: 40, margin: 0, items: rows };
}

suite('what is recalled, in the Context panel', () => {
  test('says where it was said and how it is marked, but of what is gone', async () => {
    const history = new MemoryHistory();
    const log = new MemoryHistoryLog({ history });
    const marks = new MemoryRecallMarks(history);
    const sources = { log, memory: new MemoryLongTermMemory(history), marks };
    await openSession(log);
    for (const id of ['t1', 't2']) await append(log, id);
    await marks.mark({ messageId: 't1.1', turnId: 't1' }, 'kept');
    await log.deleteTurn('t2');
    const items = [passageOf('t2'), late, prompt, passageOf('t1')];
    const { items: told } = await withRecalled(shown(items), items, sources);
    assert.deepEqual(told[3]?.recalled, {
      messageId: 't1.1',
      turnId: 't1',
      sessionId: 's1',
      sessionTitle: 'Session s1',
      passage: { start: 0, end: 6 },
      mark: 'kept',
    });
    assert.deepEqual(told.slice(0, 3), shown(items).items.slice(0, 3));
    assert.equal(told[0]?.recalled, undefined);
  });

  test('nothing is changed where nothing was recalled', async () => {
    const log = new MemoryHistoryLog();
    const sources = { log, memory: new MemoryLongTermMemory(new MemoryHistory()), marks: new MemoryRecallMarks(new MemoryHistory()) }; // prettier-ignore
    const context = shown([prompt]);
    assert.equal(await withRecalled(context, [prompt], sources), context);
  });
});
