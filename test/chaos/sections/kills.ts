import type { Tally } from '../tally';
import { killDelay, planFor } from '../driver/plans';
import { pastEveryLease, type Place } from '../driver/place';
import { reasonOfFailure, type Victim } from '../driver/victim';
import { lostClaim, verifyHistory } from '../driver/verify';
import type { Phase } from '../victim/protocol';

export interface KillCounts {
  readonly phase: Phase;
  readonly wanted: number;
}

/** Kills a window so often in each phase, and after each kill holds what a new one finds against the ledger. */
export async function runKills(
  place: Place,
  counts: readonly KillCounts[],
  tally: Tally,
  mutant = false,
): Promise<number> {
  let kills = 0;
  for (const { phase, wanted } of counts) {
    let hits = 0;
    for (let tries = 0; hits < wanted && tries < wanted * 5 + 5; tries += 1) {
      if (!(await killOnce(place, phase, mutant))) continue;
      hits += 1;
      kills += 1;
      const lostBefore = tally.failuresOf(lostClaim);
      await verifyAfterKill(place, tally, `kill ${kills} (${phase})`);
      // What is lost stays lost: each loss counts once.
      if (tally.failuresOf(lostClaim) > lostBefore) forgetLost(place);
    }
    console.log(`  ${phase}: ${hits} kills`);
    tally.check(`as many kills as asked for while: ${phase}`, hits >= wanted, () => `${hits} of ${wanted}`);
  }
  return kills;
}

/** @returns whether the kill came while the phase was under way */
async function killOnce(place: Place, phase: Phase, mutant: boolean): Promise<boolean> {
  const { random } = place;
  // Earlier prompts of the same window end as they should.
  const long = (phase === 'streaming' || phase === 'tool') && random.chance(0.2);
  const nth = long && phase === 'streaming' ? 1 : random.integer(1, long ? 3 : 2);
  if (phase === 'recovery') await leaveDeadTurn(place);
  const victim = place.start({ mutant, kill: { phase, nth, delayMs: killDelay(random, phase, long) } });
  const started = await victim.ready.then(
    () => true,
    () => false,
  );
  for (let n = 0; started && n < 6; n += 1) {
    const prompt = {
      type: 'prompt',
      turnId: place.newTurnId(),
      text: random.words(8),
      plan: planFor(random, phase, long),
    } as const;
    const going = await victim.prompt(prompt).then(
      () => true,
      () => false,
    );
    if (!going) break;
  }
  const alive = await Promise.race([victim.exited.then(() => false), pause(500).then(() => true)]);
  if (alive) await victim.kill();
  return !alive && victim.openPhases.has(phase);
}

/** A window that dies in the middle of a turn, for the next one to recover. */
async function leaveDeadTurn(place: Place): Promise<void> {
  const { random } = place;
  const victim = place.start({ kill: { phase: 'streaming', nth: 1, delayMs: 25 } });
  await victim.ready;
  const plan = { steps: [{ pieces: Array.from({ length: 50 }, () => 'word '), pieceMs: 5, toolMs: [] }] };
  await victim
    .prompt({ type: 'prompt', turnId: place.newTurnId(), text: random.words(5), plan })
    .catch(() => undefined);
  await victim.exited;
  place.clockOffsetMs += pastEveryLease;
}

async function verifyAfterKill(place: Place, tally: Tally, where: string): Promise<void> {
  const { ledger, random } = place;
  const victim = place.start();
  await victim.ready;
  await verifyLease(place, victim, tally, where);
  await victim.call({ type: 'recover', advanceMs: pastEveryLease });
  place.clockOffsetMs += pastEveryLease;
  verifyHistory(await victim.history(), ledger, tally, where);
  const turnId = place.newTurnId();
  const next = await victim.prompt({
    type: 'prompt',
    turnId,
    text: 'And now?',
    plan: planFor(random),
  });
  tally.check(
    'the next prompt works',
    next.status === 'complete' && next.saved,
    () => `${where}: ${JSON.stringify(next)}`,
  );
  await victim.close();
  tally.check(
    'no unhandled error',
    ledger.unhandled.length === 0,
    () => `${where}: ${ledger.unhandled.join()}`,
  );
  const damaged = ledger.reports.filter((report) => report.includes('damaged'));
  tally.check('the record is never damaged', damaged.length === 0, () => `${where}: ${damaged.join()}`);
  const ahead = ledger.reports.filter((report) => report.startsWith('reconciled'));
  tally.check(
    'the record never knows more than the log',
    ahead.length === 0,
    () => `${where}: ${ahead.join()}`,
  );
}

/** A turn that died under a lease which still runs may be another window's, alive: nobody ends it, nobody joins it. */
async function verifyLease(
  { ledger, newTurnId }: Place,
  victim: Victim,
  tally: Tally,
  where: string,
): Promise<void> {
  const before = await victim.history();
  const running = before.turns.find(({ status }) => status === 'running');
  if (!running) return;
  const claim = 'a turn under a live lease is left alone, and its session refused before any model call';
  const turnId = newTurnId();
  const prompt = {
    type: 'prompt',
    turnId,
    sessionId: running.sessionId,
    text: 'Me?',
    plan: { steps: [] },
  } as const;
  const reason = await victim.prompt(prompt).then(() => 'accepted', reasonOfFailure);
  tally.check(claim, reason === 'busy' && !ledger.turn(turnId).asked, () => `${where}: ${reason}`);
}

function forgetLost({ ledger }: Place): void {
  for (const { id } of ledger.acknowledged) ledger.turns.delete(id);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
