import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { StoredTurn } from '../../../../src/core/historyLog';
import { composed } from '../../../../src/core/memory/composed';
import type { MemoryPolicy } from '../../../../src/core/memory/memoryPolicy';
import { noMemory } from '../../../../src/core/memory/noMemory';
import { selectiveRetention } from '../../../../src/core/memory/selectiveRetention';
import { slidingWindow } from '../../../../src/core/memory/slidingWindow';
import { lowWatermark, tokenBudget } from '../../../../src/core/memory/tokenBudget';
import type { Message } from '../../../../src/core/message';

interface Shape {
  readonly cost: number;
  readonly pinned: boolean;
  readonly calls: number;
}

/** A turn whose cost is its prompt's length. */
function turnOf({ cost, pinned, calls }: Shape, position: number): StoredTurn {
  const tools = Array.from({ length: calls }, (_, n): Message[] => [
    {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: `c${n}`, type: 'function', function: { name: 'f', arguments: '{}' } }],
    },
    { role: 'tool', content: 'r', tool_call_id: `c${n}` },
  ]).flat();
  return {
    id: `t${position}`,
    sessionId: 's',
    position,
    createdAt: '2026-01-01T00:00:00.000Z',
    status: 'complete',
    ...(pinned && { pinned }),
    messages: [{ role: 'user', content: 'x'.repeat(cost) }, ...tools, { role: 'assistant', content: 'a' }],
  };
}

const costOf = (turn: StoredTurn): number => turn.messages[0]?.content.length ?? 0;
const total = (turns: readonly StoredTurn[]): number => turns.reduce((sum, turn) => sum + costOf(turn), 0);

const shape = fc.record({
  cost: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 100 }) },
    fc.integer({ min: 1, max: 900 }),
  ),
  calls: fc.nat({ max: 2 }),
});
const history = fc
  .array(fc.record({ shape, gap: fc.nat({ max: 3 }), pin: fc.nat({ max: 9 }) }), { maxLength: 40 })
  .map((shapes) => {
    let position = -1;
    return shapes.map(({ shape: { cost, calls }, gap, pin }) => {
      position += 1 + gap;
      return turnOf({ cost, calls, pinned: pin === 0 }, position);
    });
  });

const counted = fc.record({ turns: fc.nat({ max: 12 }), messages: fc.nat({ max: 30 }) });
const policies: Record<string, fc.Arbitrary<MemoryPolicy>> = {
  'token budget': fc.constant(tokenBudget),
  'sliding window, then token budget': counted.map((options) =>
    composed([slidingWindow(options), tokenBudget]),
  ),
  'selective retention, then token budget': fc
    .nat({ max: 8 })
    .map((recentTurns) => composed([selectiveRetention({ recentTurns }), tokenBudget])),
  'all three': fc
    .tuple(counted, fc.nat({ max: 8 }))
    .map(([options, recentTurns]) =>
      composed([selectiveRetention({ recentTurns }), slidingWindow(options), tokenBudget]),
    ),
};

suite('memory policies', () => {
  for (const [name, policy] of Object.entries(policies)) {
    test(`${name}: within budget, order kept, pins and the newest kept or named, kept and demoted are all`, () => {
      fc.assert(
        fc.property(
          history,
          policy,
          fc.integer({ min: 0, max: 2_000 }),
          fc.option(fc.nat({ max: 80 }), { nil: undefined }),
          (turns, chosen, budget, start) => {
            const { kept, demoted, cannotFit } = chosen.select({
              turns,
              budget,
              cost: costOf,
              ...(start !== undefined && { start }),
            });
            assert.ok(total(kept) <= budget);
            const left = demoted.map(({ turn }) => turn);
            assert.deepEqual(
              turns.filter((turn) => kept.includes(turn)),
              kept,
            );
            assert.deepEqual(
              turns.filter((turn) => left.includes(turn)),
              left,
            );
            assert.equal(kept.length + left.length, turns.length);
            if (cannotFit === undefined) {
              assert.ok(turns.every((turn) => !turn.pinned || kept.includes(turn)));
              const newest = turns.findLast(({ pinned }) => !pinned);
              assert.ok(name !== 'token budget' || !newest || kept.includes(newest));
              assert.ok(turns.length === 0 || kept.includes(turns.at(-1) as StoredTurn));
            } else {
              assert.ok(left.includes(cannotFit));
              const reason = demoted.find(({ turn }) => turn === cannotFit)?.reason;
              assert.equal(reason, costOf(cannotFit) > budget ? 'cannot-fit' : 'no-room');
              if (cannotFit.pinned !== true) {
                const newer = turns.slice(turns.indexOf(cannotFit) + 1);
                assert.ok(newer.every((turn) => turn.pinned || left.includes(turn)));
                assert.ok(
                  kept.every(({ pinned }) => pinned),
                  'no older turn in its place',
                );
              }
            }
          },
        ),
        { numRuns: 300 },
      );
    });
  }

  test('the token budget begins where the last request did as long as that fits, then cuts to the low mark', () => {
    const turns = Array.from({ length: 40 }, (_, n) => turnOf({ cost: 100, pinned: false, calls: 0 }, n));
    const budget = 1_000;
    let start: number | undefined;
    const firsts: number[] = [];
    for (let length = 1; length <= turns.length; length += 1) {
      const { kept } = tokenBudget.select({
        turns: turns.slice(0, length),
        budget,
        cost: costOf,
        ...(start !== undefined && { start }),
      });
      start = kept[0]?.position;
      firsts.push(start ?? -1);
      if (length > 10) assert.ok(total(kept) > budget * lowWatermark - 100);
    }
    // 10 turns fit; each cut leaves 3, so that it begins anew with every eighth turn only.
    assert.deepEqual([...new Set(firsts)], [0, 8, 16, 24, 32]);
  });

  test('a turn is said to be older than the budget holds only where it would not fit, else that the window was cut', () => {
    fc.assert(
      fc.property(
        history,
        fc.integer({ min: 0, max: 2_000 }),
        fc.option(fc.nat({ max: 80 }), { nil: undefined }),
        (turns, budget, start) => {
          const { kept, demoted } = tokenBudget.select({
            turns,
            budget,
            cost: costOf,
            ...(start !== undefined && { start }),
          });
          const left = demoted.filter(({ turn }) => turn.pinned !== true);
          for (const { turn, reason } of left) {
            if (reason === 'cannot-fit' || reason === 'no-room') continue;
            const newer = left.filter((one) => one.turn.position >= turn.position).map((one) => one.turn);
            const fits = total([...kept, ...newer]) <= budget;
            assert.equal(reason, fits ? 'window-cut' : 'over-budget');
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('the sliding window counts turns, or messages in whole turns', () => {
    const turns = [1, 0, 2, 0].map((calls, n) => turnOf({ cost: 1, pinned: n === 0, calls }, n));
    const ids = (policy: MemoryPolicy): readonly string[] =>
      policy.select({ turns, budget: 100, cost: costOf }).kept.map(({ id }) => id);
    assert.deepEqual(ids(slidingWindow({ turns: 2, messages: 0 })), ['t0', 't2', 't3']);
    assert.deepEqual(ids(slidingWindow({ turns: 0, messages: 8 })), ['t0', 't2', 't3']);
    assert.deepEqual(ids(slidingWindow({ turns: 0, messages: 7 })), ['t0', 't3']);
    assert.deepEqual(ids(slidingWindow({ turns: 0, messages: 1 })), ['t0', 't3']);
    assert.deepEqual(ids(slidingWindow({ turns: 0, messages: 0 })), ['t0', 't1', 't2', 't3']);
  });

  test('selective retention keeps pins, tool calls and the last few, and says why', () => {
    const turns = [1, 0, 0, 0, 0].map((calls, n) => turnOf({ cost: 1, pinned: n === 2, calls }, n));
    const { kept, demoted, reasons } = selectiveRetention({ recentTurns: 1 }).select({
      turns,
      budget: 100,
      cost: costOf,
    });
    assert.deepEqual(
      kept.map(({ id }) => id),
      ['t0', 't2', 't4'],
    );
    assert.deepEqual(
      demoted.map(({ reason }) => reason),
      ['not-selected', 'not-selected'],
    );
    assert.equal(reasons?.get('t0'), 'Has tool calls');
  });

  test('without memory nothing is kept', () => {
    const turns = [turnOf({ cost: 1, pinned: true, calls: 0 }, 0)];
    assert.equal(noMemory.select({ turns, budget: 100, cost: costOf }).kept.length, 0);
  });
});
