// Starts one VS Code server and knows which of its processes is which window's extension host.
import { EventEmitter, once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, type Guarded, startGuarded } from './processes.ts';
import { type InstalledServer } from './servers.ts';

export interface ServerOptions {
  userDataDir: string;
  extensionsDir: string;
  port?: number;
  env?: NodeJS.ProcessEnv;
  /** Folders to remove once the server has ended. */
  remove?: readonly string[];
  /** The development and test keys of the address are ignored without it. */
  smokeTestDriver?: boolean;
}

export class VscodeServer {
  readonly port: number;
  readonly #process: Guarded;
  readonly #hosts = new Map<string, number>();
  readonly #launches = new EventEmitter();

  private constructor(port: number, process: Guarded) {
    this.port = port;
    this.#process = process;
    process.onLine((line) => {
      // "[12:00:00] [127.0.0.1][809a732b][ExtensionHostConnection] <5430> Launched Extension Host Process."
      const launch = /\[(\w+)\]\[ExtensionHostConnection\] <(\d+)> Launched/.exec(line);
      if (!launch?.[1] || !launch[2]) return;
      this.#hosts.set(launch[1], Number(launch[2]));
      this.#launches.emit('launch');
    });
  }

  static async start(installed: InstalledServer, options: ServerOptions): Promise<VscodeServer> {
    const port = options.port ?? (await freePort());
    mkdirSync(options.userDataDir, { recursive: true });
    mkdirSync(options.extensionsDir, { recursive: true });
    const started = startGuarded(installed.node, serverArguments(installed, options, port), {
      cwd: options.userDataDir,
      env: { ...options.env, NODE_OPTIONS: '' },
      remove: options.remove ?? [],
    });
    const server = new VscodeServer(port, started);
    await server.#answers();
    return server;
  }

  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  /** Resolves once the server has ended, whoever ended it. */
  get exited(): Promise<number> {
    return this.#process.exited;
  }

  log(): string {
    return this.#process.tail();
  }

  /**
   * The extension host of the window that opened one of the connections, the newest first.
   * @param tokens the reconnection tokens of the window's sockets, asked for again after each launch
   */
  async extensionHostPid(tokens: () => readonly string[], timeout: number): Promise<number> {
    const signal = AbortSignal.timeout(timeout);
    for (;;) {
      const pid = tokens()
        .toReversed()
        .map((token) => this.#hosts.get(token.slice(0, 8)))
        .find((found) => found !== undefined);
      if (pid !== undefined) return pid;
      await once(this.#launches, 'launch', { signal }).catch((cause: unknown) => {
        throw new Error(`No extension host started within ${timeout / 1000} s.\n${this.log()}`, { cause });
      });
    }
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }

  async kill(): Promise<void> {
    await this.#process.kill();
  }

  async #answers(): Promise<void> {
    const ended = this.exited.then(() => 'ended' as const);
    for (const deadline = Date.now() + 60_000; Date.now() < deadline;) {
      const answer = await Promise.race([ended, fetch(`${this.origin}/version`).catch(() => undefined)]);
      if (answer === 'ended') break;
      if (answer) return;
      await pause(50);
    }
    await this.stop();
    throw new Error(`The VS Code server did not start.\n${this.log()}`);
  }
}

/** Only `out/node/entry.js` of the newer one keeps SecretStorage over a reload; the older has no such option. */
function serverArguments(installed: InstalledServer, options: ServerOptions, port: number): string[] {
  const driver = options.smokeTestDriver ?? true;
  const shared = ['--disable-workspace-trust', '--extensions-dir', options.extensionsDir];
  if (installed.version === '1.110.0') {
    return [
      path.join(installed.folder, 'lib', 'vscode', 'out', 'server-main.js'),
      ...['--host', '127.0.0.1', '--port', String(port), '--server-data-dir', options.userDataDir],
      ...[
        '--without-connection-token',
        '--accept-server-license-terms',
        '--telemetry-level',
        'off',
        ...shared,
      ],
      ...(driver ? ['--enable-smoke-test-driver'] : []),
    ];
  }
  const config = path.join(options.userDataDir, 'config.yaml');
  writeFileSync(config, 'auth: none\n');
  return [
    path.join(installed.folder, 'out', 'node', 'entry.js'),
    ...['--config', config, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
    // Not in the user data folder, whose path may be too long for a socket.
    ...['--session-socket', path.join(options.env?.['TMPDIR'] ?? os.tmpdir(), `session-${port}.sock`)],
    ...['--user-data-dir', options.userDataDir, '--disable-telemetry', '--disable-update-check', ...shared],
    ...(driver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
}
