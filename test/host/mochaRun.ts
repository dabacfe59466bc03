// Runs mocha on bundled test files, in plain Node and inside VS Code alike, and leaves a result to count.
import { writeFileSync } from 'node:fs';
import { format } from 'node:util';

/** What a run of one suite came to; written as JSON for the program that started the run. */
export interface MochaResult {
  passed: number;
  failed: number;
  skipped: number;
  /** Full titles of what failed. */
  failures: string[];
}

export interface MochaOptions {
  files: readonly string[];
  /** Milliseconds for each test. */
  timeout: number;
  reporter: 'spec' | 'dot';
  /** Runs only the tests whose title matches. */
  grep?: string | undefined;
  resultFile?: string | undefined;
  /** Files run at the same time, each in a process of its own; 1 when left out. */
  jobs?: number | undefined;
  /** Stands before each line of the report, to tell it from what else the process logs. */
  linePrefix?: string;
}

/** Marks the report's lines in the log of a VS Code, which its own messages fill. */
export const reportMark = '[tests] ';

/** Resolves with the result also when tests failed. No test at all counts as a failure: a suite that vanished. */
export async function runMocha(options: MochaOptions): Promise<MochaResult> {
  // Mocha is an ES module and this file may be bundled as CommonJS.
  const { default: Mocha } = await import('mocha');
  const { linePrefix } = options;
  if (linePrefix) {
    const log = console.log.bind(console);
    Mocha.reporters.Base.consoleLog = (...values: unknown[]) =>
      log(format(...values).replace(/^/gm, linePrefix));
  }
  const { timeout, reporter, jobs = 1 } = options;
  const mocha = new Mocha({ ui: 'tdd', timeout, reporter, color: false, parallel: jobs > 1, jobs });
  if (options.grep) mocha.grep(new RegExp(options.grep, 'i'));
  for (const file of options.files) mocha.addFile(file);
  const failures: string[] = [];
  if (jobs === 1) await mocha.loadFilesAsync();
  return new Promise((resolve) => {
    const runner = mocha.run((failed) => {
      const stats = runner.stats;
      const result = { passed: stats?.passes ?? 0, failed, skipped: stats?.pending ?? 0, failures };
      if (result.passed + result.failed === 0 && !options.grep) {
        result.failed = 1;
        failures.push('no test ran');
      }
      if (options.resultFile) writeFileSync(options.resultFile, JSON.stringify(result));
      resolve(result);
    });
    runner.on('fail', (test) => void failures.push(test.fullTitle()));
  });
}
