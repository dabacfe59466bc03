// Runs one command for as long as whoever started this program lives, then ends the command's whole process group
// and removes temporary folders. It notices the end of its parent, a kill -9 too, by the end of its standard input.
// Usage: node guard.mjs '["/folder/to/remove"]' command [argument …]
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const [remove, command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
let ended = false;

function signal(name) {
  try {
    process.kill(-child.pid, name);
    return true;
  } catch {
    return false;
  }
}

function finish(code) {
  signal('SIGKILL');
  for (const folder of JSON.parse(remove)) {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    } catch (error) {
      console.error(`Could not remove ${folder}: ${error.message}`);
    }
  }
  process.exit(code);
}

child.on('error', (error) => {
  console.error(error.message);
  finish(127);
});
child.on('exit', (code) => {
  ended = true;
  finish(code ?? 1);
});
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => signal('SIGTERM'));
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
process.stdin.on('error', () => {});
// Whatever is written to it is an order to kill the command at once.
process.stdin.on('data', () => signal('SIGKILL'));
process.stdin.on('close', () => {
  if (ended) return;
  signal('SIGTERM');
  setTimeout(() => finish(1), 2000);
});
