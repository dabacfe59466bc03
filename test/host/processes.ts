// Child processes and temporary folders that never outlive the run, however it ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { root } from './paths.ts';

const running = new Set<ChildProcess>();
const temporary = new Set<string>();

process.once('exit', () => {
  for (const child of running) child.kill('SIGTERM');
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Ends the program on Ctrl+C and SIGTERM by way of `exit`, so that children and temporary folders go with it. */
export function exitOnSignals(): void {
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  process.once('SIGHUP', () => process.exit(129));
}

/** A fresh folder, removed when the process exits. Short, because sockets are put in it (at most 104 characters). */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(process.platform === 'win32' ? os.tmpdir() : '/tmp', 'throughline-'));
  temporary.add(folder);
  return folder;
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Collect the output instead of showing it; a failing command's output is part of the error. */
  quiet?: boolean;
}

/** Runs a program to its end. Rejects when it cannot be started; resolves with its exit code and collected output. */
export function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32' && !command.endsWith('.exe'),
    });
    running.add(child);
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', (error) => {
      running.delete(child);
      reject(error);
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code: code ?? (signal ? 1 : 0), output });
    });
  });
}

/** Like `run`, and rejects with the end of the output when the program fails. */
export async function runOrThrow(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, output } = await run(command, args, options);
  if (code === 0) return output;
  const said = output.trim().split('\n').slice(-100).join('\n');
  throw new Error(
    `${path.basename(command)} ${args.join(' ')} failed with exit code ${code}${said && `:\n${said}`}`,
  );
}

export interface Guarded {
  /** Calls back with each line the program writes. */
  onLine(listener: (line: string) => void): void;
  /** The last lines that it wrote. */
  tail(): string;
  /** Resolves with the exit code once the program, its children and its temporary folders are gone. */
  readonly exited: Promise<number>;
  stop(): Promise<void>;
  /** Without a word to it: SIGKILL for the program and all that it started. */
  kill(): Promise<void>;
}

/** Starts a long-running program under guard.mjs: it ends with this process, even when this process is killed. */
export function startGuarded(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string; remove?: readonly string[] } = {},
): Guarded {
  const guard = path.join(root, 'test', 'host', 'guard.mjs');
  const child = spawn(process.execPath, [guard, JSON.stringify(options.remove ?? []), command, ...args], {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: Ctrl+C in the terminal must reach the guard as the end of its parent, not as a signal.
    detached: true,
  });
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        if (lines.length > 400) lines.shift();
        for (const listener of listeners) listener(line);
      }
    });
  }
  const exited = new Promise<number>((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 1));
  });
  return {
    onLine: (listener) => void listeners.add(listener),
    tail: () => lines.slice(-60).join('\n'),
    exited,
    stop: async () => {
      child.stdin.destroy();
      await exited;
    },
    kill: async () => {
      child.stdin.write('kill');
      await exited;
    },
  };
}

/** `preferred` if nothing listens there, else any free port on this machine. */
export async function freePort(preferred = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error) => (preferred === 0 ? reject(error) : resolve(freePort())));
    server.listen(preferred, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
