import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from '../../../../src/adapters/storage/engine/engine';
import { maxRecordBytes } from '../../../../src/adapters/storage/workspaceRecords';
import { DamageableHistory, damages, KeptHistory, seeded } from '../../../support/damagedHistory';
import { temporaryFolder } from '../../../support/storage';

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
