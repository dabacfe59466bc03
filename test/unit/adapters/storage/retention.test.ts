import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SqliteHistoryLog } from '../../../../src/adapters/storage/sqliteHistoryLog';
import { SqliteLongTermMemory } from '../../../../src/adapters/storage/sqliteLongTermMemory';
import { WorkerRetention } from '../../../../src/adapters/storage/workerRetention';
import type { Turn } from '../../../../src/core/message';
import { summary } from '../../../contract/historyLogContext.contract';
import {
  append,
  assistant,
  leaseMs,
  openSession,
  owner,
  session,
  start,
  startOfTime,
  turn,
  turnIds,
  user,
} from '../../../contract/logFixture';
import { temporaryStorage, type TemporaryStorage } from '../../../support/storage';

const day = 86_400_000;
const daysAgo = (days: number): string => new Date(startOfTime - days * day).toISOString();

suite('Retention', () => {
  let storage: TemporaryStorage;
  let retention: WorkerRetention;
  let log: SqliteHistoryLog;
  let other: SqliteHistoryLog;
  let removed: readonly string[] = [];

  setup(async () => {
    storage = await temporaryStorage(startOfTime);
    const { client } = storage;
    removed = [];
    retention = new WorkerRetention({ client, removed: (ids) => (removed = ids) });
    log = new SqliteHistoryLog({ client, workspaceId: 'w1' });
    other = new SqliteHistoryLog({ client, workspaceId: 'w2' });
  });
  teardown(() => storage.dispose());

  function aged(id: string, days: number, more: Partial<Turn> = {}): Turn {
    return turn(id, { createdAt: daysAgo(days), ...more });
  }

  test('by default nothing goes', async () => {
    await log.load({ sessions: [session('s1', [aged('t1', 4000)])], facts: [] }, 'update');
    assert.equal((await retention.apply({})).turns, 0);
    assert.deepEqual(await turnIds(log), ['t1']);
  });

  test('what covers an old turn goes with it; a pinned turn stays, and its summary', async () => {
    const turns = [aged('a', 90), aged('b', 80, { pinned: true }), aged('c', 5)];
    await log.load({ sessions: [session('s1', turns)], facts: [] }, 'update');
    await log.putSummary(summary('old', ['a', 'b'], { text: 'secret-summary' }));
    await log.putSummary(summary('pinned', ['b'], { from: 1, to: 1 }));
    await retention.apply({ days: 30 });
    assert.deepEqual(await turnIds(log), ['b', 'c']);
    assert.deepEqual(
      (await log.summaries('s1')).map(({ id }) => id),
      ['pinned'],
    );
  });

  test('the preview changes nothing and tells exactly what applying removes, in every workspace', async () => {
    await log.load(
      { sessions: [session('s1', [aged('a', 90), aged('b', 5)]), session('s2', [aged('c', 60)])], facts: [] },
      'update',
    );
    await log.setActiveSession('s1');
    await other.load({ sessions: [session('s1', [aged('a', 40)])], facts: [] }, 'update');
    const before = [await log.dump(), await other.dump()];
    const preview = await retention.preview({ days: 30 });
    assert.deepEqual([await log.dump(), await other.dump()], before);
    const { bytes, kept, ...rest } = preview;
    assert.deepEqual(rest, { sessions: 2, turns: 3, oldest: daysAgo(90), newest: daysAgo(40) });
    assert.equal(kept.turns, 1);
    assert.ok(bytes > 0 && kept.bytes > 0);
    assert.deepEqual(await retention.apply({ days: 30 }), preview);
    assert.deepEqual(await turnIds(log, 's1'), ['b']);
    assert.equal((await log.session('s1'))?.length, 1);
    assert.equal(await log.session('s2'), undefined);
    assert.deepEqual(await other.sessions(), []);
    assert.deepEqual([...removed].sort(), ['w1', 'w2']);
    assert.equal((await retention.preview({ days: 30 })).turns, 0);
  });

  test('running and pinned turns, facts and the active session stay', async () => {
    await log.load(
      {
        sessions: [session('s1', [aged('old', 90)]), session('s2', [aged('pin', 90, { pinned: true })])],
        facts: [{ id: 'f1', text: 'Tea', createdAt: daysAgo(900) }],
      },
      'update',
    );
    await log.setActiveSession('s1');
    await log.begin(
      { ...start('live', 's1'), createdAt: daysAgo(90) },
      { expectedLength: 1, owner, leaseMs },
    );
    assert.equal((await retention.apply({ days: 30, megabytes: 1 })).turns, 1);
    assert.deepEqual(await turnIds(log, 's1'), ['live']);
    assert.deepEqual(await turnIds(log, 's2'), ['pin']);
    assert.equal((await log.dump()).facts.length, 1);
    await log.finish('live', owner, { status: 'complete', messages: [user('x'), assistant('y')] });
    assert.equal((await retention.apply({ days: 30 })).turns, 1);
    assert.equal((await log.session('s1'))?.length, 0, 'the active session stays, empty');
    await append(log, 'next', 's1');
  });

  test('what went is for good: no import brings it back', async () => {
    await log.load(
      { sessions: [session('s1', [aged('a', 90), aged('b', 1)]), session('s2', [aged('c', 90)])], facts: [] },
      'update',
    );
    const backup = await log.dump();
    await retention.apply({ days: 30 });
    const { deleted } = await log.load(backup, 'update');
    assert.deepEqual([deleted.sessions, deleted.turns], [1, 2]);
    assert.deepEqual(await turnIds(log, 's1'), ['b']);
  });

  test('over the size, the oldest turns go until it fits, and the disk gets the space back', async () => {
    const turns = Array.from({ length: 300 }, (_, n) =>
      aged(`t${n}`, 300 - n, {
        messages: [user(`secret-${n}-`), assistant(`${n} `.repeat(20_000 / `${n} `.length))],
      }),
    );
    await log.load({ sessions: [session('s1', turns)], facts: [] }, 'update');
    const memory = new SqliteLongTermMemory({ client: storage.client, workspaceId: 'w1' });
    await memory.recall('secret', { limit: 1 });
    const size = async (): Promise<number> => (await stat(storage.databasePath)).size;
    const preview = await retention.preview({ megabytes: 2 });
    assert.ok(preview.kept.bytes <= 2_000_000);
    const { turns: gone } = await retention.apply({ megabytes: 2 });
    assert.equal(gone, preview.turns);
    const left = await turnIds(log);
    assert.deepEqual(
      left,
      turns.slice(gone).map(({ id }) => id),
    );
    assert.ok(left.length > 20, `${left.length} stay`);
    await storage.client.close();
    assert.ok((await size()) < 2_600_000, `${await size()} bytes`);
    const folder = dirname(storage.databasePath);
    for (const name of await readdir(folder)) {
      assert.ok(!(await readFile(join(folder, name))).includes('secret-0-'), name);
    }
  });

  test('by itself it is applied once a day, whichever window asks; other limits at once', async () => {
    const elsewhere = new WorkerRetention({ client: storage.anotherClient(), removed: () => undefined });
    assert.equal((await retention.applyDaily({ days: 30 }))?.turns, 0);
    await log.load({ sessions: [session('s1', [aged('a', 90)])], facts: [] }, 'update');
    assert.equal(await retention.applyDaily({ days: 30 }), undefined);
    assert.equal(await elsewhere.applyDaily({ days: 30 }), undefined);
    storage.advance(day);
    assert.equal((await elsewhere.applyDaily({ days: 30 }))?.turns, 1);
    assert.equal((await retention.applyDaily({ days: 20 }))?.turns, 0);
  });

  test('turns are stored while it works: no step keeps others waiting for long', async () => {
    const turns = Array.from({ length: 3000 }, (_, n) => aged(`t${n}`, 90));
    await log.load({ sessions: [session('s1', turns)], facts: [] }, 'update');
    await openSession(log, 's2');
    let done = false;
    const applied = retention.apply({ days: 30 }).finally(() => (done = true));
    let appended = 0;
    for (const working = (): boolean => !done; working(); appended += 1)
      await append(log, `new${appended}`, 's2');
    assert.equal((await applied).turns, 3000);
    assert.ok(appended >= 20, `${appended} turns were stored meanwhile`);
    assert.equal((await log.session('s2'))?.length, appended);
  });
});
