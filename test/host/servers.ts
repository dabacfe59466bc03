// Gets real VS Codes from the npm registry: code-server is the unchanged workbench and extension host as a server.
// Each is installed once under .vscode-test/ and reused; an interrupted installation is taken up where it stopped.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { downloads, root } from './paths.ts';
import { runOrThrow } from './processes.ts';

/** The newest VS Code, and the oldest that package.json's `engines.vscode` promises. */
export type VscodeVersion = '1.139.1' | '1.110.0';
export const newest: VscodeVersion = '1.139.1';
export const oldest: VscodeVersion = '1.110.0';

export interface InstalledServer {
  version: VscodeVersion;
  /** The Node that this VS Code ships with. */
  node: string;
  /** The code-server package; VS Code itself is in its lib/vscode. */
  folder: string;
}

const packages: Record<VscodeVersion, { codeServer: string; node: '22' | '24' }> = {
  '1.139.1': { codeServer: '4.139.1', node: '24' },
  '1.110.0': { codeServer: '4.110.0', node: '22' },
};

export async function installServer(version: VscodeVersion): Promise<InstalledServer> {
  const { codeServer, node } = packages[version];
  const home = path.join(downloads, `code-server-${codeServer}`);
  const folder = path.join(home, 'node_modules', 'code-server');
  await once(home, 'package', `VS Code ${version}: installing code-server ${codeServer}`, () =>
    npmInstall(home, ['install', `code-server@${codeServer}`]),
  );
  await once(home, 'vscode', `VS Code ${version}: installing its dependencies`, () =>
    npmInstall(path.join(folder, 'lib', 'vscode'), ['install', '--omit=dev']),
  );
  return { version, folder, node: await nodeBinary(node) };
}

async function nodeBinary(major: '22' | '24'): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const home = path.join(downloads, `node-${major}`);
  const folder = path.join(home, 'node_modules', 'node');
  await once(home, 'package', `Node ${major}: installing`, async () => {
    await npmInstall(home, ['install', `node@${major}`]);
    // The package fetches its binary in a lifecycle script, which npm may be told to skip: run it by name.
    await runOrThrow(process.execPath, ['installArchSpecificPackage'], { cwd: folder, quiet: true });
  });
  return path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

async function npmInstall(folder: string, args: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const manifest = path.join(folder, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  rmSync(path.join(folder, 'node_modules'), { recursive: true, force: true });
  const flags = ['--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await runOrThrow('npm', [...args, ...flags], { cwd: folder, quiet: true });
}

/** Runs `step` unless it was completed in an earlier run; one process at a time. */
async function once(home: string, name: string, progress: string, step: () => Promise<void>): Promise<void> {
  const done = path.join(home, `.${name}-complete`);
  if (existsSync(done)) return;
  mkdirSync(home, { recursive: true });
  const release = await lock(path.join(home, '.lock'));
  try {
    if (existsSync(done)) return;
    const started = Date.now();
    console.log(`${progress} …`);
    await step();
    writeFileSync(done, `${new Date().toISOString()}\n`);
    console.log(
      `${progress}: done in ${((Date.now() - started) / 1000).toFixed(0)} s (in ${path.relative(root, home)})`,
    );
  } finally {
    release();
  }
}

async function lock(file: string): Promise<() => void> {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      const release = (): void => rmSync(file, { force: true });
      process.once('exit', release);
      return () => {
        process.off('exit', release);
        release();
      };
    } catch {
      if (!isAlive(Number(readIfThere(file)))) rmSync(file, { force: true });
      else await pause(500);
    }
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
