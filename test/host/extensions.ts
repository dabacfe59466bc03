// Packages and installs extensions the way a user does.
import path from 'node:path';
import { root } from './paths.ts';
import { runOrThrow } from './processes.ts';
import { type InstalledServer } from './servers.ts';

export async function installVsix(
  installed: InstalledServer,
  vsix: string,
  folders: { userDataDir: string; extensionsDir: string },
): Promise<void> {
  const args = [
    path.join(installed.folder, 'lib', 'vscode', 'out', 'server-main.js'),
    ...['--server-data-dir', folders.userDataDir, '--extensions-dir', folders.extensionsDir],
    ...['--accept-server-license-terms', '--install-extension', vsix, '--force'],
  ];
  const output = await runOrThrow(installed.node, args, { quiet: true });
  if (!/successfully installed/i.test(output)) throw new Error(`Installing ${vsix} failed:\n${output}`);
}

/** Packages an extension's folder without asking for a repository, a licence or dependencies. */
export async function packageFolder(folder: string, vsix: string): Promise<void> {
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const flags = [
    '--no-dependencies',
    '--allow-missing-repository',
    '--skip-license',
    '--no-rewrite-relative-links',
  ];
  await runOrThrow(process.execPath, [vsce, 'package', ...flags, '--out', vsix], {
    cwd: folder,
    quiet: true,
  });
}
