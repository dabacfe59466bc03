import assert from 'node:assert/strict';
import { MemoryHistoryLog } from '../../../src/adapters/storage/memoryHistoryLog';
import { HistoryError } from '../../../src/core/errors';
import type { HistoryLog } from '../../../src/core/historyLog';
import { says, ScriptedModel } from '../../support/scriptedModel';
import { setUpSessions } from '../../support/sessionSetup';

/** The first call of the method is done, but its answer never comes: the storage worker has died in between. */
function losingTheReplyOf(method: 'begin' | 'finish'): HistoryLog {
  const log = new MemoryHistoryLog();
  const real = log[method].bind(log) as (...values: unknown[]) => Promise<unknown>;
  let calls = 0;
  const losing = async (...values: unknown[]): Promise<unknown> => {
    const result = await real(...values);
    if ((calls += 1) === 1) throw new HistoryError({ reason: 'unavailable' });
    return result;
  };
  // Slower than what goes on meanwhile.
  const read = log.session.bind(log);
  const session = async (id: string): ReturnType<HistoryLog['session']> => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return read(id);
  };
  return Object.assign(log, { [method]: losing, session });
}

suite('A storage worker that dies after it has written', () => {
  for (const method of ['begin', 'finish'] as const) {
    test(`in ${method}: the turn is saved with the next prompt, which is not refused`, async () => {
      const log = losingTheReplyOf(method);
      const { sessions } = setUpSessions(new ScriptedModel(says('One'), says('Two')), { log });
      const session = await sessions.active();
      assert.equal((await session.send('First')).saved, false);
      assert.equal((await session.send('Second')).saved, true);
      const { turns } = await session.page(10);
      assert.deepEqual(
        turns.map(({ messages }) => messages.map(({ content }) => content)),
        [
          ['First', 'One'],
          ['Second', 'Two'],
        ],
      );
    });
  }
});
