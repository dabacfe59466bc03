// Bundles the extension host (CJS), its lazy parts, the worker, the webview, and with --tests the tests.
// CJS has no code splitting, so a lazily loaded part is an entry point of its own.
import { build, context } from 'esbuild';
import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import vocabulary from 'gpt-tokenizer/bpeRanks/o200k_base';

const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');

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
  { ...node, entryPoints: { openai: 'src/adapters/models/openaiChatModel.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { tokenizer: 'src/adapters/tokens/tokenizer.ts' }, outdir: 'dist' },
  {
    ...browser,
    entryPoints: { webview: 'src/webview/main.tsx', context: 'src/webview/context/main.tsx' },
    outdir: 'dist',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  },
];
const tests = {
  ...node,
  packages: 'external',
  entryPoints: globSync('test/{unit,contract,damage,integration,browser}/**/*.ts'),
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
  },
  outdir: 'dist/test/chaos',
  outExtension: { '.js': '.mjs' },
  minify: false,
};

// The threads are product code that unit tests start, too.
const threads = product.filter(({ entryPoints }) => 'worker' in entryPoints || 'tokenizer' in entryPoints);
const targets = flags.has('--tests')
  ? [tests, ...threads]
  : flags.has('--all')
    ? [...product, tests, chaos]
    : product;
if (production) rmSync('dist', { recursive: true, force: true });
// A test that was moved or deleted must not run on from an earlier build.
if (targets.includes(tests)) rmSync('dist/test', { recursive: true, force: true });
mkdirSync('dist', { recursive: true });
writeFileSync('dist/o200k_base.json.br', packed(vocabulary));
if (flags.has('--watch')) {
  await Promise.all(targets.map(async (target) => (await context(target)).watch()));
} else {
  await Promise.all(targets.map((target) => build(target)));
}

/** The tokenizer's vocabulary, the largest part of the package. Packing it well takes seconds. */
function packed(value) {
  const quality = production ? constants.BROTLI_MAX_QUALITY : 1;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_LGWIN]: 24 };
  return brotliCompressSync(JSON.stringify(value), { params });
}
