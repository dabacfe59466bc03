import type { MochaResult } from '../../host/mochaRun.ts';
import { Place, type RunOptions } from '../driver/place';
import { planFor } from '../driver/plans';
import { reasonOfFailure, type Victim, type Window } from '../driver/victim';
import { verifyHistory } from '../driver/verify';
import { Tally } from '../tally';

interface Pair {
  readonly place: Place;
  readonly left: Victim;
  readonly right: Victim;
}

/** Two windows at once: in one session, in two, in two workspaces, and one deleting what the other writes. */
export async function windowsSection({ seed, short }: RunOptions): Promise<MochaResult> {
  const tally = new Tally();
  const turns = short ? 10 : 100;
  await oneSession(await open(seed + 3), turns, tally);
  await twoSessions(await open(seed + 4), turns, tally);
  await twoWorkspaces(await open(seed + 5, 'file:///other'), turns, tally);
  await deleting(await open(seed + 6), turns, tally);
  return tally.finish();
}

/** The windows share globalState as VS Code's do: each sends the whole object, the last one wins. */
async function open(seed: number, otherAlias = 'file:///chaos'): Promise<Pair> {
  const place = new Place(seed);
  const windows = [place.window, sharing(place.window)] as const;
  const left = place.start({}, windows[0]);
  await left.ready;
  const right = place.start({ alias: otherAlias }, windows[1]);
  await right.ready;
  return { place, left, right };
}

function sharing(window: Window): Window {
  return {
    get records() {
      return window.records;
    },
    set records(records) {
      window.records = records;
    },
  };
}

/** Both write to the same session; who comes second is refused, and tries again. */
async function oneSession({ place, left, right }: Pair, turns: number, tally: Tally): Promise<void> {
  const { random, ledger } = place;
  const sessionId = String(await left.call({ type: 'new-session' }));
  let refused = 0;
  const write = async (victim: Victim): Promise<void> => {
    for (let n = 0; n < turns; n += 1) {
      const turnId = place.newTurnId();
      for (;;) {
        const prompt = {
          type: 'prompt',
          turnId,
          sessionId,
          text: `Turn ${turnId}`,
          plan: planFor(random),
        } as const;
        const reason = await victim.prompt(prompt).then(() => 'done', reasonOfFailure);
        if (reason === 'done') break;
        refused += 1;
        const asked = ledger.turn(turnId).asked;
        tally.check(
          'a refusal says why, before any model call',
          /^(stale|busy)$/.test(reason) && !asked,
          () => `${turnId}: ${reason}`,
        );
        await new Promise((resolve) => setTimeout(resolve, random.between(1, 30)));
      }
    }
  };
  await Promise.all([write(left), write(right)]);
  console.log(`  one session: ${refused} refusals`);
  tally.check('the second writer of a session is refused', refused > 0, () => 'never');
  await finish({ place, left, right }, turns * 2, tally, 'one session');
}

async function twoSessions({ place, left, right }: Pair, turns: number, tally: Tally): Promise<void> {
  await Promise.all([write(place, left, turns), write(place, right, turns)]);
  await finish({ place, left, right }, turns * 2, tally, 'two sessions');
}

async function twoWorkspaces({ place, left, right }: Pair, turns: number, tally: Tally): Promise<void> {
  await Promise.all([write(place, left, turns), write(place, right, turns)]);
  const [one, other] = [await left.history(), await right.history()];
  tally.check('two workspaces are two', one.workspaceId !== other.workspaceId, () => one.workspaceId);
  const both = {
    ...one,
    sessions: [...one.sessions, ...other.sessions],
    turns: [...one.turns, ...other.turns],
  };
  verifyHistory(both, place.ledger, tally, 'two workspaces');
  tally.check(
    '0 lost, 0 duplicated',
    both.turns.length === turns * 2,
    () => `two workspaces: ${both.turns.length}`,
  );
  for (const victim of [left, right]) await victim.close();
}

/** One window writes sessions, the other deletes some of them while that goes on. */
async function deleting({ place, left, right }: Pair, turns: number, tally: Tally): Promise<void> {
  const { random, ledger } = place;
  const sessions: string[] = [];
  let writing = true;
  const deletes = async (): Promise<void> => {
    while (writing) {
      await new Promise((resolve) => setTimeout(resolve, random.between(5, 60)));
      const sessionId = sessions.shift();
      if (sessionId === undefined) continue;
      await right.call({ type: 'delete-session', sessionId });
      ledger.deletedSessions.add(sessionId);
    }
  };
  const writes = async (): Promise<void> => {
    for (let n = 0; n < turns; n += 1) {
      const sessionId = String(await left.call({ type: 'new-session' }));
      sessions.push(sessionId);
      for (let turn = 0; turn < 3; turn += 1) {
        const turnId = place.newTurnId();
        Object.assign(ledger.turn(turnId), { sessionId });
        const plan = planFor(random);
        await left.prompt({ type: 'prompt', turnId, sessionId, text: 'Hello', plan }).catch(() => undefined);
      }
    }
    writing = false;
  };
  await Promise.all([writes(), deletes()]);
  console.log(`  deleted while written: ${ledger.deletedSessions.size} sessions`);
  const history = await right.history();
  const deleted = ledger.deletedSessions;
  tally.check('0 resurrected', !history.sessions.some(({ id }) => deleted.has(id)), () => 'a session');
  await finish({ place, left, right }, history.turns.length, tally, 'deleting');
  const records = JSON.stringify(
    Object.values(place.window.records).map((record) => (record as { sessions?: unknown }).sessions),
  );
  tally.check('0 resurrected', ![...deleted].some((id) => records.includes(id)), () => 'in the record');
}

async function write(place: Place, victim: Victim, turns: number): Promise<void> {
  const sessionId = String(await victim.call({ type: 'new-session' }));
  for (let n = 0; n < turns; n += 1) {
    const prompt = { type: 'prompt', turnId: place.newTurnId(), sessionId, text: `Turn ${n}` } as const;
    await victim.prompt({ ...prompt, plan: planFor(place.random) });
  }
}

async function finish(
  { place, left, right }: Pair,
  turns: number,
  tally: Tally,
  where: string,
): Promise<void> {
  const history = await left.history();
  verifyHistory(history, place.ledger, tally, where);
  tally.check(
    '0 lost, 0 duplicated',
    history.turns.length === turns,
    () => `${where}: ${history.turns.length} of ${turns}`,
  );
  for (const victim of [left, right]) await victim.close();
  tally.check('no unhandled error', place.ledger.unhandled.length === 0, () => place.ledger.unhandled.join());
}
