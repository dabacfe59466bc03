import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Engine } from '../../../../src/adapters/storage/engine/engine';
import { HistoryFiles } from '../../../../src/adapters/storage/engine/doctor/historyFiles';
import { asTheOnlyOne } from '../../../../src/adapters/storage/engine/doctor/repairLock';
import { migrations } from '../../../../src/adapters/storage/engine/schema';
import { HistoryError } from '../../../../src/core/errors';
import { createdAt, startOfTime } from '../../../contract/logFixture';
import { contextOf, damages, KeptHistory, seeded, summaryOf } from '../../../support/damagedHistory';
import { temporaryFolder } from '../../../support/storage';

const day = 24 * 3_600_000;

suite('Copies of the history', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let databasePath: string;
  setup(async () => {
    folder = await temporaryFolder();
    databasePath = join(folder.path, 'history.db');
  });
  teardown(() => folder.remove());

  const backups = (): readonly string[] => readdirSync(join(folder.path, 'backups'));

  function filesHolding(text: string, under = dirname(databasePath)): readonly string[] {
    return readdirSync(under).flatMap((name) => {
      const path = join(under, name);
      if (statSync(path).isDirectory()) return filesHolding(text, path);
      return readFileSync(path).includes(text) ? [path] : [];
    });
  }

  test('backups are few, however many are made, and span time', () => {
    const history = new KeptHistory(databasePath);
    for (let n = 0; n < 40; n += 1) {
      history.append(`t${n}`);
      assert.equal(history.call('backup-make', {}, startOfTime + n * day), true);
    }
    assert.ok(backups().length <= 3);
    const ages = backups().map((name) =>
      Math.round((startOfTime + 39 * day - Number(name.slice(0, 13))) / day),
    );
    assert.ok(ages.includes(0) && ages.some((age) => age >= 1));
    history.close();
  });

  test('a damaged history never replaces a sound backup', () => {
    const history = new KeptHistory(databasePath);
    history.append('t1');
    history.call('backup-make', {});
    const before = backups();
    history.close();
    const engine = new Engine({ databasePath, newId: () => 'id' });
    engine.database.exec(`UPDATE messages SET body = replace(body, 'answer', 'Answer')`);
    engine.database.exec(`UPDATE meta SET value = value + 1 WHERE name = 'sequence'`);
    engine.close();
    const after = new KeptHistory(databasePath);
    assert.equal(after.call('backup-make', {}), false);
    assert.deepEqual(backups(), before);
    after.close();
  });

  test('what is deleted is soon in no backup and no quarantined copy either', () => {
    const history = new KeptHistory(databasePath);
    history.append('keep', 'keep');
    history.append('gone', 'gone', 900);
    history.call('fact-remember', { fact: { id: 'f1', text: 'fact-of-gone', createdAt } });
    history.call('backup-make', {});
    history.close();
    damages['a header of garbage'](databasePath, seeded(1));
    const repaired = new KeptHistory(databasePath);
    assert.equal(repaired.dump().sessions.length, 2);
    assert.equal(repaired.repairs.length, 1);
    assert.ok(filesHolding('wordgone').length >= 3, 'log, backup, quarantine');
    repaired.call('session-delete', { sessionId: 'gone' });
    repaired.call('fact-forget', { factId: 'f1' });
    repaired.tidy();
    assert.deepEqual(filesHolding('wordgone'), []);
    assert.deepEqual(filesHolding('fact-of-gone'), []);
    assert.ok(filesHolding('wordkeep').length >= 3);
    const [told, ...more] = repaired.scrubs;
    assert.equal(told?.cleaned.length, 2, 'backup and quarantine');
    assert.deepEqual([told.removed, told.unreachable, more], [[], [], []]);
    repaired.close();
    damages['an empty file'](databasePath);
    const restored = new KeptHistory(databasePath);
    assert.deepEqual(
      restored.dump().sessions.map(({ id }) => id),
      ['keep'],
    );
    restored.close();
  });

  /** What was summarized and sent, in log, backup and quarantine. */
  function copied(): KeptHistory {
    const history = new KeptHistory(databasePath);
    for (const id of ['keep', 'gone']) history.append(id, 's1', 40, contextOf(`told-${id} `.repeat(50)));
    const summaries = [
      summaryOf('both', 's1', ['keep', 'gone'], 'summary-of-gone '.repeat(400)),
      summaryOf('a', 's1', ['keep'], 'summary-of-keep'),
    ];
    for (const summary of summaries) history.call('summary-put', { summary });
    history.call('backup-make', {});
    history.close();
    damages['a header of garbage'](databasePath, seeded(1));
    const repaired = new KeptHistory(databasePath);
    assert.equal(repaired.dump().sessions.length, 1);
    for (const text of ['summary-of-gone', 'summary-of-keep', 'told-gone'])
      assert.ok(filesHolding(text).length >= 3, `${text} in log, backup, quarantine`);
    return repaired;
  }

  /** Ids of the summaries, after the log is lost and comes back from its backup. */
  function restoredSummaries(): readonly string[] {
    damages['an empty file'](databasePath);
    const restored = new KeptHistory(databasePath);
    const ids = restored.call('summary-list', { sessionId: 's1' }).summaries.map(({ id }) => id);
    restored.close();
    return ids;
  }

  test('the summaries of what is deleted are soon in no copy either, and come back from none', () => {
    const history = copied();
    history.call('turn-delete', { turnId: 'gone' });
    history.tidy();
    assert.deepEqual(filesHolding('summary-of-gone'), []);
    assert.ok(filesHolding('summary-of-keep').length >= 3);
    history.close();
    assert.deepEqual(restoredSummaries(), ['a']);
  });

  test('so it is with those of a turn that an import replaced', () => {
    const history = copied();
    const dump = history.dump();
    const sessions = dump.sessions.map((session) => ({
      ...session,
      turns: session.turns
        .filter(({ id }) => id === 'gone')
        .map((turn) => ({ ...turn, messages: turn.messages.slice(0, 1) })),
    }));
    assert.equal(
      history.call('history-load', { dump: { ...dump, sessions }, mode: 'update' }).updated.turns,
      1,
    );
    history.tidy();
    assert.deepEqual(filesHolding('summary-of-gone'), []);
    assert.ok(filesHolding('summary-of-keep').length >= 3);
    history.close();
    assert.deepEqual(restoredSummaries(), ['a']);
  });

  test('clearing takes summaries, and texts that requests carried, out of every copy', () => {
    const history = copied();
    history.call('workspace-clear', {});
    history.tidy();
    for (const text of ['summary-of', 'told-gone', 'told-keep']) assert.deepEqual(filesHolding(text), []);
    history.close();
    assert.deepEqual(restoredSummaries(), []);
  });

  test('a delete reaches a backup that is older than summaries, too', () => {
    const older = new KeptHistory(databasePath, { database: { steps: migrations.slice(0, 1) } });
    older.append('gone', 'gone');
    older.append('keep', 'keep');
    older.call('backup-make', {});
    older.close();
    const history = new KeptHistory(databasePath);
    history.call('session-delete', { sessionId: 'gone' });
    history.tidy();
    assert.equal(backups().length, 1);
    assert.deepEqual(filesHolding('wordgone'), []);
    assert.ok(filesHolding('wordkeep').length >= 2);
    history.close();
  });

  test('a delete removes a backup that cannot be read, and leaves somebody’s own file in quarantine alone', () => {
    writeFileSync(databasePath, 'somebody’s file '.repeat(900));
    const history = new KeptHistory(databasePath);
    history.append('gone', 'gone');
    history.call('backup-make', {});
    const [backup = ''] = backups();
    damages['a header of garbage'](join(folder.path, 'backups', backup), seeded(1));
    history.call('session-delete', { sessionId: 'gone' });
    history.tidy();
    assert.deepEqual(backups(), []);
    assert.equal(filesHolding('somebody’s file').length, 1);
    assert.deepEqual(history.scrubs.map(({ removed }) => removed), [[join(folder.path, 'backups', backup)]]); // prettier-ignore
    history.close();
  });

  test('a delete of what no copy has is not told of, and a backup counts its turns without what was deleted', () => {
    const history = new KeptHistory(databasePath);
    history.append('t1');
    history.append('t2');
    history.call('backup-make', {});
    history.append('t3');
    history.call('turn-delete', { turnId: 't3' });
    history.tidy();
    assert.equal(history.scrubs.length, 0);
    history.call('turn-delete', { turnId: 't2' });
    history.tidy();
    assert.equal(history.scrubs[0]?.cleaned.length, 1);
    history.close();
    const [backup = ''] = backups();
    const copy = new KeptHistory(join(folder.path, 'backups', backup));
    assert.equal(copy.call('doctor-check', { records: [] }).sound, true);
    assert.equal(copy.call('session-read', { sessionId: 's1' })?.length, 1);
    copy.close();
  });

  test('two windows never clean the copies at the same time', () => {
    const history = new KeptHistory(databasePath);
    history.append('gone', 'gone');
    history.call('backup-make', {});
    history.call('session-delete', { sessionId: 'gone' });
    asTheOnlyOne(new HistoryFiles(databasePath), () => history.tidy());
    assert.equal(history.scrubs.length, 0);
    assert.equal(filesHolding('wordgone').length, 1);
    history.tidy();
    assert.deepEqual(filesHolding('wordgone'), []);
    history.close();
  });

  test('a copy that cannot be reached is told of once, the others are cleaned, and it is cleaned by the next window', () => {
    const history = new KeptHistory(databasePath);
    history.append('gone', 'gone');
    history.call('backup-make', {});
    history.append('kept', 'kept');
    history.call('backup-make', {}, startOfTime + 2 * day);
    const [newer = '', older = ''] = [...backups()].sort().reverse();
    const inTheWay = join(folder.path, 'backups', `${older}.tmp`);
    mkdirSync(inTheWay);
    history.call('session-delete', { sessionId: 'gone' });
    history.tidy();
    history.tidy();
    const paths = [newer, older].map((name) => join(folder.path, 'backups', name));
    assert.deepEqual(history.scrubs.map(({ cleaned, unreachable }) => [cleaned, unreachable]), [[[paths[0]], [paths[1]]]]); // prettier-ignore
    assert.deepEqual(filesHolding('wordgone'), [paths[1]]);
    history.close();
    rmdirSync(inTheWay);
    const next = new KeptHistory(databasePath);
    next.dump();
    next.tidy();
    assert.deepEqual(next.scrubs.map(({ cleaned }) => cleaned), [[paths[1]]]); // prettier-ignore
    assert.deepEqual(filesHolding('wordgone'), []);
    next.close();
  });

  test('a migration backs up first, and the older window is told to reload, and damages nothing', () => {
    const older = new KeptHistory(databasePath, { database: { steps: migrations.slice(0, 1) } });
    older.append('t1');
    const newer = new KeptHistory(databasePath);
    newer.append('t2', 's1', 40, contextOf('be kind'));
    newer.call('summary-put', { summary: summaryOf('a', 's1', ['t1']) });
    assert.equal(backups().length, 1);
    assert.throws(() => older.append('t3'), (error) => error instanceof HistoryError && error.reason === 'newer-version' && /reload/.test(error.message)); // prettier-ignore
    assert.equal(older.dump().sessions[0]?.turns.length, 2, 'it still reads');
    assert.ok(!JSON.stringify(older.dump()).includes('context'));
    older.call('doctor-repair', { records: [] });
    newer.append('t3');
    assert.equal(newer.dump().sessions[0]?.turns.length, 3);
    assert.equal(newer.call('summary-list', { sessionId: 's1' }).summaries.length, 1);
    assert.equal(newer.call('doctor-check', { records: [] }).sound, true);
    assert.deepEqual([...older.repairs, ...newer.repairs], []);
    older.close();
    newer.close();
  });
});
