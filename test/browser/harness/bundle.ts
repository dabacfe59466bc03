import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../host/paths.ts';

interface View {
  readonly script: string;
  readonly style: string;
}

let [view, panel]: [Promise<View> | undefined, Promise<View> | undefined] = [undefined, undefined];

/** The view's script and stylesheet as they ship, built from what the working tree holds now. */
export const bundleView = (): Promise<View> =>
  (view ??= bundle('src/webview/main.tsx', ['chat.css', 'receipt.css']));

/** The Context panel's. */
export const bundlePanel = (): Promise<View> =>
  (panel ??= bundle('src/webview/context/main.tsx', ['chat.css', 'receipt.css', 'context.css']));

async function bundle(entryPoint: string, styles: readonly string[]): Promise<View> {
  const [built, ...sheets] = await Promise.all([
    build({
      absWorkingDir: root,
      entryPoints: [entryPoint],
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
    ...styles.map((name) => readFile(path.join(root, 'media', name), 'utf8')),
  ]);
  return { script: built.outputFiles[0]?.text ?? '', style: sheets.join('\n') };
}
