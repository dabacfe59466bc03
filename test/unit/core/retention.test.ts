import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { expiredTurns, megabyte, type AgedTurn } from '../../../src/core/retention';

const now = Date.parse('2026-03-01T00:00:00Z');
const day = 86_400_000;
const turn = (daysAgo: number, bytes = 100, fixed = false): AgedTurn => ({
  createdAt: now - daysAgo * day,
  bytes,
  fixed,
});

const anyTurns = fc.array(
  fc.record({
    createdAt: fc.integer({ min: now - 400 * day, max: now + 10 * day }),
    bytes: fc.integer({ min: 1, max: 3 * megabyte }),
    fixed: fc.boolean(),
  }),
  { maxLength: 60 },
);
const anyLimits = fc.record({ days: fc.nat(400), megabytes: fc.nat(40) });

suite('retention', () => {
  test('without limits nothing goes', () => {
    const turns = [turn(4000), turn(1, 1e9)];
    for (const limits of [{}, { days: 0 }, { days: 0, megabytes: 0 }]) {
      assert.deepEqual(expiredTurns(turns, limits, now), []);
    }
  });

  test('what is older than the days goes, the oldest first; running and pinned turns stay', () => {
    const turns = [turn(5), turn(31), turn(400, 100, true), turn(40), turn(30)];
    assert.deepEqual(expiredTurns(turns, { days: 30 }, now), [turn(40), turn(31)]);
  });

  test('no more goes than is needed to fit', () => {
    const half = megabyte / 2;
    const turns = [turn(1, half), turn(4, half), turn(3, half), turn(2, half)];
    assert.deepEqual(expiredTurns(turns, { megabytes: 1 }, now), [turn(4, half), turn(3, half)]);
    assert.deepEqual(expiredTurns(turns, { megabytes: 2 }, now), []);
  });

  test('whatever the history: what goes is older than what stays, and what stays is within the limits', () => {
    fc.assert(
      fc.property(anyTurns, anyLimits, (turns, limits) => {
        const gone = new Set(expiredTurns(turns, limits, now));
        const stays = turns.filter((one) => !gone.has(one));
        const free = stays.filter(({ fixed }) => !fixed);
        const newestGone = Math.max(...[...gone].map(({ createdAt }) => createdAt));
        assert.ok([...gone].every(({ fixed }) => !fixed));
        assert.ok(free.every(({ createdAt }) => createdAt >= newestGone || gone.size === 0));
        if (limits.days > 0) assert.ok(free.every(({ createdAt }) => createdAt >= now - limits.days * day));
        const bytes = stays.reduce((total, one) => total + one.bytes, 0);
        if (limits.megabytes > 0) assert.ok(bytes <= limits.megabytes * megabyte || free.length === 0);
      }),
    );
  });

  test('a wider limit never removes more', () => {
    fc.assert(
      fc.property(anyTurns, anyLimits, fc.nat(50), (turns, { days, megabytes }, more) => {
        const narrow = expiredTurns(turns, { days: days + 1, megabytes: megabytes + 1 }, now);
        const wide = expiredTurns(turns, { days: days + 1 + more, megabytes: megabytes + 1 + more }, now);
        assert.deepEqual(wide, narrow.slice(0, wide.length));
      }),
    );
  });
});
