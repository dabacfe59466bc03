import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../host/paths.ts';

interface View {
  readonly script: string;
  readonly style: string;
}

let bundled: Promise<View> | undefined;

/** The view's script and stylesheet as they ship, built from what the working tree holds now. */
export const bundleView = (): Promise<View> => (bundled ??= bundle());

async function bundle(): Promise<View> {
  const [built, style] = await Promise.all([
    build({
      absWorkingDir: root,
      entryPoints: ['src/webview/main.tsx'],
      bundle: true,
      write: false,
      minify: true,
      platform: 'browser',
      format: 'iife',
      target: 'chrome130',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      define: { 'process.env.NODE_ENV': '"production"' },
    }),
    readFile(path.join(root, 'media/chat.css'), 'utf8'),
  ]);
  return { script: built.outputFiles[0]?.text ?? '', style };
}
