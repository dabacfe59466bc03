// Runs the integration suite inside VS Code with @vscode/test-electron: in the desktop where it can be had, else in
// a VS Code server by way of codeProgram.ts. The suite is the same.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { chromium } from './chromium.ts';
import { type DesktopChoice, installVsixOnDesktop } from './desktop.ts';
import { installVsix } from './extensions.ts';
import { type MochaResult } from './mochaRun.ts';
import { emptyExtension, integrationTests, root, sampleWorkspace } from './paths.ts';
import { temporaryFolder } from './processes.ts';
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
