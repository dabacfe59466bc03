/**
 * Tries to break the promises: kills, two windows, damage. Usage: main.mjs [--seed n] [--kills n] [--only section]
 * [--short] [--result file]. See docs/chaos.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { MochaResult } from '../host/mochaRun.ts';
import { exitOnSignals } from '../host/processes.ts';
import { Report } from '../host/report.ts';
import { sections } from './sections/all';

exitOnSignals();
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '20261122' },
    kills: { type: 'string', default: '200' },
    only: { type: 'string' },
    short: { type: 'boolean', default: false },
    result: { type: 'string' },
  },
});
const options = { seed: Number(values.seed), kills: Number(values.kills), short: values.short };
console.log(`Chaos with --seed ${options.seed} --kills ${options.kills}`);
const chosen = sections.filter(({ name, inShort }) =>
  values.only === undefined ? inShort || !options.short : values.only === name,
);
if (chosen.length === 0) {
  console.error(
    `There is no section ${values.only}. There are: ${sections.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
const report = new Report();
const total: MochaResult = { passed: 0, failed: 0, skipped: 0, failures: [] };
for (const { name, title, run } of chosen) {
  await report.section(`${title} (--only ${name})`, async () => {
    const result = await run(options).catch((error: unknown): MochaResult => {
      console.error(error);
      return { passed: 0, failed: 1, skipped: 0, failures: [`${name} broke off: ${String(error)}`] };
    });
    total.passed += result.passed;
    total.failed += result.failed;
    total.failures.push(...result.failures);
    return result;
  });
}
const code = report.finish();
if (values.result) writeFileSync(values.result, JSON.stringify(total));
process.exit(code);
