// The frame of a test run: sections with headings and timings, a summary, and the closing line.
import { type MochaResult } from './mochaRun.ts';

interface Section {
  name: string;
  seconds: number;
  error?: string;
  tests?: MochaResult;
}

export class Report {
  readonly #sections: Section[] = [];
  readonly #started = Date.now();

  /** Runs one part. What it throws fails the run, and the next part still runs. Resolves with whether it passed. */
  async section(name: string, part: () => Promise<MochaResult | undefined>): Promise<boolean> {
    console.log(`\n━━ ${name} ${'━'.repeat(Math.max(3, 100 - name.length))}`);
    const started = Date.now();
    const section: Section = { name, seconds: 0 };
    this.#sections.push(section);
    try {
      const tests = await part();
      if (tests) section.tests = tests;
    } catch (error) {
      section.error = error instanceof Error ? error.message : String(error);
      console.error(section.error);
    }
    section.seconds = (Date.now() - started) / 1000;
    console.log(`── ${name}: ${describe(section)} in ${section.seconds.toFixed(1)} s`);
    return passed(section);
  }

  /** Prints the summary; its last line is `N passed, N failed`. Returns the exit code. */
  finish(): number {
    console.log(`\n━━ Summary ${'━'.repeat(91)}`);
    for (const section of this.#sections) {
      const mark = passed(section) ? '✔' : '✘';
      console.log(
        `${mark} ${section.name.padEnd(60)} ${section.seconds.toFixed(1).padStart(6)} s  ${describe(section)}`,
      );
      for (const failure of section.tests?.failures ?? []) console.log(`    failed: ${failure}`);
    }
    const broken = this.#sections.filter((section) => !passed(section));
    console.log(`\n${((Date.now() - this.#started) / 1000).toFixed(0)} s in all`);
    if (broken.length > 0) console.log(`Failed: ${broken.map((section) => section.name).join('; ')}`);
    const sum = (count: (result: MochaResult) => number): number =>
      this.#sections.reduce((total, { tests }) => total + (tests ? count(tests) : 0), 0);
    const withoutTests = broken.filter((section) => !section.tests?.failed).length;
    const skipped = sum((result) => result.skipped);
    const failed = sum((result) => result.failed) + withoutTests;
    console.log(
      `${sum((result) => result.passed)} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    );
    return broken.length > 0 ? 1 : 0;
  }
}

function passed(section: Section): boolean {
  return section.error === undefined && !section.tests?.failed;
}

function describe({ error, tests }: Section): string {
  if (error !== undefined) return 'failed';
  if (!tests) return 'passed';
  return `${tests.passed} passed, ${tests.failed} failed${tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''}`;
}
