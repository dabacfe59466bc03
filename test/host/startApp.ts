// `npm start`: VS Code with the extension on a sample workspace, until Ctrl+C.
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { desktopCode } from './desktop.ts';
import { installVsix, packageFolder } from './extensions.ts';
import { packageVsix } from './packageVsix.ts';
import { downloads, root, sampleWorkspace } from './paths.ts';
import { freePort, run, runOrThrow, temporaryFolder } from './processes.ts';
import { VscodeServer } from './server.ts';
import { installServer, newest } from './servers.ts';
import { quietSettings } from './settings.ts';

/** Kept between starts: what was said and the keys are in there. */
const home = path.join(downloads, 'start');
const workspace = path.join(downloads, 'sample-workspace');
const preferredPort = 3100;

export async function startApp(): Promise<number> {
  if (!existsSync(workspace)) cpSync(sampleWorkspace, workspace, { recursive: true });
  const code = process.env['THROUGHLINE_BROWSER'] ? undefined : desktopCode();
  return code ? startDesktop(code) : startServer();
}

async function startDesktop(code: string): Promise<number> {
  await runOrThrow(process.execPath, ['esbuild.mjs'], { quiet: true });
  console.log('Opening VS Code; close its window to end.');
  const flags = ['--new-window', '--wait', '--disable-workspace-trust', '--skip-welcome'];
  return (await run(code, [...flags, `--extensionDevelopmentPath=${root}`, workspace])).code;
}

async function startServer(): Promise<number> {
  const userDataDir = path.join(home, 'user-data');
  const extensionsDir = path.join(home, 'extensions');
  const installed = await installServer(newest);
  // An installed extension, not a development one: its address is a plain one, which can be bookmarked and forwarded.
  const vsix = await packageVsix();
  await installVsix(installed, vsix, { userDataDir, extensionsDir });
  const starter = path.join(home, 'start-extension.vsix');
  await packageFolder(path.join(root, 'test', 'host', 'start-extension'), starter);
  await installVsix(installed, starter, { userDataDir, extensionsDir });

  const machine = path.join(userDataDir, 'Machine');
  mkdirSync(machine, { recursive: true });
  writeFileSync(path.join(machine, 'settings.json'), JSON.stringify(quietSettings, undefined, 2));
  const port = await freePort(preferredPort);
  const temporary = temporaryFolder();
  const server = await VscodeServer.start(installed, {
    userDataDir,
    extensionsDir,
    port,
    env: { TMPDIR: temporary },
    remove: [temporary],
    smokeTestDriver: false,
  });
  if (port !== preferredPort) {
    console.log(
      `Port ${preferredPort} is taken. Another port is another browser storage: histories start empty there.`,
    );
  }
  console.log(`\nThroughline runs in VS Code ${newest}. Open this in a browser, and Ctrl+C here to end:\n`);
  console.log(`  ${server.origin}/?folder=${encodeURI(workspace)}\n`);
  const exitCode = await server.exited;
  console.error(server.log());
  return exitCode;
}
