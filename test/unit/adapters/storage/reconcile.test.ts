import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { SqliteHistoryLog } from '../../../../src/adapters/storage/sqliteHistoryLog';
import { SqliteLongTermMemory } from '../../../../src/adapters/storage/sqliteLongTermMemory';
import type { WorkerClient } from '../../../../src/adapters/storage/workerClient';
import { readRecord, signedRecord } from '../../../../src/adapters/storage/workspaceRecord';
import { maxRecordBytes } from '../../../../src/adapters/storage/workspaceRecords';
import type { ReconcileReport } from '../../../../src/core/historyDoctor';
import type { WorkspaceRecord } from '../../../../src/protocol/workspaceRecord';
import { summary } from '../../../contract/historyLogContext.contract';
import { append, createdAt, openSession, startOfTime, turnIds } from '../../../contract/logFixture';
import { temporaryStorage, type TemporaryStorage } from '../../../support/storage';

const workspaceId = 'w1';

suite('The log and the record in globalState are reconciled', () => {
  const storages: TemporaryStorage[] = [];
  let storage: TemporaryStorage;
  let log: SqliteHistoryLog;

  setup(async () => {
    ({ storage, log } = await place());
    await openSession(log);
    await append(log, 't1');
  });
  teardown(() => Promise.all(storages.splice(0).map((one) => one.dispose())));

  async function place(): Promise<{ storage: TemporaryStorage; log: SqliteHistoryLog }> {
    const made = await temporaryStorage(startOfTime);
    storages.push(made);
    return { storage: made, log: new SqliteHistoryLog({ client: made.client, workspaceId }) };
  }

  const record = (client = storage.client): Promise<WorkspaceRecord> =>
    client.call('workspace-record', { workspaceId, maxBytes: maxRecordBytes });
  const reconcile = (
    given?: WorkspaceRecord,
    client: WorkerClient = storage.client,
  ): Promise<ReconcileReport> =>
    client.call('workspace-reconcile', { workspaceId, ...(given && { record: given }) });

  test('a rebuilt container gets its history back from globalState, under a log of its own', async () => {
    await append(log, 't2');
    await log.trim('s1', 1);
    await log.setActiveSession('s1');
    const memory = new SqliteLongTermMemory({ client: storage.client, workspaceId });
    await memory.remember({ id: 'f1', text: 'tea', createdAt });
    const full = await record();
    const empty = await place();
    const report = await reconcile(full, empty.storage.client);
    assert.deepEqual(report.relation, 'empty-log');
    assert.deepEqual(report.restored, { sessions: 1, turns: 2, facts: 1 });
    assert.deepEqual(await empty.log.dump(), await log.dump());
    assert.equal(await empty.log.activeSession(), 's1');
    assert.equal((await empty.log.session('s1'))?.contextStart, 1);
    assert.equal((await reconcile(full, empty.storage.client)).restored.turns, 0, 'and only once');
    await append(empty.log, 't3');
  });

  test('facts come back with their histories, and a fact that both sides know has the texts of both', async () => {
    const memory = new SqliteLongTermMemory({ client: storage.client, workspaceId });
    const [tea, coffee] = [
      { text: 'tea', createdAt },
      { text: 'coffee', createdAt: '2026-03-02T00:00:00.000Z' },
    ];
    await memory.remember({ id: 'f1', ...tea });
    const before = await record();
    const whole = await memory.editFact('f1', coffee);
    const full = await record();
    assert.deepEqual(full.facts, [whole]);

    const other = await place();
    await reconcile(before, other.storage.client);
    const there = new SqliteLongTermMemory({ client: other.storage.client, workspaceId });
    const water = { text: 'water', createdAt: '2026-03-01T20:00:00.000Z' };
    await there.editFact('f1', water);
    await reconcile(full, other.storage.client);
    assert.deepEqual(await there.fact('f1'), { id: 'f1', ...coffee, history: [water, tea] });
    await reconcile(full, other.storage.client);
    assert.deepEqual(await there.fact('f1'), { id: 'f1', ...coffee, history: [water, tea] }, 'only once');

    await reconcile(before);
    assert.deepEqual(await memory.fact('f1'), whole, 'an older record of the same log changes nothing');
  });

  test('an edit that the log has lost comes back from the record', async () => {
    const memory = new SqliteLongTermMemory({ client: storage.client, workspaceId });
    await memory.remember({ id: 'f1', text: 'tea', createdAt });
    const edited = { id: 'f1', text: 'coffee', createdAt: '2026-03-02T00:00:00.000Z' };
    const now = await record();
    await reconcile(signedRecord({ ...now, sequence: now.sequence + 1, facts: [edited] }));
    assert.deepEqual(await memory.fact('f1'), { ...edited, history: [{ text: 'tea', createdAt }] });
  });

  test('what a summary tells of a turn that damage has lost goes once the turn turns out to be deleted', async () => {
    for (const id of ['t2', 't3']) await append(log, id);
    const [both, other] = [summary('both', ['t1', 't2']), summary('other', ['t3'], { from: 2, to: 2 })];
    for (const one of [both, other]) await log.putSummary(one);
    const database = new DatabaseSync(storage.databasePath);
    database.exec(`DELETE FROM turns WHERE id = 't1'`);
    database.close();
    const tombstones = { session: [], turn: ['t1'], fact: [] };
    await reconcile(signedRecord({ ...(await record()), logId: 'another', tombstones, turns: [] }));
    assert.deepEqual(await log.summaries('s1'), [other]);
  });

  test('a new client without a record leaves the log as it is', async () => {
    const before = await log.dump();
    assert.equal((await reconcile()).relation, 'no-record');
    assert.deepEqual(await log.dump(), before);
  });

  test('a log that has all that the record knows wins, and is not even written', async () => {
    const older = await record();
    await append(log, 't2');
    await log.renameSession('s1', 'Renamed');
    const { sequence } = await storage.client.open();
    assert.equal((await reconcile(older)).relation, 'agrees');
    assert.equal((await storage.client.open()).sequence, sequence);
    assert.equal((await log.session('s1'))?.title, 'Renamed');
  });

  test('a record that is ahead of its log gives back what the log lost, and the sequence goes on', async () => {
    const { logId } = await storage.client.open();
    const other = await place();
    await openSession(other.log);
    await append(other.log, 't1');
    await append(other.log, 't2');
    await openSession(other.log, 's2');
    await append(other.log, 't3', 's2');
    const { checksum: _checksum, ...theirs } = await record(other.storage.client);
    const ahead = signedRecord({ ...theirs, logId });
    const report = await reconcile(ahead);
    assert.equal(report.relation, 'behind');
    assert.deepEqual(report.restored, { sessions: 1, turns: 2, facts: 0 });
    assert.deepEqual(await turnIds(log), ['t1', 't2']);
    assert.deepEqual(await turnIds(log, 's2'), ['t3']);
    assert.ok((await storage.client.open()).sequence > ahead.sequence);
    assert.equal((await reconcile(ahead)).relation, 'agrees');
    await append(log, 't4');
  });

  test('two logs of their own become one, and deletions on either side stay deleted', async () => {
    const other = await place();
    for (const [there, ids] of [
      [log, ['a', 'b']],
      [other.log, ['c', 'd']],
    ] as const) {
      // prettier-ignore
      for (const id of ids) {
        await openSession(there, `s-${id}`);
        await append(there, id, `s-${id}`);
      }
    }
    await openSession(other.log, 's-a');
    await append(other.log, 'a', 's-a');
    await openSession(log, 's-c');
    await append(log, 'c', 's-c');
    await other.log.deleteSession('s-a');
    await log.deleteSession('s-c');
    const report = await reconcile(await record(other.storage.client));
    assert.equal(report.relation, 'other-log');
    assert.deepEqual((await log.sessions()).map(({ id }) => id).sort(), ['s-b', 's-d', 's1']);
    assert.deepEqual([report.restored.sessions, report.deleted.sessions], [1, 1]);
    assert.equal((await reconcile(await record(other.storage.client))).restored.turns, 0);
  });

  test('a session both sides wrote to holds the turns of both', async () => {
    const other = await place();
    await openSession(other.log);
    await append(other.log, 't2');
    await append(other.log, 't3');
    await reconcile(await record(other.storage.client));
    assert.deepEqual([...(await turnIds(log))].sort(), ['t1', 't2', 't3']);
    assert.equal((await log.session('s1'))?.length, 3);
    await append(log, 't4');
  });

  test('a record damaged in any way brings nothing into the log', async () => {
    await append(log, 't2');
    const text = JSON.stringify(await record());
    const before = await log.dump();
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.integer({ min: 32, max: 126 }), async (at, code) => {
        const damaged = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
        let value: unknown = damaged;
        try {
          value = JSON.parse(damaged);
        } catch {
          // Then it comes as text.
        }
        const read = readRecord(value);
        await reconcile(read.state === 'sound' ? read.record : undefined);
        assert.deepEqual(await log.dump(), before);
      }),
      { numRuns: 100, seed: 3 },
    );
  });
});
