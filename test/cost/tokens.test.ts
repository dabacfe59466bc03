import assert from 'node:assert/strict';
import { TokenizerThread } from '../../src/adapters/tokens/tokenizerThread';
import { estimateTokens } from '../../src/core/tokens/estimateTokens';
import { assertBounded, assertLinear } from '../support/growth';
import { tokenizerPath } from '../support/storage';
import { textSamples } from '../support/textSamples';

suite('What counting tokens costs', () => {
  const worst = { letters: 'a', han: '龘鱻', consonants: 'xqzj', marks: '\u0301' };
  const part = Object.values(textSamples).join('\n\n');

  test('a text is estimated in time by its length, a long one in bounded time', async () => {
    const input = (size: number): string => part.repeat(Math.ceil(size / part.length)).slice(0, size);
    await assertLinear({ input, work: estimateTokens, size: 10_000 });
    await assertBounded({ input, work: estimateTokens, size: 400_000 });
  });

  for (const [kind, text] of Object.entries(worst)) {
    test(`a text of ${kind} is estimated in time by its length, a long one in bounded time`, async () => {
      const input = (size: number): string => text.repeat(size / text.length);
      await assertLinear({ input, work: estimateTokens, size: 10_000 });
      await assertBounded({ input, work: estimateTokens, size: 400_000 });
    });
  }

  suite('in the tokenizer’s thread', () => {
    const thread = new TokenizerThread({ tokenizerPath });
    suiteSetup(() => thread.count(['loaded']));
    suiteTeardown(() => thread.dispose());

    for (const [kind, text] of Object.entries(worst)) {
      test(`a text of ${kind} is counted in time by its length, a megabyte as 200 kB`, async () => {
        const input = (size: number): string => text.repeat(size / text.length);
        const work = (long: string): Promise<readonly number[]> => thread.count([long]);
        await assertLinear({ input, work, size: 10_000 });
        await assertBounded({ input, work, size: 200_000 });
      });
    }

    test('a megabyte of the worst there is leaves the other threads free', async () => {
      let ticks = 0;
      const timer = setInterval(() => (ticks += 1), 5);
      const started = performance.now();
      const counts = await thread.count(
        Object.values(worst).map((text) => text.repeat(1_000_000 / text.length)),
      );
      const ms = performance.now() - started;
      clearInterval(timer);
      assert.ok(counts.every((count) => count > 0));
      assert.ok(ticks > ms / 50, `${ticks} ticks in ${ms} ms`);
    });
  });
});
