import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../host/paths.ts';

export interface View {
  readonly script: string;
  readonly style: string;
}

const bundled = new Map<string, Promise<View>>();

/** A view's script and stylesheets as they ship, built from what the working tree holds now. */
function bundleOf(entry: string, ...styles: readonly string[]): Promise<View> {
  const known = bundled.get(entry) ?? bundle(entry, styles);
  bundled.set(entry, known);
  return known;
}

export const bundleView = (): Promise<View> =>
  bundleOf('src/webview/main.tsx', 'media/chat.css', 'media/receipt.css');
/** The Context panel's. */
export const bundlePanel = (): Promise<View> =>
  bundleOf('src/webview/context/main.tsx', 'media/chat.css', 'media/receipt.css', 'media/context.css');
/** The Memory view's. */
export const bundleMemory = (): Promise<View> =>
  bundleOf('src/webview/memory/main.tsx', 'media/chat.css', 'media/memory.css');

async function bundle(entry: string, styles: readonly string[]): Promise<View> {
  const [built, ...read] = await Promise.all([
    build({
      absWorkingDir: root,
      entryPoints: [entry],
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
    ...styles.map((style) => readFile(path.join(root, style), 'utf8')),
  ]);
  return { script: built.outputFiles[0]?.text ?? '', style: read.join('\n') };
}
