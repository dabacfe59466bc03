import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { TokenizerThread } from '../../../../src/adapters/tokens/tokenizerThread';
import { CountingTokenCounter } from '../../../../src/core/tokens/countingTokenCounter';
import { temporaryFolder, tokenizerPath } from '../../../support/storage';
import { textSamples } from '../../../support/textSamples';

suite('The tokenizer’s thread', () => {
  const threads: TokenizerThread[] = [];
  const thread = (path = tokenizerPath, idleMs?: number): TokenizerThread => {
    const made = new TokenizerThread({ tokenizerPath: path, ...(idleMs !== undefined && { idleMs }) });
    threads.push(made);
    return made;
  };
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  setup(async () => {
    folder = await temporaryFolder();
  });
  teardown(async () => {
    await Promise.all(threads.splice(0).map((made) => made.dispose()));
    await folder.remove();
  });

  async function script(source: string): Promise<string> {
    const path = join(folder.path, 'tokenizer.js');
    await writeFile(path, source);
    return path;
  }
  /** Counts characters, and so has no vocabulary to load. */
  const standIn = (): Promise<string> =>
    script(`
      const { parentPort } = require('node:worker_threads');
      parentPort.on('message', ({ id, texts }) =>
        parentPort.postMessage({ id, counts: texts.map(({ length }) => length) }));
    `);

  test('counts as o200k_base does, special tokens and broken text included', async () => {
    const texts = [...Object.values(textSamples), '', '<|endoftext|><|im_start|>', 'half \ud83d a pair'];
    const counts = await thread().count(texts);
    for (const [n, text] of texts.entries()) {
      const exact = countTokens(text, { disallowedSpecial: new Set() });
      assert.ok(Math.abs((counts[n] ?? -1) - exact) <= 0.01 * exact + 1, text.slice(0, 40));
    }
  });

  test('is not there before the first text, and starts once', async () => {
    const counting = thread(await standIn());
    assert.deepEqual(await counting.count([]), []);
    assert.equal(counting.starts, 0);
    await Promise.all([counting.count(['one']), counting.count(['two'])]);
    await counting.count(['three']);
    assert.equal(counting.starts, 1);
  });

  test('ends when nothing is to be counted, and comes back', async () => {
    const counting = thread(await standIn(), 0);
    await counting.count(['one']);
    // Set after the thread's own timer, for longer.
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(counting.running, false);
    assert.deepEqual(await counting.count(['hello']), [5]);
    assert.equal(counting.starts, 2);
  });

  test('what was being counted when it ended rejects', async () => {
    const counting = thread();
    const counted = assert.rejects(counting.count(['a text']), /did not answer/);
    await counting.dispose();
    await counted;
    await assert.rejects(counting.count(['another']), /no tokenizer/);
  });

  test('where it cannot be loaded, a few tries are made, and estimates stay', async () => {
    const counting = thread(await script('throw new Error("damaged")'));
    const counter = new CountingTokenCounter({ counting });
    const message = { role: 'user' as const, content: 'Hello there' };
    const estimate = counter.message(message);
    for (let n = 0; n < 5; n += 1) await counter.prepare([message], []);
    assert.equal(counter.message(message), estimate);
    assert.equal(counting.starts, 3);
  });
});
