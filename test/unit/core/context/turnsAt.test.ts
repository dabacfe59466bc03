import assert from 'node:assert/strict';
import fc from 'fast-check';
import { turnsAt } from '../../../../src/core/context/turnsAt';
import type { HistoryLog, StoredTurn } from '../../../../src/core/historyLog';

/** A session whose turns stand at these positions. */
function logWith(positions: readonly number[]) {
  const turns = [...new Set(positions)]
    .sort((a, b) => a - b)
    .map((position) => ({ id: `t${position}`, position }) as StoredTurn);
  let read = 0;
  const log: Pick<HistoryLog, 'turns'> = {
    turns: (_, { before = Infinity, limit }) => {
      const earlier = turns.filter(({ position }) => position < before);
      const page = earlier.slice(-limit);
      read += page.length;
      return Promise.resolve({ turns: page, more: earlier.length > page.length });
    },
  };
  return { log, read: () => read };
}

suite('turns by their positions', () => {
  test('are those that are there, whatever was deleted', async () => {
    const position = fc.integer({ min: 0, max: 300 });
    await fc.assert(
      fc.asyncProperty(fc.array(position), fc.array(position), async (there, wanted) => {
        const { log } = logWith(there);
        const found = await turnsAt(log, 's', wanted);
        assert.deepEqual(
          [...found.keys()].sort((a, b) => a - b),
          [...new Set(wanted.filter((one) => there.includes(one)))].sort((a, b) => a - b),
        );
        for (const [at, turn] of found) assert.equal(turn.position, at);
      }),
    );
  });

  test('are read without what lies between them', async () => {
    const { log, read } = logWith(Array.from({ length: 10_000 }, (_, index) => index));
    const found = await turnsAt(log, 's', [3, 9_990, 9_991, 9_995]);
    assert.equal(found.size, 4);
    assert.ok(read() <= 10, `${read()} were read`);
  });
});
