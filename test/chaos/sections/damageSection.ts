import { rmSync } from 'node:fs';
import path from 'node:path';
import type { StoredTurn } from '../../../src/core/historyLog';
import type { MochaResult } from '../../host/mochaRun.ts';
import { makeBase, type Base } from '../damage/base';
import { damage, withoutBackups } from '../damage/damages';
import { visit, type Visit } from '../damage/visit';
import { Place, type RunOptions } from '../driver/place';
import { Tally } from '../tally';

/** The files of a history are damaged in every way that we know, and a window opens it. */
export async function damageSection({ seed, short }: RunOptions): Promise<MochaResult> {
  const tally = new Tally();
  const place = new Place(seed + 20);
  const { random } = place;
  const unhandled: string[] = [];
  const note = (error: unknown): void => void unhandled.push(String(error));
  process.on('uncaughtException', note).on('unhandledRejection', note);
  const base = await makeBase(place);
  tally.check('there is a backup to repair from', base.hasBackup, () => 'none was made');
  const found = new Map<string, number>();
  const lost = { turns: 0, named: 0, counted: 0, open: 0, unseen: 0 };
  const claims = { known: 0, unknown: 0 };
  const cases = short ? 25 : 500;
  for (let n = 0; n < cases; n += 1) {
    const { what, files } = damage(base, short ? random.integer(0, 2000) : n, random);
    const helped = random.chance(0.8);
    const folder = path.join(place.folder, `case-${n}`);
    const met = await visit(
      folder,
      helped ? files : withoutBackups(files),
      place.workerPath,
      helped ? base.record : undefined,
    );
    verify(
      met,
      base,
      helped && base.hasBackup,
      tally,
      `case ${n} (${what}${helped ? '' : ', no backup or record'})`,
    );
    const missing = [...base.turns.keys()].filter((id) => !met.after.has(id));
    const named = new Set(met.repair?.lost.map(({ id }) => id));
    lost.turns += missing.length;
    const namedHere = missing.filter((id) => named.has(id)).length;
    lost.named += namedHere;
    lost.counted += counted(met);
    const rest = missing.length - namedHere - counted(met);
    if (met.repair?.countKnown === false) lost.open += rest;
    else lost.unseen += rest;
    const outcome = met.repair?.repaired ? 'repaired' : met.check?.sound ? 'sound' : 'not repaired';
    found.set(outcome, (found.get(outcome) ?? 0) + 1);
    if (met.repair) claims[met.repair.countKnown ? 'known' : 'unknown'] += 1;
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(
    `  ${cases} damages: ${[...found].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`,
  );
  console.log(
    `  turns lost that nothing else had: ${lost.turns}; ${lost.named} named, ${lost.counted} counted, ${lost.open} where the number is said not to be known, ${lost.unseen} where what is left is a whole older history`,
  );
  console.log(
    `  repairs that claim to know how many are lost: ${claims.known}, not to know: ${claims.unknown}`,
  );
  tally.check('no unhandled error', unhandled.length === 0, () => unhandled.join('; '));
  process.off('uncaughtException', note).off('unhandledRejection', note);
  return tally.finish();
}

function verify(met: Visit, base: Base, helped: boolean, tally: Tally, where: string): void {
  const { before, after, repair, check } = met;
  tally.check(
    'every error is one of ours',
    met.unexpected.length === 0,
    () => `${where}: ${met.unexpected.join('; ')}`,
  );
  tally.check('the worker survives', !met.workerDied, () => where);
  tally.check('no file is deleted', met.filesGone.length === 0, () => `${where}: ${met.filesGone.join()}`);
  for (const shown of [before, after]) {
    for (const turn of shown.values()) {
      const known = isKnown(turn, base);
      tally.check(
        'changed content is never shown as sound',
        known,
        () => `${where}: ${turn.id} (${turn.status})`,
      );
    }
    const back = base.deleted.filter((id) => shown.has(id));
    // The log from before the delete, alone, cannot know of it.
    if (helped)
      tally.check('nothing deleted comes back', back.length === 0, () => `${where}: ${back.join()}`);
  }
  if (check) {
    const claim = 'a log said to be sound has every turn';
    const missing = [...base.keptTwice].filter((id) => !isWhole(after.get(id), base));
    if (check.sound && helped) tally.check(claim, missing.length === 0, () => `${where}: ${missing.join()}`);
  }
  if (repair?.repaired) {
    const { lost, quarantine } = repair;
    tally.check(
      'a repair tells how many turns it brought',
      met.told === after.size,
      () => `${where}: ${met.told}, ${after.size} there`,
    );
    const named = lost.filter(({ id }) => isWhole(after.get(id), base)).map(({ id }) => id);
    tally.check('what a repair calls lost is lost', named.length === 0, () => `${where}: ${named.join()}`);
    const there = [...base.turns.keys()].filter((id) => after.has(id)).length;
    const namedLost = lost.filter(({ id }) => base.turns.has(id) && !after.has(id)).length;
    const sum = there + namedLost + counted(met);
    const account = (): string =>
      `${where}: ${there} found, ${namedLost} named, ${counted(met)} counted, ${base.turns.size} written`;
    if (repair.countKnown)
      tally.check(
        'found, named and counted turns are those that were written',
        sum === base.turns.size,
        account,
      );
    else tally.check('no more turns are called lost than there were', sum <= base.turns.size, account);
    tally.check('a repair keeps what was there', quarantine !== undefined, () => where);
  }
  const lost = [...base.keptTwice].filter((id) => !isWhole(after.get(id), base));
  if (helped) {
    tally.check(
      'no turn of a backup or record is lost',
      lost.length === 0,
      () => `${where}: ${lost.length}: ${lost.slice(0, 4).join()} [${met.reasons.join()}]`,
    );
    tally.check(
      'the history can be written afterwards',
      met.writable,
      () => `${where} [${met.reasons.join()}]`,
    );
    tally.check(
      'it is sound afterwards',
      met.checkAfter?.sound === true,
      () => `${where}: ${met.checkAfter?.problems[0]?.message}`,
    );
  }
}

/** Turns that a repair tells of by their session's count alone. */
function counted({ repair }: Visit): number {
  return (repair?.missing ?? []).reduce((sum, { turns }) => sum + turns, 0);
}

/** What was written, or an earlier state of it: cut off, but nothing else. */
function isKnown(turn: StoredTurn, base: Base): boolean {
  const original = base.turns.get(turn.id);
  // Turns of the other log, and deleted ones in an earlier state of this log, are theirs to judge.
  if (!original) return turn.id.startsWith('x1-') || base.deleted.includes(turn.id);
  if (isWhole(turn, base)) return true;
  const cut = turn.status === 'stopped' || turn.status === 'running';
  return cut && turn.messages.every((message, n) => message.content === original.messages[n]?.content);
}

function isWhole(turn: StoredTurn | undefined, base: Base): boolean {
  const original = base.turns.get(turn?.id ?? '');
  const told = (one: StoredTurn | undefined): string => JSON.stringify([one?.status, one?.messages]);
  return original !== undefined && told(turn) === told(original);
}
