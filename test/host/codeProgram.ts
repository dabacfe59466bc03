#!/usr/bin/env node
// A "VS Code" for @vscode/test-electron where the desktop cannot be downloaded: takes the arguments of the desktop
// program, runs the tests in a real VS Code server in Chromium, and relays their log and exit code.
// THROUGHLINE_VSCODE_VERSION picks the version.
import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { reportMark } from './mochaRun.ts';
import { results } from './paths.ts';
import { exitOnSignals } from './processes.ts';
import { newest, type VscodeVersion } from './servers.ts';
import { startVscode } from './vscode.ts';

exitOnSignals();
const { values, positionals } = parseArgs({
  strict: false,
  options: {
    extensionDevelopmentPath: { type: 'string' },
    extensionTestsPath: { type: 'string' },
    'user-data-dir': { type: 'string' },
    'extensions-dir': { type: 'string' },
  },
});
const text = (name: string): string | undefined =>
  typeof values[name] === 'string' ? values[name] : undefined;
const extensionDevelopmentPath = text('extensionDevelopmentPath');
const extensionTestsPath = text('extensionTestsPath');
const userDataDir = text('user-data-dir');
const extensionsDir = text('extensions-dir');
const workspaceFolder = positionals[0];

const version = (process.env['THROUGHLINE_VSCODE_VERSION'] as VscodeVersion | undefined) ?? newest;
mkdirSync(results, { recursive: true });
const logFile = path.join(results, `vscode-${version}.log`);
const log = createWriteStream(logFile);
const lines: string[] = [];
const report = { begun: false };
/** Milliseconds without a line of the report, after which a run that hangs is given up. */
const patience = 180_000;

let giveUp = (): void => undefined;
const hang = new Promise<never>((_resolve, reject) => {
  giveUp = () => reject(new Error(`The tests hang: nothing was reported for ${patience / 1000} s.`));
});
hang.catch(() => undefined);
const silence = setTimeout(() => giveUp(), patience);

const vscode = await startVscode({
  version,
  ...(extensionDevelopmentPath && { extensionDevelopmentPath }),
  ...(extensionTestsPath && { extensionTestsPath }),
  ...(userDataDir && { userDataDir, settings: userSettings(userDataDir) }),
  ...(extensionsDir && { extensionsDir }),
  ...(workspaceFolder && { workspaceFolder: path.resolve(workspaceFolder) }),
  onLog: (text) => {
    for (const line of text.split('\n')) {
      log.write(`${line}\n`);
      lines.push(line);
      if (!line.startsWith(reportMark)) continue;
      report.begun = true;
      silence.refresh();
      console.log(line.slice(reportMark.length));
    }
  },
});
const code = await Promise.race([vscode.testExit, hang]).catch((error: unknown) => {
  console.error(error);
  return 1;
});
if (!report.begun)
  console.error(`The tests did not start. The end of ${logFile}:\n${lines.slice(-40).join('\n')}`);
await vscode.close();
log.end(() => process.exit(code));

/** The user settings, where the desktop keeps them; a server in the browser has its own in the browser's storage. */
function userSettings(folder: string): Record<string, unknown> {
  const file = path.join(folder, 'User', 'settings.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
}
