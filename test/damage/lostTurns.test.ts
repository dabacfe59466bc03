import assert from 'node:assert/strict';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { maxRecordBytes } from '../../src/adapters/storage/workspaceRecords';
import type { RepairReport } from '../../src/core/historyDoctor';
import { repairOutcome } from '../../src/core/repairOutcome';
import { DamageableHistory, damages, KeptHistory, seeded, workspaceId } from '../support/damagedHistory';
import { temporaryFolder } from '../support/storage';

suite('What a repair says to be lost', () => {
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

  function repaired(path: string): {
    readonly history: KeptHistory;
    readonly report: RepairReport | undefined;
  } {
    const history = new KeptHistory(path);
    history.dump();
    history.tidy();
    if (!history.call('doctor-check', { records: [] }).sound) history.call('doctor-repair', { records: [] });
    return { history, report: repairOutcome(history.repairs, []) };
  }

  /** Of which the last that can be read is that they ran: no dump has them until they have been stopped. */
  function running(history: KeptHistory): number {
    const ids = history.call('session-list', {}).map(({ id }) => id);
    const turns = ids.flatMap((sessionId) => history.call('turn-page', { sessionId, limit: 99 }).turns);
    return turns.filter(({ status }) => status === 'running').length;
  }

  function counted({ missing }: RepairReport): number {
    return missing.reduce((sum, { turns }) => sum + turns, 0);
  }

  /** Takes turns away with all that names them, as if their pages had gone. */
  function takeAway(path: string, ids: readonly string[]): void {
    const database = new DatabaseSync(path);
    for (const id of ids) {
      const key = Number(database.prepare('SELECT key FROM turns WHERE id = ?').get(id)?.key);
      database
        .prepare('DELETE FROM messages WHERE key >= ? * 1048576 AND key < (? + 1) * 1048576')
        .run(key, key);
      database.prepare('DELETE FROM turns WHERE key = ?').run(key);
    }
    database.exec('VACUUM');
    database.close();
  }

  for (const [what, damage] of Object.entries(damages)) {
    for (const kind of ['file', 'wal'] as const) {
      test(`found, named and counted are all that was written, or more is said to be possible: ${what} in the ${kind}`, () => {
        for (let seed = 1; seed <= 6; seed += 1) {
          const path = sample.crashed(kind);
          damage(kind === 'wal' ? `${path}-wal` : path, seeded(seed * 31));
          const { history, report } = repaired(path);
          const found = sample.shown(history.dump(), kind) + running(history);
          history.close();
          if (!report) continue;
          const sum = found + report.lost.length + counted(report);
          if (report.countKnown) assert.equal(sum, sample.turns, `seed ${seed}`);
          else assert.ok(sum <= sample.turns, `seed ${seed}: ${sum}`);
        }
      });
    }
  }

  test('turns that left no trace are counted by session', () => {
    const path = sample.crashed('file');
    takeAway(path, ['t1', 't2', 't3']);
    const history = new KeptHistory(path);
    const check = history.call('doctor-check', { records: [] });
    assert.deepEqual(check.problems.map(({ kind, message }) => [kind, message]), [
      ['count', 'A session counts 8 turns and has 7'],
      ['count', 'A session counts 16 turns and has 14'],
    ]); // prettier-ignore
    assert.deepEqual(check.plan?.missing, history.call('doctor-repair', { records: [] }).missing);
    assert.deepEqual(check.plan.missing, [
      { workspaceId, sessionId: 's2', sessionTitle: 'Session s2', turns: 1 },
      { workspaceId, sessionId: 's1', sessionTitle: 'Session s1', turns: 2 },
    ]);
    assert.equal(check.plan.countKnown, true);
    assert.deepEqual(check.plan.lost, []);
    assert.equal(history.call('doctor-check', { records: [] }).sound, true, 'what is lost is told once');
    history.close();
  });

  test('a deleted turn is neither lost nor missing', () => {
    const path = sample.crashed('file');
    const before = new KeptHistory(path);
    before.call('turn-delete', { turnId: 't5' });
    before.close();
    takeAway(path, ['t6']);
    const { history, report } = repaired(path);
    assert.deepEqual(report?.missing.map(({ sessionId, turns }) => [sessionId, turns]), [['s2', 1]]); // prettier-ignore
    assert.equal(report.countKnown, true);
    history.close();
  });

  test('a truncated file without its list of sessions claims no number', () => {
    const path = sample.crashed('file');
    truncateSync(path, 2 * 4096);
    const { history, report } = repaired(path);
    assert.equal(report?.countKnown, false);
    assert.deepEqual(history.dump().sessions, []);
    history.close();
  });

  test('a log older than its record claims no number, and no more than the record knows', () => {
    const path = sample.crashed('file');
    const before = new KeptHistory(path);
    before.append('t-new');
    const record = before.call('workspace-record', { maxBytes: maxRecordBytes });
    before.close();
    const old = sample.crashed('file');
    takeAway(old, ['t1']);
    const history = new KeptHistory(old);
    const short = { ...record, turns: record.turns.filter(({ id }) => id !== 't1' && id !== 't-new') };
    const report = history.call('doctor-repair', { records: [short] });
    assert.equal(report.countKnown, false);
    assert.deepEqual(report.missing.map(({ sessionId, turns }) => [sessionId, turns]), [['s1', 2]]); // prettier-ignore
    history.close();
  });

  for (const [what, damage] of [
    ['gone', rmSync],
    ['empty', truncateSync],
  ] as const)
    test(`a write-ahead log whose database is ${what} is not thrown away`, () => {
      const path = sample.crashed('wal');
      damage(path);
      const { history, report } = repaired(path);
      assert.equal(sample.shown(history.dump()), sample.turns);
      assert.deepEqual(report?.problems.map(({ kind }) => kind), ['missing']); // prettier-ignore
      history.close();
    });

  test('a repair that the next window finishes tells what it could not bring', () => {
    const path = sample.crashed('file');
    takeAway(path, ['t1']);
    const first = new KeptHistory(path);
    const { quarantine = '', missing } = first.call('doctor-repair', { records: [] });
    first.close();
    // As if the window had died before it could tell.
    writeFileSync(`${path}.repairing`, quarantine);
    const next = new KeptHistory(path);
    next.dump();
    assert.deepEqual(next.repairs.map((report) => report.missing), [missing]); // prettier-ignore
    next.close();
  });

  test('a turn that the record brings back is not counted twice', () => {
    const path = sample.crashed('file');
    const before = new KeptHistory(path);
    const record = before.call('workspace-record', { maxBytes: maxRecordBytes });
    before.close();
    takeAway(path, ['t1', 't23']);
    const history = new KeptHistory(path);
    const short = { ...record, turns: record.turns.filter(({ id }) => id !== 't1') };
    const report = history.call('workspace-reconcile', { record: short });
    assert.equal(report.restored.turns, 1);
    assert.equal(history.call('session-read', { sessionId: 's1' })?.length, 16);
    assert.deepEqual(history.call('doctor-check', { records: [] }).problems.map(({ message }) => message), [
      'A session counts 16 turns and has 15',
    ]); // prettier-ignore
    history.close();
  });

  test('what the record brings after a repair is not lost', () => {
    const path = sample.crashed('file');
    const before = new KeptHistory(path);
    const record = before.call('workspace-record', { maxBytes: maxRecordBytes });
    before.close();
    assert.ok(record.turns.some(({ id }) => id === 't23'));
    takeAway(path, ['t1', 't23']);
    const history = new KeptHistory(path);
    history.call('doctor-repair', { records: [] });
    const short = { ...record, turns: record.turns.filter(({ id }) => id !== 't1') };
    const report = history.call('workspace-reconcile', { record: short });
    assert.deepEqual(report.addedTurns, [{ id: 't23', sessionId: 's1' }]);
    const outcome = repairOutcome(history.repairs, [{ workspaceId, report }]);
    assert.deepEqual(outcome?.missing.map(({ turns }) => turns), [1]); // prettier-ignore
    assert.equal(outcome.fromRecord.turns, 1);
    history.close();
  });
});
