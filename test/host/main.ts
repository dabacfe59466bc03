// The commands behind the npm scripts. Usage: main.ts start|test|unit|cost|integration|desktop|browser|package
// [--grep <text>] [--newest] [--vsix <file>]; main.ts chaos|bench|bench-context|bench-recall|bench-vectors [their own options]
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from './chromium.ts';
import { chooseHost, requireDesktop } from './desktop.ts';
import { runIntegration, runIntegrationApart } from './integration.ts';
import { type MochaResult } from './mochaRun.ts';
import { runNodeTests } from './nodeTests.ts';
import { checkPackage, packageVsix } from './packageVsix.ts';
import { root } from './paths.ts';
import { exitOnSignals, run, runOrThrow, temporaryFolder } from './processes.ts';
import { Report } from './report.ts';
import { installServer, newest, oldest } from './servers.ts';
import { startApp } from './startApp.ts';

exitOnSignals();
const [name = 'test', ...rest] = process.argv.slice(2);
const ownOptions = name === 'chaos' || name.startsWith('bench');
const { values } = parseArgs({
  args: ownOptions ? [] : rest,
  options: { grep: { type: 'string' }, newest: { type: 'boolean' }, vsix: { type: 'string' } },
});
const { grep, vsix } = values;

async function build(what = '--all'): Promise<undefined> {
  await runOrThrow(process.execPath, ['esbuild.mjs', what], { quiet: true });
}

function npmScript(name: string): () => Promise<undefined> {
  return async () => {
    await runOrThrow('npm', ['run', '--silent', name]);
  };
}

async function installHost(): Promise<undefined> {
  await chromium();
  for (const version of [newest, oldest]) await installServer(version);
}

async function testAll(): Promise<number> {
  const report = new Report();
  const host = await chooseHost();
  if (host.kind === 'server') console.log(`Testing in a VS Code server in Chromium: ${host.reason}.`);
  const [built] = await Promise.all([
    report.section('Build', () => build()),
    report.section('Lint', npmScript('lint')),
    report.section('Types', npmScript('typecheck')),
    host.kind === 'server' && report.section('VS Code and Chromium are there', installHost),
  ]);
  const onBuild = (name: string, part: Parameters<Report['section']>[1]): Promise<boolean> =>
    report.section(name, built ? part : () => Promise.reject(new Error('Not run: the build failed.')));
  await onBuild('Unit and contract tests', () =>
    runNodeTests({ folder: '{unit,contract}', timeout: 10_000 }),
  );
  await onBuild('Tests of damage and of full disks', () =>
    runNodeTests({ folder: 'damage', timeout: 10_000 }),
  );
  await onBuild('Costs', () => runNodeTests({ folder: 'cost', timeout: 20_000 }));
  let packaged: string | undefined;
  await onBuild('Package', async () => {
    packaged = await packageVsix();
    await checkPackage(packaged);
    await build();
    return undefined;
  });
  // A VS Code waits more than it works: two at a time. The newest runs what users install, the oldest the source.
  await Promise.all([
    onBuild(`Integration tests on the installed package in VS Code ${newest}`, () => {
      if (!packaged) throw new Error('Not run: there is no package.');
      return runIntegrationApart({ version: newest, vsix: packaged });
    }),
    onBuild(`Integration tests in VS Code ${oldest}`, () => runIntegrationApart({ version: oldest })),
  ]);
  await onBuild(`Browser tests in VS Code ${newest}`, () =>
    runNodeTests({ folder: 'browser', timeout: 60_000 }),
  );
  await onBuild('Kills, two windows and damage, in short', runShortChaos);
  return report.finish();
}

async function testUnits(): Promise<number> {
  const report = new Report();
  await build('--tests=unit,contract');
  await report.section('Tests in test/unit and test/contract', () =>
    runNodeTests({ folder: '{unit,contract}', timeout: 10_000, grep }),
  );
  return report.finish();
}

async function testCosts(): Promise<number> {
  const report = new Report();
  await build('--tests=cost');
  await report.section('Costs', () => runNodeTests({ folder: 'cost', timeout: 20_000, grep }));
  return report.finish();
}

async function testIntegration(host: Awaited<ReturnType<typeof chooseHost>>): Promise<number> {
  const report = new Report();
  await build();
  for (const version of values.newest ? [newest] : [newest, oldest]) {
    await report.section(`Integration tests in VS Code ${version} (${host.kind})`, () =>
      runIntegration({ version, host, grep, ...(vsix && { vsix }) }),
    );
  }
  return report.finish();
}

async function testBrowser(): Promise<number> {
  const report = new Report();
  await build();
  await report.section(`Browser tests in VS Code ${newest}`, () =>
    runNodeTests({ folder: 'browser', timeout: 60_000, grep }),
  );
  return report.finish();
}

/** One of the programs in dist/test/chaos, which print their own summary. */
async function runBuilt(program: string, args: readonly string[]): Promise<number> {
  await build();
  const file = path.join(root, 'dist', 'test', 'chaos', `${program}.mjs`);
  return (await run(process.execPath, ['--enable-source-maps', file, ...args])).code;
}

/** What these compare with is no part of the repository's own packages. */
async function runComparison(program: string, compared: string): Promise<number> {
  if (!existsSync(path.join(root, 'bench', 'node_modules', compared)))
    await run('npm', ['ci', '--prefix', 'bench', '--no-audit', '--no-fund', '--loglevel=error']);
  return runBuilt(program, rest);
}

async function runShortChaos(): Promise<MochaResult> {
  const result = path.join(temporaryFolder(), 'chaos.json');
  const file = path.join(root, 'dist', 'test', 'chaos', 'main.mjs');
  await run(process.execPath, ['--enable-source-maps', file, '--short', '--result', result]);
  return JSON.parse(readFileSync(result, 'utf8')) as MochaResult;
}

const commands: Record<string, () => Promise<number>> = {
  start: startApp,
  test: testAll,
  unit: testUnits,
  cost: testCosts,
  integration: async () => testIntegration(await chooseHost()),
  desktop: async () => testIntegration(await requireDesktop()),
  browser: testBrowser,
  chaos: () => runBuilt('main', rest),
  bench: () => runBuilt('storageBench', rest),
  'bench-context': () => runComparison('contextBench', '@langchain/core'),
  'bench-vectors': () => runBuilt('vectorBench', rest),
  'bench-recall': () => runComparison('recallBench', 'minisearch'),
  package: async () => {
    await checkPackage(await packageVsix());
    return 0;
  },
};

const command = commands[name];
if (!command) {
  console.error(`There is no command ${name}. There are: ${Object.keys(commands).join(', ')}.`);
  process.exit(2);
}
process.exit(
  await command().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }),
);
