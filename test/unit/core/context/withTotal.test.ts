import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Context, ContextItem } from '../../../../src/core/context/context';
import { withTotal } from '../../../../src/core/context/withTotal';

const item = (tokens: number, included: boolean): ContextItem => ({
  source: 'window',
  tokens,
  included,
  reason: '',
  messages: [],
});

function contextOf(items: readonly ContextItem[]): Context {
  const tokens = items.reduce((sum, one) => sum + (one.included ? one.tokens : 0), 0);
  return { items, tokens, request: { messages: [], tools: [] }, maxTokens: 9_000, reserve: 9, budget: 8_000 };
}

const included = ({ items }: Context): number =>
  items.reduce((sum, one) => sum + (one.included ? one.tokens : 0), 0);

suite('a context whose total is known', () => {
  const items = fc.array(fc.tuple(fc.nat({ max: 5_000 }), fc.boolean()), { maxLength: 20 });

  test('has items that add up to it, none below nothing, each by its share', () => {
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 100_000 }), (shapes, total) => {
        const before = contextOf(shapes.map(([tokens, isIn]) => item(tokens, isIn)));
        const after = withTotal(before, total);
        if (before.tokens === 0) {
          assert.equal(after, before);
          return;
        }
        assert.equal(after.tokens, total);
        assert.equal(included(after), total);
        after.items.forEach((one, index) => {
          const was = before.items[index]?.tokens ?? 0;
          assert.equal(one.included, before.items[index]?.included);
          assert.ok(one.tokens >= 0, `${one.tokens}`);
          assert.ok(Math.abs(one.tokens - (was * total) / before.tokens) <= shapes.length / 2 + 1);
        });
        assert.equal(after.request, before.request);
      }),
    );
  });

  test('stays as it is where the sum is that total already, or the total is no figure to go by', () => {
    const context = contextOf([item(10, true), item(20, true), item(99, false)]);
    for (const total of [30, 0, -5]) assert.equal(withTotal(context, total), context);
  });
});
