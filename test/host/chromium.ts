// Finds a Chromium for the browser tests, or installs Debian's where that can be done without asking anybody.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { run } from './processes.ts';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'chrome',
];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The path of a program on the PATH. */
export function findOnPath(name: string): string | undefined {
  const extensions = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .flatMap((folder) => extensions.map((extension) => path.join(folder, name + extension)))
    .find((file) => existsSync(file));
}

function findChromium(): string | undefined {
  const chosen = process.env['CHROME_PATH'];
  if (chosen) {
    if (existsSync(chosen)) return chosen;
    throw new Error(`CHROME_PATH is set to ${chosen}, which is not there.`);
  }
  return (
    names.map(findOnPath).find((found) => found !== undefined) ?? places.find((place) => existsSync(place))
  );
}

/** The path of a Chromium, installed with apt-get if need be. Rejects with one line that says what to do. */
export async function chromium(): Promise<string> {
  const found = findChromium();
  if (found) return found;
  if (findOnPath('apt-get')) {
    const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n', '-E'];
    const apt = async (...args: string[]): Promise<boolean> => {
      const [command = 'apt-get', ...rest] = [...prefix, 'apt-get', ...args];
      const env = { DEBIAN_FRONTEND: 'noninteractive' };
      return (await run(command, rest, { env, quiet: true }).catch(() => ({ code: 1 }))).code === 0;
    };
    console.log('Chromium: installing with apt-get …');
    await apt('update');
    await apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error('Chromium is missing: install chromium or google-chrome, or set CHROME_PATH to one.');
}
