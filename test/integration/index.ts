// The entry point that VS Code calls inside its extension host (`--extensionTestsPath`).
import { globSync } from 'node:fs';
import path from 'node:path';
import { reportMark, runMocha } from '../host/mochaRun.ts';

/** Rejects when a test failed, which makes VS Code's exit code 1. */
export async function run(): Promise<void> {
  const files = globSync('**/*.test.js', { cwd: __dirname }).map((file) => path.join(__dirname, file));
  const result = await runMocha({
    files: files.sort(),
    timeout: 30_000,
    reporter: 'spec',
    grep: process.env['THROUGHLINE_TEST_GREP'],
    resultFile: process.env['THROUGHLINE_TEST_RESULT'],
    linePrefix: reportMark,
  });
  if (result.failed > 0) throw new Error(`${result.failed} integration tests failed`);
}
