// Bundles the extension host (CJS), its lazy parts, the worker and the webview; with --all the tests, too, and with
// --tests=unit,contract the tests in these folders alone and what they start.
// CJS has no code splitting, so a lazily loaded part is an entry point of its own.
import { build, context } from 'esbuild';
import { globSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';

const flag = { type: 'boolean', default: false };
const { values } = parseArgs({
  options: { production: flag, all: flag, watch: flag, tests: { type: 'string' } },
});
const { production } = values;
const testFolders = values.tests?.split(',') ?? [
  'unit',
  'contract',
  'damage',
  'cost',
  'integration',
  'browser',
];

const common = {
  bundle: true,
  sourcemap: !production,
  minify: production,
  legalComments: 'none',
  logLevel: 'info',
  define: { 'process.env.NODE_ENV': JSON.stringify(production ? 'production' : 'development') },
};
const node = { ...common, platform: 'node', format: 'cjs', target: 'node22', external: ['vscode'] };
const browser = { ...common, platform: 'browser', format: 'iife', target: 'chrome130' };

const product = [
  { ...node, entryPoints: { extension: 'src/extension.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { worker: 'src/adapters/storage/worker.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { openai: 'src/adapters/models/openai.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { tokenizer: 'src/adapters/tokens/tokenizer.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { languages: 'src/core/recall/languages/tellLanguage.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { secrets: 'src/adapters/secrets/secrets.ts' }, outdir: 'dist' },
  {
    ...browser,
    entryPoints: {
      webview: 'src/webview/main.tsx',
      context: 'src/webview/context/main.tsx',
      memory: 'src/webview/memory/main.tsx',
    },
    outdir: 'dist',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  },
];
const tests = {
  ...node,
  packages: 'external',
  entryPoints: testFolders.flatMap((folder) => globSync(`test/${folder}/**/*.ts`)),
  outbase: 'test',
  outdir: 'dist/test',
  minify: false,
};

const chaos = {
  ...node,
  format: 'esm',
  packages: 'external',
  entryPoints: {
    main: 'test/chaos/main.ts',
    victim: 'test/chaos/victim/main.ts',
    storageBench: 'bench/storage.ts',
    contextBench: 'bench/context/main.ts',
    recallBench: 'bench/recall/main.ts',
    vectorBench: 'bench/vectors/main.ts',
  },
  outdir: 'dist/test/chaos',
  outExtension: { '.js': '.mjs' },
  minify: false,
};

// The threads are product code that unit tests start, too.
const isThread = (entry) => 'worker' in entry || 'tokenizer' in entry || 'secrets' in entry;
const threads = product.filter(({ entryPoints }) => isThread(entryPoints));
const targets = values.tests ? [tests, ...threads] : values.all ? [...product, tests, chaos] : product;
if (production) rmSync('dist', { recursive: true, force: true });
// A test that was moved or deleted must not run on from an earlier build.
if (targets.includes(tests)) rmSync('dist/test', { recursive: true, force: true });
mkdirSync('dist', { recursive: true });
await packVocabulary('dist/o200k_base.json.br');
if (values.watch) {
  await Promise.all(targets.map(async (target) => (await context(target)).watch()));
} else {
  await Promise.all(targets.map((target) => build(target)));
}

/** The tokenizer's vocabulary, the largest part of the package. Packing it well takes seconds, and it seldom changes. */
async function packVocabulary(file) {
  const name = 'gpt-tokenizer/bpeRanks/o200k_base';
  const sources = [fileURLToPath(import.meta.resolve(name)), import.meta.filename];
  const changed = Math.max(...sources.map((source) => statSync(source).ctimeMs));
  if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > changed) return;
  const { default: vocabulary } = await import(name);
  const quality = production ? constants.BROTLI_MAX_QUALITY : 1;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_LGWIN]: 24 };
  writeFileSync(file, brotliCompressSync(JSON.stringify(vocabulary), { params }));
}
