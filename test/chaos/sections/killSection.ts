import type { MochaResult } from '../../host/mochaRun.ts';
import { Place, type RunOptions } from '../driver/place';
import { Tally } from '../tally';
import { phases } from '../victim/protocol';
import { runKills } from './kills';

/** Of all kills so many are real ones in a real VS Code. */
export const realKills = 30;

/** The rest of the kills, spread over the phases, in a plain process that runs the same code. */
export async function killSection({ seed, kills }: RunOptions): Promise<MochaResult> {
  const tally = new Tally();
  const place = new Place(seed);
  const wanted = Math.max(1, Math.ceil((kills - realKills) / phases.length));
  const started = Date.now();
  const count = await runKills(
    place,
    phases.map((phase) => ({ phase, wanted })),
    tally,
  );
  const { longest, acknowledged } = place.ledger;
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`  ${count} kills, ${acknowledged.length} turns acknowledged, in ${seconds} s`);
  const { wall, cpu } = longest;
  console.log(
    `  longest block of the thread by storage: ${cpu.cpuMs.toFixed(1)} ms of CPU time (${cpu.what}); by the clock, ` +
      `other processes and garbage collection in it, ${wall.wallMs.toFixed(1)} ms (${wall.what})`,
  );
  tally.check(
    'storage never keeps the thread longer than 20 ms',
    cpu.cpuMs <= 20,
    () => `${cpu.cpuMs.toFixed(1)} ms`,
  );
  return tally.finish();
}
