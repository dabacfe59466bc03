import assert from 'node:assert/strict';
import { addUsage, usageOf } from '../../../../src/core/tokens/usage';

suite('Usage', () => {
  test('of turns is their sum, cached tokens told apart', () => {
    const turns = [
      { usage: { prompt_tokens: 100, completion_tokens: 10 } },
      {},
      { usage: { prompt_tokens: 200, completion_tokens: 20, cached_tokens: 128 } },
      { usage: { prompt_tokens: 300, completion_tokens: 30, cached_tokens: 256 } },
    ];
    assert.deepEqual(usageOf(turns), { prompt_tokens: 600, completion_tokens: 60, cached_tokens: 384 });
  });

  test('that nobody reported is unknown, not nought', () => {
    assert.equal(usageOf([]), undefined);
    assert.equal(usageOf([{}, {}]), undefined);
    assert.equal(addUsage(undefined, undefined), undefined);
    const usage = { prompt_tokens: 1, completion_tokens: 2 };
    assert.deepEqual(addUsage(usage, undefined), usage);
    assert.deepEqual(addUsage(undefined, usage), usage);
    assert.deepEqual(addUsage(usage, usage), { prompt_tokens: 2, completion_tokens: 4 });
  });
});
