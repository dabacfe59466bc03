import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Context, ContextItem } from '../../../../src/core/context/context';
import { noMarks, type ContextParts } from '../../../../src/core/context/sessionContext';
import {
  compactionPlan,
  type CompactionPlan,
  type CompactionPlanOptions,
} from '../../../../src/core/memory/compactionPlan';
import type { DemotionReason } from '../../../../src/core/memory/memoryPolicy';
import type { Summary } from '../../../../src/core/memory/summary';
import { exchange } from '../../../support/turns';

/** Of each turn: what it costs, whether it is carried, and else why not. */
type Shape = readonly [tokens: number, leftOut?: DemotionReason | 'pinned'];

const budget = 1_100;
const others = 100;

function planOf(
  shapes: readonly Shape[],
  summaries: readonly Partial<Summary>[] = [],
  options: CompactionPlanOptions = {},
) {
  const turns = shapes.map(([, left], position) => ({
    ...exchange(position),
    ...(left === 'pinned' && { pinned: true }),
  }));
  const items = shapes.map(([tokens, left], position): ContextItem => {
    const isIn = left === undefined || left === 'pinned';
    return {
      source: left === 'pinned' ? 'pin' : 'window',
      turnId: `t${position}`,
      tokens,
      included: isIn,
      reason: '',
      messages: [],
      ...(!isIn && { leftOut: left }),
    };
  });
  const prompt: ContextItem = {
    source: 'prompt',
    tokens: others,
    included: true,
    reason: '',
    messages: [],
  };
  const context: Context = {
    items: [...items, prompt],
    tokens: 0,
    request: { messages: [], tools: [] },
    maxTokens: 2_000,
    reserve: 0,
    budget,
  };
  const parts: ContextParts = {
    turns,
    pins: [],
    session: noMarks,
    kept: { units: [] },
    summaries: summaries.map((one) => ({ state: 'active', ...one }) as Summary),
  };
  return compactionPlan(context, parts, { low: 0.33, ...options });
}

const ids = ({ turns }: CompactionPlan): readonly string[] => turns.map(({ id }) => id);
const carriedTurns = (count: number): readonly Shape[] => Array.from({ length: count }, () => [100]);

suite('what a summary would stand for', () => {
  test('is what the next cut would leave out: the oldest, down to the low mark', () => {
    const plan = planOf(carriedTurns(9));
    // 900 of 1,000; from 300 on the window stays as it is.
    assert.equal(plan.fill, 0.9);
    assert.deepEqual(ids(plan), ['t0', 't1', 't2', 't3', 't4', 't5']);
    assert.equal(plan.tokens, 600);
  });

  test('is all but the newest where that is asked for', () => {
    assert.deepEqual(ids(planOf(carriedTurns(4), [], { low: 0 })), ['t0', 't1', 't2']);
  });

  test('begins with what is left out and told of by no summary', () => {
    const plan = planOf([[150, 'over-budget'], [150, 'sliding-window'], [100, 'not-selected'], [100], [100]]);
    assert.deepEqual(ids(plan), ['t0', 't1', 't2']);
    assert.equal(plan.uncovered, 0.4);
    assert.equal(plan.fill, 0.2);
  });

  test('is not what the user has left out, what failed, nor what is pinned', () => {
    const plan = planOf([[300, 'trimmed'], [300, 'failed'], [300, 'cannot-fit'], [300, 'pinned'], [50]], [], {
      low: 0,
    });
    assert.deepEqual(ids(plan), []);
    assert.equal(plan.uncovered, 0);
  });

  test('is not what a summary tells already, an undone one too', () => {
    for (const state of ['active', 'undone'] as const) {
      const left: readonly Shape[] = [[300, 'over-budget'], [300, 'over-budget'], [300, 'over-budget'], [50]];
      const plan = planOf(left, [{ state, turnIds: ['t0', 't2'] }]);
      assert.deepEqual(ids(plan), ['t1']);
      assert.equal(plan.uncovered, 0.3);
    }
  });

  test('is what an undone summary tells, where the user asks for another', () => {
    const undone = { state: 'undone' as const, turnIds: ['t0', 't1', 't2'] };
    assert.deepEqual(ids(planOf(carriedTurns(9), [undone], { asked: true })), [
      't0',
      't1',
      't2',
      't3',
      't4',
      't5',
    ]);
    const again = [undone, { turnIds: ['t0', 't1'] }];
    assert.deepEqual(
      ids(
        planOf([[300, 'over-budget'], [300, 'over-budget'], [300, 'over-budget'], [50]], again, {
          asked: true,
        }),
      ),
      ['t2'],
    );
  });

  test('is nothing carried while a summary waits for its turns to be left out', () => {
    const waiting = { turnIds: ['t0', 't1', 't2'] };
    assert.deepEqual(ids(planOf(carriedTurns(9), [waiting])), []);
    assert.deepEqual(ids(planOf(carriedTurns(9), [{ ...waiting, state: 'undone' }])), ['t3', 't4', 't5']);
  });

  test('is nothing where that would be too little to be worth it', () => {
    const few = planOf([[100, 'over-budget'], [99, 'over-budget'], [50]]);
    assert.deepEqual([ids(few), few.tokens], [[], 0]);
    assert.equal(ids(planOf([[100, 'over-budget'], [100, 'over-budget'], [50]])).length, 2);
  });

  test('is in order, never the newest, each turn once, and costs what it says', () => {
    const shape = fc.tuple(
      fc.integer({ min: 1, max: 300 }),
      fc.constantFrom<(DemotionReason | 'pinned' | undefined)[]>(
        undefined,
        undefined,
        'over-budget',
        'trimmed',
        'pinned',
      ),
    );
    const shapes = fc.array(shape as fc.Arbitrary<Shape>, { maxLength: 30 });
    const covered = fc.array(fc.array(fc.nat({ max: 30 }), { maxLength: 5 }), { maxLength: 3 });
    fc.assert(
      fc.property(shapes, covered, fc.constantFrom(0, 0.33), (turns, sets, low) => {
        const summaries = sets.map((set) => ({ turnIds: set.map((position) => `t${position}`) }));
        const plan = planOf(turns, summaries, { low });
        const positions = plan.turns.map(({ position }) => position);
        assert.deepEqual(
          positions,
          [...new Set(positions)].sort((a, b) => a - b),
        );
        assert.ok(!positions.includes(turns.length - 1));
        const cost = positions.reduce((sum, position) => sum + (turns[position]?.[0] ?? 0), 0);
        assert.equal(plan.tokens, cost);
        assert.ok(cost === 0 || cost >= 200);
        assert.ok(sets.flat().every((position) => !positions.includes(position)));
      }),
    );
  });
});
