/** Runs the scenarios, each on a small disk, in a mount namespace of its own: `node main.js <empty folder>`. */
import { join } from 'node:path';
import { SmallDisk } from '../../support/smallDisk';
import { scenarios } from './scenarios';

export interface ScenarioResult {
  readonly name: string;
  /** Left out where it held. */
  readonly error?: string;
}

const [folder = ''] = process.argv.slice(2);
void Promise.all(
  Object.entries(scenarios).map(async ([name, run], index) => {
    let result: ScenarioResult = { name };
    try {
      await run(new SmallDisk(join(folder, String(index))));
    } catch (error) {
      result = { name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    console.log(JSON.stringify(result));
  }),
).then(() => process.exit(0));
