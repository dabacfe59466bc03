import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from '../../../../src/adapters/storage/engine/engine';
import type { HistoryDump } from '../../../../src/core/historyLog';
import { maxRecordBytes } from '../../../../src/adapters/storage/workspaceRecords';
import { createdAt } from '../../../contract/logFixture';
import { copyFolder, damages, KeptHistory, seeded } from '../../../support/damagedHistory';
import { temporaryFolder } from '../../../support/storage';

const turns = 24;

suite('A damaged history', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let original: HistoryDump;
  let alive: KeptHistory;
  let copies = 0;

  suiteSetup(async () => {
    folder = await temporaryFolder();
    alive = new KeptHistory(join(folder.path, 'alive', 'history.db'));
    for (let n = 0; n < turns; n += 1)
      alive.append(`t${n}`, n % 3 === 0 ? 's2' : 's1', n % 5 === 0 ? 900 : 40);
    alive.call('fact-remember', { fact: { id: 'f1', text: 'tea', createdAt } });
    alive.call('workspace-claim', { place: 'file:a', own: [], dropped: [] });
    alive.tidy();
    original = alive.dump();
    assert.equal(alive.call('backup-make', {}), true);
    assert.equal(alive.call('backup-make', {}), false, 'nothing has changed');
  });
  suiteTeardown(async () => {
    alive.close();
    await folder.remove();
  });

  /** What a crash leaves of the history: all of it in the write-ahead log, or all of it in the file. */
  function crashed(kind: 'wal' | 'file', backup: 'backup' | 'no backup' = 'no backup'): string {
    const place = join(folder.path, `copy-${(copies += 1)}`);
    copyFolder(join(folder.path, 'alive'), place);
    const path = join(place, 'history.db');
    if (backup === 'no backup') rmSync(join(place, 'backups'), { recursive: true });
    if (kind === 'file') {
      const history = new KeptHistory(path);
      history.dump();
      history.close();
    }
    return path;
  }

  /** Nothing that is shown differs from what was written. @returns how many turns are shown */
  function shown(dump: HistoryDump): number {
    let count = 0;
    for (const session of dump.sessions) {
      const before = original.sessions.find(({ id }) => id === session.id);
      for (const turn of session.turns) {
        assert.deepEqual(
          turn,
          before?.turns.find(({ id }) => id === turn.id),
        );
        count += 1;
      }
    }
    return count;
  }

  for (const [what, damage] of Object.entries(damages)) {
    for (const kind of ['file', 'wal'] as const) {
      test(`is opened, repaired and reported, and shows nothing that was not written: ${what} in the ${kind}`, () => {
        for (let seed = 1; seed <= 4; seed += 1) {
          const path = crashed(kind);
          damage(kind === 'wal' ? `${path}-wal` : path, seeded(seed));
          const history = new KeptHistory(path);
          const first = history.dump();
          shown(first);
          history.tidy();
          const report = history.call('doctor-check', { records: [] });
          if (!report.sound) history.call('doctor-repair', { records: [] });
          const dump = history.dump();
          const found = shown(dump);
          assert.equal(dump.corrupt, undefined);
          const lost = history.repairs.flatMap((repair) => repair.lost);
          if (found < turns && what !== 'an empty file' && !what.startsWith('cut off')) {
            assert.ok(history.repairs.length > 0, `${turns - found} lost, and nothing said (seed ${seed})`);
          }
          assert.ok(
            lost.every(({ id }) =>
              dump.sessions.every((session) => session.turns.every((turn) => turn.id !== id)),
            ),
          );
          history.append('after', 's9');
          history.close();
        }
      });

      test(`loses nothing of what a backup has: ${what} in the ${kind}`, () => {
        for (let seed = 1; seed <= 4; seed += 1) {
          const path = crashed(kind, 'backup');
          damage(kind === 'wal' ? `${path}-wal` : path, seeded(seed));
          const history = new KeptHistory(path);
          history.dump();
          history.tidy();
          if (!history.call('doctor-check', { records: [] }).sound)
            history.call('doctor-repair', { records: [] });
          assert.equal(shown(history.dump()), turns, `seed ${seed}`);
          assert.deepEqual(history.dump().facts, original.facts);
          assert.deepEqual(
            history.repairs.flatMap(({ lost }) => lost),
            [],
          );
          const { known } = history.call('workspace-lookup', {
            aliases: ['file:a'],
            repository: [],
            ids: [],
          });
          assert.equal(known[0]?.id, 'w1');
          history.append('after', 's9');
          history.close();
        }
      });
    }
  }

  test('one flipped bit in the write-ahead log costs at most the turn it is in', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const path = crashed('wal');
      damages['a flipped bit'](`${path}-wal`, seeded(seed * 7919));
      const history = new KeptHistory(path);
      assert.ok(shown(history.dump()) >= turns - 1, `seed ${seed}`);
      history.close();
    }
  });

  test('what neither backup nor log has comes from the record, and the report tells the three apart', () => {
    const path = crashed('file');
    const history = new KeptHistory(path);
    const record = history.call('workspace-record', { maxBytes: maxRecordBytes });
    history.close();
    damages['an empty file'](path);
    const after = new KeptHistory(path);
    const report = after.call('workspace-reconcile', { record });
    assert.equal(report.relation, 'empty-log');
    assert.equal(shown(after.dump()), turns);
    after.close();
  });

  test('a folder that is deleted while the history is open is brought back from the open file', () => {
    const path = crashed('file');
    const history = new KeptHistory(path);
    history.append('t-new', 's9');
    rmSync(join(path, '..'), { recursive: true });
    history.append('t-newer', 's9');
    assert.equal(history.dump().sessions.flatMap((session) => session.turns).length, turns + 2);
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
