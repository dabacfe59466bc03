import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrations, schemaVersion } from '../../../../src/adapters/storage/engine/schema';
import { maxRecordBytes } from '../../../../src/adapters/storage/workspaceRecords';
import { HistoryError } from '../../../../src/core/errors';
import { createdAt, leaseMs, owner, startOfTime, user } from '../../../contract/logFixture';
import { KeptHistory } from '../../../support/damagedHistory';
import { temporaryFolder } from '../../../support/storage';
import { storedContents, unpackHistory } from '../../../support/storedHistory';

/** One step more than this version knows. */
const steps = [...migrations, 'ALTER TABLE turns ADD COLUMN mood TEXT'];
const later = startOfTime + 3_600_000;

suite('Histories of other versions', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const open: KeptHistory[] = [];
  setup(async () => (folder = await temporaryFolder()));
  teardown(async () => {
    for (const history of open.splice(0)) history.close();
    await folder.remove();
  });

  function opened(path: string, options?: ConstructorParameters<typeof KeptHistory>[1]): KeptHistory {
    const history = new KeptHistory(path, options);
    open.push(history);
    return history;
  }

  const versionOf = (path: string): unknown => {
    const database = new DatabaseSync(path, { readOnly: true });
    const version = database.prepare('PRAGMA user_version').get()?.user_version;
    database.close();
    return version;
  };

  const backups = (): readonly string[] => {
    const at = join(folder.path, 'backups');
    return existsSync(at) ? readdirSync(at).map((name) => join(at, name)) : [];
  };

  /** Nothing of what the history held is missing or changed. */
  function holdsAll(history: KeptHistory): void {
    const { dump, sessions } = storedContents();
    const found = history.dump();
    for (const session of dump.sessions) {
      const turns = found.sessions.find(({ id }) => id === session.id)?.turns ?? [];
      for (const turn of session.turns) assert.deepEqual(turns.find(({ id }) => id === turn.id), turn); // prettier-ignore
    }
    assert.deepEqual(found.facts, dump.facts);
    const listed = history.call('session-list', {}).map(({ id }) => id);
    assert.ok(sessions.every(({ id }) => listed.includes(id)));
  }

  function isRefused(work: () => unknown): void {
    assert.throws(work, (error) => {
      assert.ok(error instanceof HistoryError, String(error));
      assert.equal(error.reason, 'newer-version');
      assert.match(error.message, /reload this window/);
      return true;
    });
  }

  test('the history of each released version is stored for these tests', () => {
    for (let version = 1; version <= schemaVersion; version += 1) {
      assert.equal(versionOf(unpackHistory(`version-${version}` as 'version-1', folder.path)), version);
    }
  });

  test('version 1, left by a crash with a write-ahead log, is opened with all that it held', () => {
    const history = opened(unpackHistory('version-1', folder.path));
    holdsAll(history);
    assert.deepEqual(history.call('session-list', {}), storedContents().sessions);
    assert.equal(history.call('doctor-check', { records: [] }).sound, true);
    assert.deepEqual(history.call('turn-recover', {}, later), ['t8']);
    const cutOff = history.call('turn-read', { turnId: 't8' });
    assert.equal(cutOff?.status, 'stopped');
    assert.deepEqual(cutOff.messages.map(({ role }) => role), ['user', 'assistant', 'tool']); // prettier-ignore
    const deleted = { id: 'deleted', title: 'Again', createdAt };
    assert.throws(() => history.call('session-create', { session: deleted }), /deleted for good/);
    const found = history.call('memory-recall', { query: 'wordt7', options: { limit: 5 } });
    assert.deepEqual([...new Set(found.map(({ turnId }) => turnId))], ['t7']);
    const { known } = history.call('workspace-lookup', { aliases: ['file:local:/w1'], repository: [], ids: [] }); // prettier-ignore
    assert.equal(known[0]?.id, 'w1');
    assert.deepEqual(history.repairs, []);
  });

  test('version 1 is migrated with all that it held, after a backup that opens as version 1', () => {
    const path = unpackHistory('version-1', folder.path);
    const history = opened(path, { database: { steps } });
    holdsAll(history);
    history.append('t9', 's1');
    assert.equal(history.call('doctor-check', { records: [] }).sound, true);
    assert.equal(versionOf(path), steps.length);
    const [backup = '', ...more] = backups();
    assert.deepEqual(more, []);
    assert.equal(versionOf(backup), 1);
    const before = opened(backup);
    holdsAll(before);
    assert.equal(before.call('turn-read', { turnId: 't9' }), undefined);
    assert.equal(before.call('doctor-check', { records: [] }).sound, true);
  });

  test('version 2 is migrated with its summary, and what it holds can be marked for recall', () => {
    const path = unpackHistory('version-2', folder.path);
    const history = opened(path);
    holdsAll(history);
    assert.equal(versionOf(path), schemaVersion);
    assert.deepEqual(history.call('summary-list', { sessionId: 's1' }).summaries.map(({ id }) => id), ['u1']); // prettier-ignore
    history.call('mark-set', { target: { messageId: 't1.1' }, mark: 'kept' });
    assert.equal(history.call('mark-list', { limit: 9 }).marks.length, 1);
    assert.equal(history.call('doctor-check', { records: [] }).sound, true);
    assert.deepEqual(backups().map(versionOf), [2]);
  });

  test('version 3 is opened with the marks that the user set', () => {
    const history = opened(unpackHistory('version-3', folder.path));
    holdsAll(history);
    const { marks } = history.call('mark-list', { limit: 9 });
    assert.deepEqual(
      marks.map((one) => [one.mark, 'factId' in one ? one.factId : one.messageId]),
      [['kept', 'f1'], ['muted', 't1.1']], // prettier-ignore
    );
    assert.equal(history.call('doctor-check', { records: [] }).sound, true);
    assert.deepEqual([history.repairs, backups()], [[], []]);
  });

  test('a migration that fails leaves version 1 as it was, and its backup', () => {
    const path = unpackHistory('version-1', folder.path);
    const failing = new KeptHistory(path, { database: { steps: [...migrations, 'ALTER TABLE nowhere ADD COLUMN x'] } }); // prettier-ignore
    assert.throws(() => failing.dump(), /could not be brought to this version/);
    assert.deepEqual(failing.repairs, []);
    failing.close();
    assert.equal(versionOf(path), 1);
    holdsAll(opened(path));
    assert.equal(backups().length, 1);
  });

  test('a window of the older version that is open while a newer one migrates only reads from then on', () => {
    const path = unpackHistory('version-3', folder.path);
    let told = 0;
    const older = opened(path, { onNewerVersion: () => (told += 1) });
    older.append('t9', 's1');
    older.call('workspace-watch', { watch: true });
    older.changes();
    assert.equal(told, 0);
    const running = { id: 't10', sessionId: 's1', createdAt, messages: [user('Go')] };
    older.call('turn-begin', { turn: running, expectedLength: 6, owner, leaseMs }, later);
    const newer = opened(path, { database: { steps } });
    assert.equal(newer.call('session-list', {}).length, 2);
    older.changes();
    older.changes();
    assert.equal(told, 1, 'without being asked to write');
    newer.append('t11', 's3');
    holdsAll(older);
    assert.equal(older.call('turn-read', { turnId: 't11' })?.status, 'complete', 'it reads what is new');
    const outcome = { status: 'complete' } as const;
    const change = { keep: 1, messages: [] };
    isRefused(() => older.call('turn-finish', { turnId: 't10', owner, change, outcome }));
    isRefused(() => older.append('t12', 's1'));
    isRefused(() => older.call('session-delete', { sessionId: 's1' }));
    isRefused(() => older.call('fact-forget', { factId: 'f1' }));
    older.tidy();
    assert.equal(older.call('doctor-repair', { records: [] }).repaired, false);
    older.close();
    open.splice(open.indexOf(older), 1);
    holdsAll(newer);
    assert.equal(newer.call('turn-read', { turnId: 't10' })?.status, 'running');
    assert.deepEqual(newer.call('turn-recover', {}, later + 3_600_000), ['t8', 't10']);
    assert.equal(newer.call('doctor-check', { records: [] }).sound, true);
    assert.deepEqual([...older.repairs, ...newer.repairs], []);
    const [backup = ''] = backups();
    const before = opened(backup);
    holdsAll(before);
    assert.equal(before.call('turn-read', { turnId: 't9' })?.status, 'complete');
  });

  test('a history of a version to come is read, refused to be written, and left byte for byte as it is', () => {
    const path = unpackHistory('version-4-to-be', folder.path);
    const bytes = createHash('sha256').update(readFileSync(path)).digest('hex');
    const record = opened(unpackHistory('version-3', join(folder.path, 'known'))).call('workspace-record', { maxBytes: maxRecordBytes }); // prettier-ignore
    const history = opened(path);
    holdsAll(history);
    assert.equal(history.call('memory-recall', { query: 'wordt1', options: { limit: 5 } })[0]?.turnId, 't1');
    isRefused(() => history.append('t9', 's1'));
    isRefused(() => history.call('turn-recover', {}, later));
    isRefused(() => history.call('doctor-repair', { records: [{ ...record, sequence: 10_000 }] }));
    history.tidy();
    const behind = { ...record, tombstones: { ...record.tombstones, turn: ['t1'] } };
    isRefused(() => history.call('workspace-reconcile', { record: behind }));
    history.close();
    open.splice(open.indexOf(history), 1);
    assert.equal(createHash('sha256').update(readFileSync(path)).digest('hex'), bytes);
    assert.deepEqual(readdirSync(folder.path).filter((name) => name.startsWith('quarantine')), []); // prettier-ignore
    assert.deepEqual([history.repairs, history.scrubs, backups()], [[], [], []]);
  });

  test('a version to come whose rows cannot be read here says so, and is not taken for damage', () => {
    const path = unpackHistory('version-4-to-be', folder.path);
    const newer = new DatabaseSync(path);
    newer.exec('ALTER TABLE messages RENAME COLUMN body TO content; PRAGMA user_version = 4');
    newer.close();
    const history = opened(path);
    isRefused(() => history.dump());
    isRefused(() => history.append('t9', 's1'));
    history.tidy();
    assert.deepEqual(history.repairs, []);
  });
});
