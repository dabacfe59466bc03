import assert from 'node:assert/strict';
import type { Keeper } from '../../../../../src/adapters/storage/engine/keeper';
import { RequestQueue } from '../../../../../src/adapters/storage/engine/requestQueue';

suite('The order of the storage worker’s requests', () => {
  test('what is to be tidied is tidied however steadily requests come', async () => {
    const tidied = Promise.withResolvers<string>();
    const keeper = {
      handle: () => undefined,
      changes: () => [],
      tidy: () => {
        tidied.resolve('tidied');
        return 'done';
      },
      close: () => undefined,
    };
    const queue = new RequestQueue(
      () => keeper as unknown as Keeper,
      (message) => {
        if (message.type === 'call-result') next(message.id + 1);
      },
      { longestUntidy: 50 },
    );
    const asked = { left: 100 };
    const next = (id: number): void => {
      asked.left -= 1;
      if (asked.left < 0) tidied.resolve('no request more came, and nothing was tidied');
      else setTimeout(() => queue.add({ type: 'tokens-read', id } as never), 10);
    };
    next(1);
    assert.equal(await tidied.promise, 'tidied');
    queue.add({ type: 'storage-close', id: 0, now: 0 });
  });
});
