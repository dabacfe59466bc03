import type { MochaResult } from '../../host/mochaRun.ts';
import { Place, type RunOptions } from '../driver/place';
import { lostClaim } from '../driver/verify';
import { Tally } from '../tally';
import { runKills } from './kills';

/** The same kills and checks on a window that acknowledges before the commit: they must find it. */
export async function mutantSection({ seed, short }: RunOptions): Promise<MochaResult> {
  const found = new Tally({ quiet: true });
  await runKills(new Place(seed + 1), [{ phase: 'acknowledged', wanted: short ? 5 : 12 }], found, true);
  const losses = found.failuresOf(lostClaim);
  console.log(`  losses found: ${losses}`);
  const tally = new Tally();
  tally.check(
    'the kills find a log that acknowledges before its commit',
    losses > 0,
    () => 'nothing was lost',
  );
  return tally.finish();
}
