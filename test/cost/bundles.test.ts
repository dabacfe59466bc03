import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';
import vocabulary from 'gpt-tokenizer/bpeRanks/o200k_base';
import { tokenizerPath } from '../support/storage';

suite('What is loaded when', () => {
  let outputs: Metafile['outputs'];
  suiteSetup(async () => {
    const { metafile } = await build({
      entryPoints: {
        extension: 'src/extension.ts',
        worker: 'src/adapters/storage/worker.ts',
        openai: 'src/adapters/models/openai.ts',
        tokenizer: 'src/adapters/tokens/tokenizer.ts',
        languages: 'src/core/recall/languages/tellLanguage.ts',
        secrets: 'src/adapters/secrets/secrets.ts',
      },
      bundle: true,
      platform: 'node',
      external: ['vscode'],
      outdir: 'unused',
      write: false,
      metafile: true,
    });
    ({ outputs } = metafile);
  });

  const bundlesWith = (part: string): readonly string[] =>
    Object.entries(outputs)
      .filter(([, { inputs }]) => Object.keys(inputs).some((input) => input.includes(part)))
      .map(([output]) => path.basename(output));

  test('the tokenizer is in its own bundle alone: neither activation nor the storage worker loads it', () => {
    assert.deepEqual(bundlesWith('node_modules/gpt-tokenizer/'), ['tokenizer.js']);
    assert.deepEqual(bundlesWith('src/adapters/tokens/countText'), ['tokenizer.js']);
    assert.deepEqual(bundlesWith('src/adapters/tokens/tokenizerThread'), ['extension.js']);
  });

  test('its vocabulary is in no bundle, but packed in a file beside it, whole', () => {
    assert.deepEqual(bundlesWith('bpeRanks'), []);
    const packed = readFileSync(path.join(path.dirname(tokenizerPath), 'o200k_base.json.br'));
    assert.equal(brotliDecompressSync(packed).toString(), JSON.stringify(vocabulary));
  });

  test('the stemmers of languages other than English are not loaded at activation', () => {
    assert.deepEqual(bundlesWith('node_modules/@orama/stemmers/'), ['worker.js', 'languages.js']);
  });

  test('the rules for secrets are in their own bundle alone', () => {
    assert.deepEqual(bundlesWith('node_modules/@secretlint/'), ['secrets.js']);
    assert.deepEqual(bundlesWith('src/adapters/secrets/findSecrets'), ['secrets.js']);
  });

  test('the OpenAI client is in its own bundle alone', () => {
    assert.deepEqual(bundlesWith('node_modules/openai/'), ['openai.js']);
  });
});
