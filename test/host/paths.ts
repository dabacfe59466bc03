// Where things are. Found from the working directory and not from this file, because the browser tests carry
// this module inside their own bundle.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

function findRoot(): string {
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest) && readFileSync(manifest, 'utf8').includes('"name": "throughline"'))
      return folder;
    if (folder === path.dirname(folder)) throw new Error('Run this inside the Throughline repository.');
  }
}

/** The repository. */
export const root = findRoot();
/** Downloads that survive between runs; git-ignored. */
export const downloads = path.join(root, '.vscode-test');
/** Screenshots and logs of the last test run; git-ignored. */
export const results = path.join(root, 'test-results');
export const sampleWorkspace = path.join(root, 'test', 'host', 'sample-workspace');
/** An extension that does nothing: a run on an installed VSIX still has to name a development extension. */
export const emptyExtension = path.join(root, 'test', 'host', 'empty-extension');
export const integrationTests = path.join(root, 'dist', 'test', 'integration', 'index.js');
