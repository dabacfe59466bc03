import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from '../../src/adapters/storage/engine/engine';
import { migrations } from '../../src/adapters/storage/engine/schema';
import { maxRecordBytes } from '../../src/adapters/storage/workspaceRecords';
import { repairReportText } from '../../src/adapters/vscode/doctorReport';
import type { RepairReport } from '../../src/core/historyDoctor';
import type { Summary } from '../../src/core/memory/summary';
import {
  contextOf,
  DamageableHistory,
  damages,
  KeptHistory,
  seeded,
  summaryOf,
} from '../support/damagedHistory';
import { temporaryFolder } from '../support/storage';

suite('What a repair brings back', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let sample: DamageableHistory;

  suiteSetup(async () => {
    folder = await temporaryFolder();
    sample = new DamageableHistory(folder.path);
  });
  suiteTeardown(async () => {
    sample.close();
    await folder.remove();
  });

  test('one flipped bit in the write-ahead log costs at most the turn it is in', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const path = sample.crashed('wal');
      damages['a flipped bit'](`${path}-wal`, seeded(seed * 7919));
      const history = new KeptHistory(path);
      assert.ok(sample.shown(history.dump()) >= sample.turns - 1, `seed ${seed}`);
      history.close();
    }
  });

  test('what neither backup nor log has comes from the record, and the report tells the three apart', () => {
    const path = sample.crashed('file');
    const history = new KeptHistory(path);
    const record = history.call('workspace-record', { maxBytes: maxRecordBytes });
    history.close();
    damages['an empty file'](path);
    const after = new KeptHistory(path);
    const report = after.call('workspace-reconcile', { record });
    assert.equal(report.relation, 'empty-log');
    assert.equal(sample.shown(after.dump()), sample.turns);
    after.close();
  });

  test('a folder that is deleted while the history is open is brought back from the open file', () => {
    const path = sample.crashed('file');
    const history = new KeptHistory(path);
    history.append('t-new', 's9');
    rmSync(join(path, '..'), { recursive: true });
    history.append('t-newer', 's9');
    assert.equal(history.dump().sessions.flatMap((session) => session.turns).length, sample.turns + 2);
    history.close();
    assert.ok(readdirSync(join(path, '..')).includes('history.db'));
  });

  function changed(path: string, sql: string): KeptHistory {
    const engine = new Engine({ databasePath: path, newId: () => 'id' });
    engine.database.exec(sql);
    engine.close();
    return new KeptHistory(path);
  }

  test('a damaged summary is left out, and the repair counts it; the others stay, edited as they are', () => {
    const history = changed(
      sample.crashed('file'),
      `UPDATE summaries SET body = replace(body, 'summary b', 'Summary b') WHERE id = 'b'`,
    );
    const edited = { ...(sample.summaries[3] as Summary), text: 'In my words', edited: true };
    history.call('summary-put', { summary: edited });
    const shown = (): readonly string[] =>
      history.call('summary-list', { sessionId: 's1' }).summaries.map(({ id }) => id);
    assert.deepEqual(shown(), ['a', 'c', 'd']);
    const report = history.call('doctor-check', { records: [] });
    assert.deepEqual([report.sound, report.plan?.lostSummaries, report.plan?.lost], [false, 1, []]);
    history.tidy();
    assert.deepEqual(
      history.repairs.map((repair) => [repair.lostSummaries, repair.lostTexts]),
      [[1, undefined]],
    );
    assert.deepEqual(history.call('summary-list', { sessionId: 's1' }).summaries[2], edited);
    assert.equal(history.call('doctor-check', { records: [] }).sound, true);
    assert.deepEqual(shown(), ['a', 'c', 'd']);
    assert.match(
      repairReportText(history.repairs[0] as RepairReport),
      /1 summary of turns cannot be brought back/,
    );
    history.close();
  });

  test('a damaged summary comes from the backup, unless what it covers was deleted', () => {
    const path = sample.crashed('file', 'backup');
    const damage = `UPDATE summaries SET body = replace(body, 'summary', 'Summary') WHERE id IN ('b', 'c')`;
    const history = changed(path, damage);
    history.call('turn-delete', { turnId: 't7' });
    history.call('doctor-repair', { records: [] });
    const ids = history.call('summary-list', { sessionId: 's1' }).summaries.map(({ id }) => id);
    // A damaged summary may have covered any turn, so it goes with the first that is deleted.
    assert.deepEqual(ids, ['a', 'd']);
    history.close();
  });

  test('a damaged text of what was sent is counted once, and the rest of what was sent is told', () => {
    const history = changed(
      sample.crashed('file'),
      `UPDATE texts SET body = replace(body, 'instructions 1', 'instructions 7')`,
    );
    assert.equal(sample.shownTexts(history), sample.turns * 1.5);
    assert.equal(history.call('doctor-repair', { records: [] }).lostTexts, 1);
    assert.equal(sample.shownTexts(history), sample.turns * 1.5);
    assert.equal(sample.shown(history.dump()), sample.turns);
    assert.equal(history.call('doctor-check', { records: [] }).sound, true);
    history.close();
  });

  test('a damaged pinned turn is left out, and found', () => {
    const history = changed(
      sample.crashed('file'),
      `UPDATE turns SET body = replace(body, '2026', '2025') WHERE id = 't4'`,
    );
    const page = history.call('turn-pinned', { sessionId: 's1' });
    assert.deepEqual([page.turns, page.corrupt?.map(({ id }) => id)], [[], ['t4']]);
    assert.throws(() => history.call('turn-pin', { turnId: 't4', pinned: false }), /damaged/);
    assert.throws(() => history.call('turn-context', { turnId: 't4' }), /damaged/);
    history.tidy();
    assert.deepEqual(
      history.repairs.flatMap(({ lost }) => lost.map(({ id }) => id)),
      ['t4'],
    );
    assert.equal(sample.shownSummaries(history), 4, 'summaries of what is lost are all there is of it');
    history.close();
  });

  test('a log of the first version is brought up to date out of its ruins too', () => {
    const path = join(folder.path, 'old', 'history.db');
    const old = new KeptHistory(path, { database: { steps: migrations.slice(0, 1) } });
    old.append('t1');
    old.close();
    damages['a header of garbage'](path, seeded(1));
    const history = new KeptHistory(path);
    assert.equal(history.dump().sessions[0]?.turns.length, 1);
    history.append('t2', 's1', 40, contextOf('be kind'));
    history.call('summary-put', { summary: summaryOf('a', 's1', ['t1']) });
    assert.equal(history.call('doctor-check', { records: [] }).sound, true);
    history.close();
  });
});

suite('Two windows and a repair', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;
  setup(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, 'history.db');
  });
  teardown(() => folder.remove());

  test('what one writes after the other has repaired is in the repaired log', () => {
    const mine = new KeptHistory(path);
    const theirs = new KeptHistory(path);
    mine.append('t1');
    theirs.append('t2');
    theirs.call('workspace-watch', { watch: true });
    const engine = new Engine({ databasePath: path, newId: () => 'id' });
    engine.database.exec(`UPDATE messages SET body = replace(body, 'answer t1', 'Answer t1')`);
    engine.close();
    const report = mine.call('doctor-repair', { records: [] });
    assert.deepEqual(
      report.lost.map(({ id, sessionTitle }) => [id, sessionTitle]),
      [['t1', 'Session s1']],
    );
    assert.equal(report.automatic, false);
    theirs.append('t3');
    mine.append('t4');
    const ids = (history: KeptHistory) =>
      history.dump().sessions.flatMap((one) => one.turns.map(({ id }) => id));
    assert.deepEqual(ids(mine), ['t2', 't3', 't4']);
    assert.deepEqual(ids(theirs), ids(mine));
    assert.deepEqual(theirs.changes(), [{ workspaceId: 'w1' }]);
    mine.close();
    theirs.close();
    assert.equal(new KeptHistory(path).call('doctor-check', { records: [] }).sound, true);
  });

  test('a repair that was killed half-way is finished by the next window, from the copy', () => {
    const history = new KeptHistory(path);
    history.append('t1');
    history.close();
    const copy = join(folder.path, 'quarantine', 'half');
    mkdirSync(copy, { recursive: true });
    copyFileSync(path, join(copy, 'history.db'));
    rmSync(path);
    writeFileSync(`${path}.repairing`, copy);
    const next = new KeptHistory(path);
    assert.equal(next.dump().sessions[0]?.turns.length, 1);
    assert.equal(next.repairs.length, 1);
    assert.equal(existsSync(`${path}.repairing`), false);
    next.append('t2');
    next.close();
  });
});
