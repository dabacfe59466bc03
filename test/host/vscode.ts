// Starts a real VS Code in Chromium for a test.
import { cpSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { type BrowserContext, chromium as playwright } from 'playwright-core';
import { chromium } from './chromium.ts';
import { installVsix } from './extensions.ts';
import { downloads, emptyExtension, root, sampleWorkspace } from './paths.ts';
import { temporaryFolder } from './processes.ts';
import { VscodeServer } from './server.ts';
import { installServer, newest, type VscodeVersion } from './servers.ts';
import { injectDefaults, type Settings, testSettings, type Theme } from './settings.ts';
import { VscodeWindow } from './vscodeWindow.ts';

export interface StartOptions {
  /** Default: the newest. SecretStorage survives a reload in the newest only. */
  version?: VscodeVersion;
  /** Default: a fresh copy of the sample workspace. */
  workspaceFolder?: string;
  /** Default: this repository, as built; the empty extension where a VSIX is installed. */
  extensionDevelopmentPath?: string;
  /** A packaged extension to install first. */
  installedVsix?: string;
  /** Runs these tests in the first window; `testExit` resolves with their exit code. */
  extensionTestsPath?: string;
  /** The server's side of the storage: files, logs, secrets. Default: fresh, removed on close. */
  userDataDir?: string;
  extensionsDir?: string;
  /** The browser's side: globalState, layout, user settings. Default: fresh, removed on close. */
  persistentContextDir?: string;
  /** Browser storage is per origin: give the port again to find it again after a restart. */
  port?: number;
  settings?: Settings;
  theme?: Theme;
  /** Variables for the server and every extension host. */
  environment?: Record<string, string>;
  viewport?: { width: number; height: number };
  /** What the extension tests log, line by line. */
  onLog?: (line: string) => void;
}

export interface Vscode {
  readonly version: VscodeVersion;
  readonly workspaceFolder: string;
  readonly userDataDir: string;
  readonly persistentContextDir: string;
  readonly port: number;
  /** The first window, and its page. */
  readonly window: VscodeWindow;
  readonly page: VscodeWindow['page'];
  readonly context: BrowserContext;
  /** Resolves with the exit code of the extension tests; rejects when the server or the window ends before them. */
  readonly testExit: Promise<number>;
  /** A second window, with an extension host of its own, on the same folder or another. */
  newWindow(workspaceFolder?: string): Promise<VscodeWindow>;
  reload(): Promise<void>;
  extensionHostPid(): Promise<number>;
  serverLog(): string;
  /** Ends browser and server, and removes what was not given in the options. */
  close(): Promise<void>;
  /** The same at one blow, as where the machine fails: nothing is closed, nothing more is written. */
  kill(): Promise<void>;
}

export async function startVscode(options: StartOptions = {}): Promise<Vscode> {
  const version = options.version ?? newest;
  const [executablePath, installed] = [await chromium(), await installServer(version)];
  const temporary = temporaryFolder();
  const userDataDir = options.userDataDir ?? path.join(temporary, 'user-data');
  const extensionsDir = options.extensionsDir ?? path.join(temporary, 'extensions');
  const persistentContextDir = options.persistentContextDir ?? path.join(temporary, 'browser');
  const workspaceFolder = options.workspaceFolder ?? path.join(temporary, 'sample-workspace');
  if (!options.workspaceFolder) cpSync(sampleWorkspace, workspaceFolder, { recursive: true });
  if (options.installedVsix)
    await installVsix(installed, options.installedVsix, { userDataDir, extensionsDir });

  const environment = { TMPDIR: temporary, XDG_CONFIG_HOME: temporary, XDG_DATA_HOME: temporary };
  const server = await VscodeServer.start(installed, {
    userDataDir,
    extensionsDir,
    ...(options.port === undefined ? {} : { port: options.port }),
    env: { ...environment, ...options.environment },
    remove: [temporary],
  });
  let context: BrowserContext | undefined;
  const close = async (): Promise<void> => {
    await context?.close().catch(() => undefined);
    await server.stop();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  };
  const kill = async (): Promise<void> => {
    await Promise.all([server.kill(), context && crash(context)]);
    await close();
  };
  try {
    context = await playwright.launchPersistentContext(persistentContextDir, {
      executablePath,
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-dev-shm-usage'],
        ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ],
      env: { ...process.env, ...environment },
      artifactsDir: path.join(temporary, 'artifacts'),
      viewport: options.viewport ?? { width: 1280, height: 800 },
      // The program's own exit ends Chromium, by the end of its pipe.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    const extensionDevelopmentPath = developmentPath(options, temporary);
    const prepared = { ...options, version, workspaceFolder, extensionDevelopmentPath };
    return await openFirstWindow(prepared, context, server, {
      userDataDir,
      persistentContextDir,
      close,
      kill,
    });
  } catch (error) {
    await close();
    throw error;
  }
}

/** Playwright closes a browser in good order; this is what a crash of it is. */
async function crash(context: BrowserContext): Promise<void> {
  const [page] = context.pages();
  if (!page) return;
  const closed = new Promise((resolve) => context.once('close', resolve));
  const session = await context.newCDPSession(page);
  // The command's answer never comes.
  session.send('Browser.crash').catch(() => undefined);
  await closed;
}

/**
 * The development extension as VS Code shall see it. A folder with this VS Code inside goes by another path: VS Code
 * prefers the color themes found under the development extension to the one that is set, and would find its own.
 */
function developmentPath(options: StartOptions, temporary: string): string {
  const chosen = options.extensionDevelopmentPath ?? (options.installedVsix ? emptyExtension : root);
  if (path.relative(chosen, downloads).startsWith('..')) return chosen;
  const link = path.join(temporary, 'extension');
  symlinkSync(chosen, link, 'junction');
  return link;
}

type Prepared = StartOptions & {
  version: VscodeVersion;
  workspaceFolder: string;
  extensionDevelopmentPath: string;
};

async function openFirstWindow(
  options: Prepared,
  context: BrowserContext,
  server: VscodeServer,
  rest: Pick<Vscode, 'userDataDir' | 'persistentContextDir' | 'close' | 'kill'>,
): Promise<Vscode> {
  const theme = options.theme ?? 'dark';
  const settings = testSettings(options.version, theme, options.settings);
  await context.addInitScript(injectDefaults, settings);
  const window = new VscodeWindow(
    context.pages()[0] ?? (await context.newPage()),
    server,
    address(server, options, options.workspaceFolder, options.extensionTestsPath),
    theme,
  );
  const { page } = window;
  const testExit = new Promise<number>((resolve, reject) => {
    const gone = (what: string) => () =>
      reject(new Error(`${what} before the tests ended.\n${server.log()}`));
    page.once('crash', gone('The window crashed'));
    page.once('close', gone('The window was closed'));
    void server.exited.then(gone('The VS Code server ended'));
    void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
  });
  testExit.catch(() => undefined);
  await page.exposeFunction('codeAutomationLog', (_type: string, values: unknown[]) => {
    options.onLog?.(
      values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' '),
    );
  });
  await window.open();
  return {
    ...rest,
    version: options.version,
    workspaceFolder: options.workspaceFolder,
    port: server.port,
    window,
    page,
    context,
    testExit,
    newWindow: async (folder = options.workspaceFolder) => {
      const another = new VscodeWindow(
        await context.newPage(),
        server,
        address(server, options, folder),
        theme,
      );
      await another.open();
      return another;
    },
    reload: () => window.reload(),
    extensionHostPid: () => window.extensionHostPid(),
    serverLog: () => server.log(),
  };
}

/** Source of the payload's keys: the workbench's own `IWorkbenchConstructionOptions` and smoke tests. */
function address(server: VscodeServer, options: Prepared, folder: string, tests?: string): string {
  const remote = (file: string): string => `vscode-remote://localhost:${server.port}${file}`;
  const payload = [
    ['extensionDevelopmentPath', remote(options.extensionDevelopmentPath)],
    ...(tests ? [['extensionTestsPath', remote(tests)]] : []),
    ['extensionEnvironment', JSON.stringify(options.environment ?? {})],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
  return `${server.origin}/?${query.toString()}`;
}
