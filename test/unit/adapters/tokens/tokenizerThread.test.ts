import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
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
  teardown(() => Promise.all(threads.splice(0).map((made) => made.dispose())));

  test('counts as o200k_base does, special tokens and broken text included', async () => {
    const texts = [...Object.values(textSamples), '', '<|endoftext|><|im_start|>', 'half \ud83d a pair'];
    const counts = await thread().count(texts);
    for (const [n, text] of texts.entries()) {
      const exact = countTokens(text, { disallowedSpecial: new Set() });
      assert.ok(Math.abs((counts[n] ?? -1) - exact) <= 0.01 * exact + 1, text.slice(0, 40));
    }
  });

  test('is not there before the first text, and loads once', async () => {
    const counting = thread();
    assert.deepEqual(await counting.count([]), []);
    assert.equal(counting.starts, 0);
    await Promise.all([counting.count(['one']), counting.count(['two'])]);
    await counting.count(['three']);
    assert.equal(counting.starts, 1);
  });

  test('ends when nothing is to be counted, and comes back', async () => {
    const counting = thread(tokenizerPath, 0);
    await counting.count(['one']);
    // Set after the thread's own timer, for longer.
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(counting.running, false);
    assert.deepEqual(await counting.count(['hello']), [1]);
  });

  test('what was being counted when it ended rejects', async () => {
    const counting = thread();
    const counted = assert.rejects(counting.count(['a text']), /could not be counted/);
    await counting.dispose();
    await counted;
    await assert.rejects(counting.count(['another']), /no tokenizer/);
  });

  test('where it cannot be loaded, a few tries are made, and estimates stay', async () => {
    const folder = await temporaryFolder();
    const path = join(folder.path, 'tokenizer.js');
    await writeFile(path, 'throw new Error("damaged")');
    const counting = thread(path);
    const counter = new CountingTokenCounter({ counting });
    const message = { role: 'user' as const, content: 'Hello there' };
    const estimate = counter.message(message);
    for (let n = 0; n < 5; n += 1) await counter.prepare([message], []);
    assert.equal(counter.message(message), estimate);
    assert.equal(counting.starts, 3);
    await folder.remove();
  });

  test('a megabyte of the worst there is comes back in bearable time, while this thread stays free', async () => {
    const counting = thread();
    await counting.count(['loaded']);
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    const texts = [
      'a'.repeat(1_000_000),
      '龘鱻'.repeat(500_000),
      'xqzj'.repeat(250_000),
      '\u0301'.repeat(1_000_000),
    ];
    const started = performance.now();
    const counts = await counting.count(texts);
    const ms = performance.now() - started;
    clearInterval(timer);
    assert.ok(counts.every((count) => count > 0));
    assert.ok(ms < 8_000, `${ms} ms`);
    assert.ok(ticks > ms / 50, `${ticks} ticks in ${ms} ms`);
  });

  test('its vocabulary is in no other bundle: neither activation nor the storage worker loads it', async () => {
    const { metafile } = await build({
      entryPoints: {
        extension: 'src/extension.ts',
        worker: 'src/adapters/storage/worker.ts',
        openai: 'src/adapters/models/openaiChatModel.ts',
      },
      bundle: true,
      platform: 'node',
      external: ['vscode'],
      outdir: 'unused',
      write: false,
      metafile: true,
    });
    const bundlesWith = (part: string): readonly string[] =>
      Object.entries(metafile.outputs)
        .filter(([, { inputs }]) => Object.keys(inputs).some((input) => input.includes(part)))
        .map(([output]) => output);
    assert.deepEqual(bundlesWith('node_modules/gpt-tokenizer/'), []);
    assert.deepEqual(bundlesWith('src/adapters/tokens/countText'), []);
    assert.deepEqual(bundlesWith('src/adapters/tokens/tokenizerThread'), ['unused/extension.js']);
  });
});
