// Runs bundled test files with mocha in a process of its own. Called with files: runs them in this process.
// Usage: node nodeTests.ts folder result.json timeout file …
import { existsSync, globSync, readFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { type MochaResult, runMocha } from './mochaRun.ts';
import { root } from './paths.ts';
import { exitOnSignals, run, temporaryFolder } from './processes.ts';

type TestFolder = '{unit,contract}' | 'damage' | 'cost' | 'browser';

export interface NodeTestOptions {
  /** Under dist/test. */
  folder: TestFolder;
  timeout: number;
  grep?: string | undefined;
}

/** Databases of unit tests need not outlive the power: kills, and what the disk costs, are for chaos and benchmarks. */
function memoryDisk(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

export async function runNodeTests({ folder, timeout, grep }: NodeTestOptions): Promise<MochaResult> {
  const files = globSync(`dist/test/${folder}/**/*.test.js`, { cwd: root }).sort();
  if (files.length === 0) throw new Error(`There are no tests in test/${folder}.`);
  const resultFile = path.join(temporaryFolder(), 'result.json');
  const { code } = await run(
    process.execPath,
    [
      import.meta.filename,
      folder,
      resultFile,
      String(timeout),
      ...files.map((file) => path.join(root, file)),
    ],
    { env: { THROUGHLINE_TEST_GREP: grep, ...(folder !== 'browser' && { TMPDIR: memoryDisk() }) } },
  );
  try {
    return JSON.parse(readFileSync(resultFile, 'utf8')) as MochaResult;
  } catch (cause) {
    throw new Error(`The tests in test/${folder} broke off with exit code ${code}.`, { cause });
  }
}

function jobsOf(folder: string | undefined): number {
  // Costs are measured undisturbed.
  if (folder === 'cost') return 1;
  // A VS Code that starts keeps a processor busy by itself.
  if (folder === 'browser') return Math.min(4, availableParallelism());
  // Tests of storage wait for the disk and for locks: more of them than processors keeps those busy.
  return availableParallelism() + 3;
}

if (process.argv[1] === import.meta.filename) {
  exitOnSignals();
  const [folder, resultFile, timeout, ...files] = process.argv.slice(2);
  const { failed } = await runMocha({
    files,
    timeout: Number(timeout),
    reporter: folder === 'browser' ? 'spec' : 'dot',
    jobs: jobsOf(folder),
    grep: process.env['THROUGHLINE_TEST_GREP'],
    resultFile,
  });
  process.exit(failed > 0 ? 1 : 0);
}
