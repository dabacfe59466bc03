// The first step of `npm start` and `npm test`, on the machine's own Node: a fresh clone has no node_modules, and so
// no newer Node either. Installs what package-lock.json asks for, then hands over to main.ts on Node 24.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const modules = path.join(root, 'node_modules');
const windows = process.platform === 'win32';
const node = path.join(modules, 'node', 'bin', windows ? 'node.exe' : 'node');

/** Whether each package that the lock file asks for is installed in that version. */
function isInstalled() {
  const installed = path.join(modules, '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([name, { version, optional }]) => name === '' || optional || found[name]?.version === version,
  );
}

/** Runs a program in the foreground and stops the whole bootstrap with its exit code if it fails. */
function require(command, args, cwd = root) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: windows });
  if (status === 0) return;
  console.error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
  process.exit(status ?? 1);
}

function nodeVersion() {
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout ?? '';
}

if (!isInstalled()) {
  console.log('Installing the npm packages of package-lock.json …');
  require('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}
if (!nodeVersion().startsWith('v24.')) {
  // Where npm is told to skip lifecycle scripts, the package `node` arrives without its binary: run its script here.
  require(process.execPath, ['installArchSpecificPackage'], path.join(modules, 'node'));
  if (!nodeVersion().startsWith('v24.')) {
    console.error(`Node 24 could not be installed: ${node} does not run.`);
    process.exit(1);
  }
}
const link = path.join(modules, '.bin', 'node');
if (!windows && !existsSync(link)) symlinkSync(path.join('..', 'node', 'bin', 'node'), link);

const child = spawn(node, [path.join(root, 'test', 'host', 'main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: path.join(modules, '.bin') + path.delimiter + process.env.PATH },
});
// Stays until the child has cleaned up, also when Ctrl+C in the terminal reached both.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
