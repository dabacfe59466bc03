import type { MochaResult } from '../../host/mochaRun.ts';
import { Place, pastEveryLease, type RunOptions } from '../driver/place';
import { planFor } from '../driver/plans';
import { reasonOfFailure } from '../driver/victim';
import { verifyHistory } from '../driver/verify';
import { Tally } from '../tally';

/** The storage worker is ended at random moments, and its window lives on. */
export async function workerSection({ seed, short }: RunOptions): Promise<MochaResult> {
  const tally = new Tally();
  const place = new Place(seed + 2);
  const { random, ledger } = place;
  const victim = place.start();
  await victim.ready;
  const rounds = short ? 5 : 30;
  let refused = 0;
  for (let n = 1; n <= rounds; n += 1) {
    const plan = planFor(random, random.pick(['streaming', 'tool', 'commit']));
    const turnId = place.newTurnId();
    const turn = victim.prompt({ type: 'prompt', turnId, text: random.words(8), plan });
    turn.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, random.between(0, 120)));
    await victim.call({ type: 'terminate-worker' });
    const status = await turn.then((ended) => ended.status, reasonOfFailure);
    const { asked, begun } = ledger.turn(turnId);
    // Where it died while the session was read, before the prompt was accepted.
    if (status === 'unavailable') {
      refused += 1;
      tally.check('a prompt that is refused leaves no trace', !asked && !begun, () => turnId);
      continue;
    }
    tally.check(
      'a turn goes on to its end without its worker',
      status === 'complete',
      () => `${turnId}: ${status}`,
    );
    // Not saved, it is written with the next prompt at the latest.
    const after = place.newTurnId();
    const next = await victim.prompt({
      type: 'prompt',
      turnId: after,
      text: 'Next',
      plan: planFor(random),
    });
    tally.check('the next prompt is stored', next.saved, () => `${after} after ${turnId}`);
    tally.check(
      'what was not saved is saved as soon as it can be',
      Boolean(ledger.turn(turnId).acknowledged),
      () => turnId,
    );
    if (n % 5 === 0) verifyHistory(await victim.history(), ledger, tally, `worker ${n}`);
  }
  console.log(`  ${rounds} workers ended, ${refused} prompts refused`);
  await victim.kill();
  place.clockOffsetMs += pastEveryLease;
  const reader = place.start();
  await reader.ready;
  verifyHistory(await reader.history(), ledger, tally, 'at the end');
  await reader.close();
  tally.check('no unhandled error', ledger.unhandled.length === 0, () => ledger.unhandled.join());
  return tally.finish();
}
