import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { temporaryFolder } from '../support/storage';
import type { ScenarioResult } from './disk/main';
import type { WithoutRights } from './disk/rights';
import { scenarios } from './disk/scenarios';

/** A process whose mounts are seen by nobody else, and gone with it; needs no rights where user namespaces are allowed. */
const alone = ['--map-root-user', '--mount'];

suite('A full or read-only disk', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>> | undefined;
  let results: Promise<ReadonlyMap<string, ScenarioResult>>;

  suiteSetup(async function () {
    if (spawnSync('unshare', [...alone, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status !== 0) {
      console.log('  Skipped: this system lets nobody mount a small disk to fill.');
      this.skip();
    }
    folder = await temporaryFolder();
    const main = join(__dirname, 'disk', 'main.js');
    const child = spawn('unshare', [...alone, process.execPath, main, folder.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    results = text(child.stdout).then((output) => {
      const lines = output.split('\n').filter((line) => line.startsWith('{"name"'));
      return new Map(lines.map((line) => JSON.parse(line) as ScenarioResult).map((one) => [one.name, one]));
    });
  });
  suiteTeardown(() => folder?.remove());

  for (const name of Object.keys(scenarios)) {
    test(name, async () => {
      const result = (await results).get(name);
      assert.ok(result, 'It did not end.');
      assert.equal(result.error, undefined);
    });
  }
});

suite('A history without the rights to write it', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  suiteSetup(async function () {
    if (process.platform === 'win32') this.skip();
    folder = await temporaryFolder();
  });
  suiteTeardown(() => folder.remove());

  for (const what of ['file', 'folder'] as const) {
    test(`is read, and says that it cannot be written: a read-only ${what}`, async () => {
      const path = join(folder.path, what, 'history.db');
      const child = spawn(process.execPath, [join(__dirname, 'disk', 'rights.js'), path, what], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const result = JSON.parse(await text(child.stdout)) as WithoutRights;
      assert.deepEqual([result.turns, result.reason, result.turnsAfter ?? 2], [1, 'read-only', 2]);
    });
  }
});
