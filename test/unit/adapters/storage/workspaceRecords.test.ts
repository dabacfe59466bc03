import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { SqliteHistoryLog } from '../../../../src/adapters/storage/sqliteHistoryLog';
import { SqliteLongTermMemory } from '../../../../src/adapters/storage/sqliteLongTermMemory';
import { readRecord, signedRecord } from '../../../../src/adapters/storage/workspaceRecord';
import { maxRecordBytes, WorkspaceRecords } from '../../../../src/adapters/storage/workspaceRecords';
import type { WorkspaceRecord } from '../../../../src/protocol/workspaceRecord';
import {
  append,
  createdAt,
  openSession,
  session,
  startOfTime,
  turn,
  turnIds,
  user,
} from '../../../contract/logFixture';
import { temporaryStorage, type TemporaryStorage } from '../../../support/storage';

/** Like VS Code's: values are copied, and an update that overlaps another is lost. */
class FakeStore {
  readonly values = new Map<string, unknown>();
  updates = 0;
  overlaps = 0;
  failing = false;
  #running = 0;

  keys(): readonly string[] {
    return [...this.values.keys()];
  }

  get(key: string): unknown {
    return structuredClone(this.values.get(key));
  }

  async update(key: string, value: unknown): Promise<void> {
    this.updates += 1;
    this.#running += 1;
    if (this.#running > 1) this.overlaps += 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
    this.#running -= 1;
    if (this.failing) throw new Error('no room');
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, JSON.parse(JSON.stringify(value)));
  }
}

suite('The workspace record', () => {
  let storage: TemporaryStorage;
  let workspaces = 0;
  let workspaceId: string;
  let log: SqliteHistoryLog;
  let store: FakeStore;
  let reports: string[];
  let records: WorkspaceRecords;

  suiteSetup(async () => {
    storage = await temporaryStorage(startOfTime);
  });
  suiteTeardown(() => storage.dispose());
  setup(() => {
    workspaceId = `w${(workspaces += 1)}`;
    log = new SqliteHistoryLog({ client: storage.client, workspaceId });
    store = new FakeStore();
    reports = [];
    records = new WorkspaceRecords({
      store,
      recordOf: (id, maxBytes) => storage.client.recordOf(id, maxBytes),
      report: (message) => reports.push(message),
      delayMs: 1,
    });
  });
  teardown(() => records.flush());

  async function saved(): Promise<WorkspaceRecord> {
    records.save(workspaceId);
    await records.flush();
    const read = records.read(workspaceId);
    assert.equal(read.state, 'sound');
    assert.ok(JSON.stringify(read.record).length <= maxRecordBytes);
    assert.ok(Buffer.byteLength(JSON.stringify(read.record)) <= maxRecordBytes);
    return read.record;
  }

  async function claim(id: string): Promise<void> {
    const request = { workspaceId: id, place: `file:${id}`, own: [], dropped: [] };
    assert.equal(await storage.client.call('workspace-claim', request), id);
  }

  test('holds the whole history where it fits', async () => {
    const memory = new SqliteLongTermMemory({ client: storage.client, workspaceId });
    await claim(workspaceId);
    for (const id of ['s1', 's2', 's3']) await openSession(log, id);
    await append(log, 't1', 's1');
    await append(log, 't2', 's2');
    await append(log, 't3', 's3');
    await log.load({ sessions: [session('s2', [turn('t4', { pinned: true })])], facts: [] }, 'skip');
    await log.deleteSession('s3');
    const fact = { id: `f-${workspaceId}`, text: 'tea', createdAt };
    await memory.remember(fact);
    await memory.remember({ ...fact, id: 'gone' });
    await memory.forget('gone');
    await log.setActiveSession('s1');
    const record = await saved();
    const state = await storage.client.open();
    assert.deepEqual([record.logId, record.sequence], [state.logId, state.sequence]);
    assert.equal(record.complete, true);
    assert.equal(record.activeSessionId, 's1');
    assert.deepEqual(record.aliases, [`file:${workspaceId}`]);
    assert.deepEqual(record.tombstones, { session: ['s3'], turn: ['t3'], fact: ['gone'] });
    assert.deepEqual(record.facts, [fact]);
    assert.deepEqual(record.pins, ['t4']);
    assert.deepEqual(record.sessions.map(({ id, length }) => [id, length]).sort(), [['s1', 1], ['s2', 2]]); // prettier-ignore
    const turns = [
      ...(await log.turns('s1', { limit: 9 })).turns,
      ...(await log.turns('s2', { limit: 9 })).turns,
    ];
    assert.deepEqual(record.turns, turns);
  });

  test('stays in its bounds, and then holds the active session’s newest turns', async () => {
    const large = (id: string) => turn(id, { messages: [user('ö'.repeat(3000))] });
    const ids = (prefix: string) => Array.from({ length: 60 }, (_, n) => `${prefix}${n}`);
    await log.load(
      { sessions: [session('s1', ids('a').map(large)), session('s2', ids('b').map(large))], facts: [] },
      'update',
    );
    await log.setActiveSession('s1');
    const record = await saved();
    assert.equal(record.complete, false);
    assert.ok(record.turns.length > 3);
    const newest = (await turnIds(log, 's1')).slice(-record.turns.length);
    assert.deepEqual(
      record.turns.map(({ id }) => id),
      newest,
    );
    assert.equal(record.sessions.length, 2);
  });

  test('stays in its bounds with many sessions, facts, deletions and one huge turn', async () => {
    const many = Array.from({ length: 400 }, (_, n) => n);
    const facts = many.map((n) => ({ id: `fact-${n}`, text: 'x'.repeat(500), createdAt }));
    const sessions = many.map((n) =>
      session(
        `session-${n}-${'i'.repeat(60)}`,
        n === 399 ? [turn('huge', { messages: [user('x'.repeat(200_000))] }), turn('small')] : [],
      ),
    );
    await log.load(
      { sessions: many.map((n) => session(`old-${n}-${'i'.repeat(60)}`, [])), facts: [] },
      'update',
    );
    await log.clear();
    await log.load({ sessions, facts }, 'update');
    await log.setActiveSession(sessions[399]?.id ?? '');
    const record = await saved();
    assert.equal(record.complete, false);
    assert.ok(
      record.sessions.length > 50 && record.facts.length > 20 && record.tombstones.session.length > 100,
    );
    assert.deepEqual(
      record.turns.map(({ id }) => id),
      ['small'],
    );
  });

  test('holds what facts say now before what they said earlier, and that of the newest first', async () => {
    const memory = new SqliteLongTermMemory({ client: storage.client, workspaceId });
    for (const id of ['f1', 'f2', 'f3']) {
      await memory.remember({ id, text: `first ${id}`, createdAt });
      await memory.editFact(id, { text: `${id} ${'x'.repeat(6000)}`, createdAt });
      await memory.editFact(id, { text: `last ${id}`, createdAt });
    }
    const record = await saved();
    assert.equal(record.complete, false);
    assert.deepEqual(
      record.facts.map(({ text, history }) => [text, history?.length]),
      [['last f3', 2], ['last f2', 2], ['last f1', undefined]],
    ); // prettier-ignore
  });

  test('is written one update at a time, changes that come together as one', async () => {
    await openSession(log);
    for (let n = 0; n < 10; n += 1) {
      records.save(workspaceId);
      records.save(`other-${workspaceId}`);
      await append(log, `t${n}`);
      void records.flush();
    }
    await records.flush();
    assert.equal(store.overlaps, 0);
    assert.equal((await saved()).turns.length, 10);
    const { updates } = store;
    for (let n = 0; n < 100; n += 1) records.save(workspaceId);
    await records.flush();
    assert.equal(store.updates, updates, 'what has not changed is not written');
    assert.deepEqual(reports, []);
  });

  test('follows a delete that changes nothing of what it holds, without being written again', async () => {
    await openSession(log);
    await append(log, 't1');
    const { checksum: _, ...held } = await storage.client.recordOf(workspaceId, maxRecordBytes);
    const { logId } = held;
    let { sequence } = held;
    records = new WorkspaceRecords({
      store,
      recordOf: () => Promise.resolve(signedRecord({ ...held, sequence })),
      report: (message) => reports.push(message),
    });
    records.save(workspaceId);
    await records.flush();
    assert.equal(records.follows(workspaceId, logId, sequence), true);
    const { updates } = store;
    sequence += 1;
    assert.equal(records.follows(workspaceId, logId, sequence), false);
    records.save(workspaceId);
    await records.flush();
    assert.equal(records.follows(workspaceId, logId, sequence), true);
    assert.equal(records.follows(workspaceId, logId, sequence + 1), false);
    assert.equal(store.updates, updates);
    // Another window puts an older copy in its place.
    await store.update(`history:${workspaceId}`, signedRecord({ ...held, sessions: [] }));
    assert.equal(records.follows(workspaceId, logId, sequence), false);
  });

  test('a write that fails is reported, and the next one tries again', async () => {
    await openSession(log);
    store.failing = true;
    records.save(workspaceId);
    await records.flush();
    assert.equal(reports.length, 1);
    store.failing = false;
    assert.equal((await saved()).sessions.length, 1);
  });

  test('damaged in any way it is recognised, and never believed', async () => {
    await openSession(log);
    await append(log, 't1');
    const record = await saved();
    const text = JSON.stringify(record);
    const bytes = fc.tuple(fc.nat(text.length - 1), fc.integer({ min: 32, max: 126 }));
    fc.assert(
      fc.property(bytes, ([at, code]) => {
        const damaged = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
        let value: unknown = damaged;
        try {
          value = JSON.parse(damaged);
        } catch {
          // Then it comes as text, as a value of the wrong kind does.
        }
        const read = readRecord(value);
        if (read.state === 'sound') assert.deepEqual(read.record, record);
      }),
      { numRuns: 300 },
    );
    for (const value of [null, undefined]) assert.equal(readRecord(value).state, 'missing');
    for (const value of ['', 7, [], {}, { format: 1 }]) assert.equal(readRecord(value).state, 'damaged');
    store.values.set(`history:${workspaceId}`, { ...record, turns: [] });
    assert.equal(records.read(workspaceId).state, 'damaged');
    assert.match(reports[0] ?? '', /checksum/);
  });

  test('of a newer version it is left alone', async () => {
    store.values.set(`history:${workspaceId}`, { format: 2, anything: true });
    records.save(workspaceId);
    await records.flush();
    assert.equal(records.read(workspaceId).state, 'newer');
    assert.equal(store.updates, 0);
  });

  test('a record that another window replaced by an older one is written again, once', async () => {
    await openSession(log);
    await append(log, 't1');
    const older = await saved();
    await append(log, 't2');
    const newer = await saved();
    const key = `history:${workspaceId}`;
    store.values.set(key, older);
    records.confirm();
    await records.flush();
    assert.deepEqual((store.values.get(key) as WorkspaceRecord).turns, newer.turns);
    const { updates } = store;
    for (let again = 0; again < 3; again += 1) {
      store.values.set(key, older);
      records.confirm();
      await records.flush();
    }
    assert.equal(store.updates, updates, 'two windows that contend for it would never rest');
  });

  test('what a newer window wrote is left alone', async () => {
    await openSession(log);
    await append(log, 't1');
    const record = await saved();
    const { updates } = store;
    store.values.set(
      `history:${workspaceId}`,
      signedRecord({ ...unsigned(record), sequence: record.sequence + 5 }),
    );
    records.confirm();
    await records.flush();
    assert.equal(store.updates, updates);
  });

  test('older workspaces keep their list of sessions, and a workspace is found by its aliases', async () => {
    const ids = Array.from({ length: 12 }, (_, n) => `old-${workspaceId}-${n}`);
    for (const id of ids) {
      storage.advance(60_000);
      const { client } = storage;
      await claim(id);
      const old = new SqliteHistoryLog({ client, workspaceId: id });
      await openSession(old);
      await append(old, 't1');
      records.save(id);
      await records.flush();
    }
    const full = ids.filter((id) => {
      const read = records.read(id);
      assert.equal(read.state, 'sound');
      assert.equal(read.record.sessions.length, 1);
      return read.record.turns.length > 0;
    });
    assert.deepEqual(full, ids.slice(-8));
    const found = records.withAlias([`file:none`, `file:${ids[0] ?? ''}`]);
    assert.deepEqual(
      found.map(({ workspaceId: id }) => id),
      [ids[0]],
    );
    assert.deepEqual(records.withAlias(['file:none']), []);
  });
});

function unsigned({ checksum: _, ...record }: WorkspaceRecord): Omit<WorkspaceRecord, 'checksum'> {
  return record;
}
