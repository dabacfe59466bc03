// Desktop VS Code: whether it can be had here, and how.
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { findOnPath } from './chromium.ts';
import { downloads } from './paths.ts';
import { runOrThrow } from './processes.ts';
import { type VscodeVersion } from './servers.ts';

const updateServer = 'https://update.code.visualstudio.com';

export type DesktopChoice =
  | { kind: 'desktop'; download: (version: VscodeVersion) => Promise<string> }
  | { kind: 'server'; reason: string };

/** The desktop where it can be downloaded and has a screen to open on, else the server in Chromium, and why. */
export async function chooseHost(): Promise<DesktopChoice> {
  if (!hasScreen()) return { kind: 'server', reason: 'there is no screen for desktop VS Code' };
  if (!(await canDownload())) return { kind: 'server', reason: 'desktop VS Code cannot be downloaded here' };
  return { kind: 'desktop', download };
}

/** The desktop, or one sentence that says what is missing. */
export async function requireDesktop(): Promise<DesktopChoice> {
  if (!(await canDownload())) {
    throw new Error(`Desktop VS Code cannot be downloaded: ${updateServer} does not answer from here.`);
  }
  if (!hasScreen())
    throw new Error('Desktop VS Code needs a screen: run this under a desktop, or with xvfb-run -a.');
  return { kind: 'desktop', download };
}

export function hasScreen(): boolean {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

/** The desktop `code` command, where there is one that can open a window. */
export function desktopCode(): string | undefined {
  // Inside a VS Code terminal on a remote machine, `code` opens files in that window and takes no development extension.
  return hasScreen() && !process.env['VSCODE_IPC_HOOK_CLI'] ? findOnPath('code') : undefined;
}

async function canDownload(): Promise<boolean> {
  const options = { method: 'HEAD', signal: AbortSignal.timeout(4000) };
  const answer = await fetch(`${updateServer}/api/releases/stable`, options).catch(() => undefined);
  return answer?.ok ?? false;
}

function download(version: VscodeVersion): Promise<string> {
  return downloadAndUnzipVSCode({ version, cachePath: downloads });
}

export async function installVsixOnDesktop(
  executable: string,
  vsix: string,
  folders: { userDataDir: string; extensionsDir: string },
): Promise<void> {
  const [command = executable, ...args] = resolveCliArgsFromVSCodeExecutablePath(executable, {
    reuseMachineInstall: true,
  });
  const where = [`--user-data-dir=${folders.userDataDir}`, `--extensions-dir=${folders.extensionsDir}`];
  await runOrThrow(command, [...args, ...where, '--no-sandbox', '--install-extension', vsix, '--force'], {
    quiet: true,
  });
}
