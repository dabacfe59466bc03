import assert from 'node:assert/strict';
import { assertBounded, assertCheaper, assertLinear } from '../support/growth';

/** Goes over the list once for each of its elements but so many. */
function passes(list: readonly number[], each: number): number {
  let sum = 0;
  for (let from = 0; from < list.length; from += each) for (const value of list) sum += value;
  return sum;
}

const input = (size: number): readonly number[] => Array.from({ length: size }, (_, n) => n);

suite('Costs are told apart', () => {
  test('one pass over the input is linear, and not bounded', async () => {
    const work = (list: readonly number[]): number => passes(list, list.length);
    await assertLinear({ input, work, size: 100_000 });
    await assert.rejects(
      assertBounded({ input, work, size: 100_000, patience: 0 }),
      /8 times 100000: .* at most 3$/,
    );
  });

  test('a pass for each of its elements is not', async () => {
    const work = (list: readonly number[]): number => passes(list, 1);
    await assert.rejects(
      assertLinear({ input, work, size: 1_000, patience: 0 }),
      /8 times 1000: .* at most 24$/,
    );
  });

  test('one over a slice of it is bounded', async () => {
    await assertBounded({ input, work: (list) => passes(list.slice(0, 10_000), 10_000), size: 100_000 });
  });

  test('promises are waited for, whatever happens meanwhile', async () => {
    const work = async (list: readonly number[]): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return passes(list, 1);
    };
    await assert.rejects(assertLinear({ input, work, size: 1_000, patience: 0 }));
  });

  test('one pass is cheaper than a hundred, by as much and no more', async () => {
    const list = input(100_000);
    const one = (): number => passes(list, list.length);
    const hundred = (): number => passes(list, list.length / 100);
    await assertCheaper(one, hundred, 0.5);
    await assert.rejects(assertCheaper(one, hundred, 0.001, 0), /is more than 0.001 of/);
  });
});
