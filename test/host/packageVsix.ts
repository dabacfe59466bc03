// Packages the extension and checks the result: small, complete, and holding nothing but what runs.
import { statSync } from 'node:fs';
import path from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { packageFolder } from './extensions.ts';
import { root } from './paths.ts';
import { runOrThrow } from './processes.ts';

const largest = 1.5 * 1024 * 1024;
const allowed = [
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
  /^dist\/(extension|worker|openai|tokenizer|languages|secrets|webview|context|memory)\.(js|css)$/,
  /^dist\/o200k_base\.json\.br$/,
  /^docs\/formats\/(README\.md|[\w.-]+\.schema\.json)$/,
  /^media\/[\w./-]+\.(svg|png|css|md|ttf)$/,
];
const required = [
  'package.json',
  'LICENSE',
  'dist/extension.js',
  'dist/worker.js',
  'dist/openai.js',
  'dist/languages.js',
  'dist/tokenizer.js',
  'dist/secrets.js',
  'dist/o200k_base.json.br',
  'dist/webview.js',
  'dist/context.js',
  'dist/memory.js',
  'media/icon.png',
];

/** Builds for production and packages. Resolves with the path of the VSIX; dist/ holds the production build then. */
export async function packageVsix(): Promise<string> {
  await runOrThrow(process.execPath, ['esbuild.mjs', '--production'], { quiet: true });
  const vsix = path.join(root, 'throughline.vsix');
  await packageFolder(root, vsix);
  return vsix;
}

/** Rejects when the package is too large, lacks something, or holds what does not run. */
export async function checkPackage(vsix: string): Promise<void> {
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  const surplus = files.filter((file) => !allowed.some((pattern) => pattern.test(file)));
  const missing = required.filter((file) => !files.includes(file));
  const { size } = statSync(vsix);
  console.log(`${path.basename(vsix)}: ${(size / 1024).toFixed(0)} kB, ${files.length} files`);
  for (const file of files) console.log(`  ${file}`);
  if (surplus.length > 0) throw new Error(`The package holds what it does not need: ${surplus.join(', ')}`);
  if (missing.length > 0) throw new Error(`The package lacks ${missing.join(', ')}`);
  if (size > largest) throw new Error(`The package is larger than 1.5 MB: ${size} bytes`);
}
