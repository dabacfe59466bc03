// Runs the integration suite inside VS Code with @vscode/test-electron: in the desktop where it can be had, else in
// a VS Code server by way of codeProgram.ts. The suite is the same.
// Usage, for a run beside another: node integration.ts options-as-json result.json
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { chromium } from './chromium.ts';
import { chooseHost, type DesktopChoice, installVsixOnDesktop } from './desktop.ts';
import { installVsix } from './extensions.ts';
import { type MochaResult } from './mochaRun.ts';
import { emptyExtension, integrationTests, root, sampleWorkspace } from './paths.ts';
import { exitOnSignals, run, temporaryFolder } from './processes.ts';
import { installServer, type VscodeVersion } from './servers.ts';
import { quietSettings } from './settings.ts';

export interface IntegrationOptions {
  version: VscodeVersion;
  host: DesktopChoice;
  /** Test the installed package instead of the source tree. */
  vsix?: string;
  grep?: string | undefined;
}

export async function runIntegration(options: IntegrationOptions): Promise<MochaResult> {
  const folder = temporaryFolder();
  const userDataDir = path.join(folder, 'user-data');
  const extensionsDir = path.join(folder, 'extensions');
  const workspace = path.join(folder, 'sample-workspace');
  const resultFile = path.join(folder, 'result.json');
  cpSync(sampleWorkspace, workspace, { recursive: true });
  mkdirSync(path.join(userDataDir, 'User'), { recursive: true });
  writeFileSync(path.join(userDataDir, 'User', 'settings.json'), JSON.stringify(quietSettings));
  if (options.host.kind === 'server') await chromium();

  const executable =
    options.host.kind === 'desktop' ? await options.host.download(options.version) : undefined;
  if (options.vsix && executable)
    await installVsixOnDesktop(executable, options.vsix, { userDataDir, extensionsDir });
  if (options.vsix && !executable) {
    await installVsix(await installServer(options.version), options.vsix, { userDataDir, extensionsDir });
  }
  await runTests({
    vscodeExecutablePath: executable ?? path.join(root, 'test', 'host', 'codeProgram.ts'),
    extensionDevelopmentPath: options.vsix ? emptyExtension : root,
    extensionTestsPath: integrationTests,
    launchArgs: [workspace, `--user-data-dir=${userDataDir}`, `--extensions-dir=${extensionsDir}`],
    extensionTestsEnv: {
      THROUGHLINE_VSCODE_VERSION: options.version,
      THROUGHLINE_TEST_RESULT: resultFile,
      THROUGHLINE_TEST_EXTENSION: options.vsix ? extensionsDir : root,
      ...(options.grep && { THROUGHLINE_TEST_GREP: options.grep }),
    },
  }).catch((error: unknown) => {
    // Failing tests are in the result; without one, the run itself broke.
    if (!existsSync(resultFile)) throw error;
  });
  return JSON.parse(readFileSync(resultFile, 'utf8')) as MochaResult;
}

/** The same in a process of its own, which can run beside another; what it prints is shown once it has ended. */
export async function runIntegrationApart(options: Omit<IntegrationOptions, 'host'>): Promise<MochaResult> {
  const resultFile = path.join(temporaryFolder(), 'result.json');
  const args = [import.meta.filename, JSON.stringify(options), resultFile];
  const { code, output } = await run(process.execPath, args, { quiet: true });
  console.log(
    `\n── ${options.vsix ? 'The installed package' : 'The source'} in VS Code ${options.version}:\n`,
  );
  console.log(output.trimEnd());
  if (!existsSync(resultFile)) throw new Error(`The integration tests broke off with exit code ${code}.`);
  return JSON.parse(readFileSync(resultFile, 'utf8')) as MochaResult;
}

if (process.argv[1] === import.meta.filename) {
  exitOnSignals();
  const [options = '{}', resultFile = ''] = process.argv.slice(2);
  const { vsix, version, grep } = JSON.parse(options) as IntegrationOptions;
  const host = await chooseHost();
  const result = await runIntegration({ version, host, grep, ...(vsix && { vsix }) });
  writeFileSync(resultFile, JSON.stringify(result));
  process.exit(result.failed > 0 ? 1 : 0);
}
