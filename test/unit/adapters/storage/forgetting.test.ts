import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SqliteForgetting } from '../../../../src/adapters/storage/sqliteForgetting';
import { SqliteHistoryLog } from '../../../../src/adapters/storage/sqliteHistoryLog';
import type { ForgetSelection } from '../../../../src/core/forgetting/forgetting';
import { createdAt, startOfTime } from '../../../contract/logFixture';
import { contextOf, damages, KeptHistory, seeded, summaryOf } from '../../../support/damagedHistory';
import { temporaryFolder, temporaryStorage } from '../../../support/storage';

const nothing: ForgetSelection = { sessionIds: [], turnIds: [], factIds: [], summaryIds: [], titleIds: [] };

/** Files under the folder that hold the text, as UTF-8 or UTF-16. */
function filesHolding(folder: string, text: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesHolding(path, text);
    const bytes = readFileSync(path);
    return bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le')) ? [path] : [];
  });
}

suite('Forgotten everywhere', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let databasePath: string;
  setup(async () => {
    folder = await temporaryFolder();
    databasePath = join(folder.path, 'history.db');
  });
  teardown(() => folder.remove());

  const holding = (text: string): readonly string[] => filesHolding(dirname(databasePath), text);

  function forget(history: KeptHistory, selection: Partial<ForgetSelection>, receiptId = 'r1'): void {
    history.call('forget-batch', { receiptId, selection: { ...nothing, ...selection }, ended: true });
  }

  /** As a window does in quiet moments, until there is nothing left to do. */
  function settled(history: KeptHistory, receiptId = 'r1') {
    history.tidy();
    const receipt = history.call('receipt-list', {}).find(({ id }) => id === receiptId);
    assert.ok(receipt);
    return receipt;
  }

  test('nothing of it is in any file: log, index, write-ahead log, backup, quarantine', () => {
    const history = new KeptHistory(databasePath);
    history.append('keep', 's1', 40, contextOf('told-keep'));
    history.append('gone', 's1', 900, contextOf('told-gone', 'told-keep'));
    history.call('session-rename', { sessionId: 's1', title: 'prompt gone' });
    for (const id of ['gone', 'keep'])
      history.call('fact-remember', { fact: { id: `f-${id}`, text: `fact-of-${id}`, createdAt } });
    history.call('summary-put', { summary: summaryOf('a', 's1', ['gone'], 'summary-of-gone') });
    history.call('summary-put', { summary: summaryOf('b', 's1', ['keep'], 'summary-of-keep') });
    history.tidy();
    assert.equal(history.call('backup-make', {}), true);
    history.close();
    damages['a header of garbage'](databasePath, seeded(1));
    const repaired = new KeptHistory(databasePath);
    repaired.tidy();
    const gone = ['wordgone', 'prompt gone', 'told-gone', 'fact-of-gone', 'summary-of-gone'];
    for (const text of gone) assert.ok(holding(text).length >= 3, `${text} in log, backup, quarantine`);
    forget(repaired, { turnIds: ['gone'], factIds: ['f-gone'] });
    const receipt = settled(repaired);
    assert.deepEqual(receipt.erased, { searchIndex: true, writeAheadLog: true, copies: true, vectors: true });
    assert.deepEqual(receipt.counts, {
      sessions: 0,
      turns: 1,
      messages: 2,
      facts: 1,
      summaries: 1,
      titles: 1,
      texts: 1,
      indexed: 3,
      vectors: 0,
      unfinished: 0,
    });
    for (const text of [...gone, 'gone ']) assert.deepEqual(holding(text), [], text);
    for (const text of ['wordkeep', 'told-keep', 'fact-of-keep', 'summary-of-keep'])
      assert.ok(holding(text).length >= 3, text);
    repaired.close();
    damages['an empty file'](databasePath);
    const restored = new KeptHistory(databasePath);
    const [session] = restored.dump().sessions;
    assert.deepEqual([session?.title, session?.turns.map(({ id }) => id)], ['New session', ['keep']]);
    assert.deepEqual(
      restored.dump().facts.map(({ id }) => id),
      ['f-keep'],
    );
    restored.close();
  });

  test('a title is in no copy of a damaged history that is restored from it either', () => {
    const history = new KeptHistory(databasePath);
    history.append('t1');
    history.call('session-rename', { sessionId: 's1', title: 'title-gone' });
    history.call('backup-make', {});
    forget(history, { titleIds: ['s1'] });
    assert.equal(settled(history).counts.titles, 1);
    assert.deepEqual(holding('title-gone'), []);
    history.call('session-rename', { sessionId: 's1', title: 'title-gone-again' });
    history.call('backup-make', {}, startOfTime + 1);
    forget(history, { titleIds: ['s1'] }, 'r2');
    assert.equal(settled(history, 'r2').counts.titles, 1);
    assert.deepEqual(holding('title-gone-again'), []);
    assert.equal(history.call('session-read', { sessionId: 's1' })?.title, 'prompt t1');
    history.close();
  });

  test('a text that requests carried goes with the last turn that it was sent with, and not before', () => {
    const history = new KeptHistory(databasePath);
    history.append('t1', 's1', 5, contextOf('told-once', 'told-twice'));
    history.append('t2', 's2', 5, contextOf('told-twice'));
    history.call('turn-delete', { turnId: 't1' });
    history.tidy();
    assert.deepEqual(holding('told-once'), []);
    assert.notDeepEqual(holding('told-twice'), []);
    assert.equal(history.call('turn-context', { turnId: 't2' })?.items[0]?.text, 'told-twice');
    history.call('session-delete', { sessionId: 's2' });
    history.tidy();
    assert.deepEqual(holding('told-twice'), []);
    history.close();
  });

  /** What the index says of where its pages begin. */
  function beginnings(): readonly string[] {
    const database = new DatabaseSync(databasePath, { readOnly: true });
    try {
      const rows = database.prepare('SELECT term FROM message_search_idx').all();
      return rows.map(({ term }) => Buffer.from(term as Uint8Array).toString());
    } finally {
      database.close();
    }
  }

  test('no page of the index begins with a forgotten word, though secure-delete leaves that', () => {
    const history = new KeptHistory(databasePath);
    for (let n = 0; n < 40; n += 1) history.append(`keep${n}`, 's1', 200);
    const words = Array.from({ length: 6000 }, (_, n) => `gone${(n * 7919) % 99991}q`);
    const message = { role: 'user', content: words.join(' ') } as const;
    const turn = { id: 'gone', createdAt, status: 'complete', messages: [message] } as const;
    const session = { id: 's9', title: 'x', createdAt, updatedAt: createdAt, turns: [turn] };
    history.call('history-load', { dump: { sessions: [session], facts: [] }, mode: 'skip' });
    history.tidy();
    const hits = (): readonly string[] =>
      history
        .call('memory-recall', { query: 'wordkeep7', options: { limit: 3 } })
        .map(({ turnId }) => turnId);
    const before = hits();
    assert.ok(beginnings().some((term) => term.startsWith('0gone')));
    forget(history, { turnIds: ['gone'] });
    assert.ok(
      beginnings().some((term) => term.startsWith('0gone')),
      'what secure-delete leaves',
    );
    assert.equal(history.call('receipt-list', {})[0]?.erased.searchIndex, false);
    assert.equal(settled(history).erased.searchIndex, true);
    assert.deepEqual(
      beginnings().filter((term) => term.startsWith('0gone')),
      [],
    );
    assert.deepEqual(hits(), before);
    history.close();
    const database = new DatabaseSync(databasePath);
    database.exec(`INSERT INTO message_search (message_search) VALUES ('integrity-check')`);
    database.close();
  });

  test('what another window began is gone on with by the next, and its receipt is there still', () => {
    const history = new KeptHistory(databasePath);
    history.append('gone', 's1', 300);
    history.tidy();
    history.call('backup-make', {});
    forget(history, { turnIds: ['gone'] });
    // As if it were killed: it neither tidies nor closes.
    const next = new KeptHistory(databasePath);
    const before = next.call('receipt-list', {})[0];
    assert.deepEqual(before?.erased, {
      searchIndex: true,
      writeAheadLog: false,
      copies: false,
      vectors: false,
    });
    assert.deepEqual(settled(next).erased, {
      searchIndex: true,
      writeAheadLog: true,
      copies: true,
      vectors: true,
    });
    assert.deepEqual(holding('wordgone'), []);
    next.close();
    history.close();
  });

  test('a backup that was being made while something was forgotten is thrown away', () => {
    const history = new KeptHistory(databasePath);
    history.append('keep');
    history.append('gone');
    const deleting = (path: string): boolean => {
      forget(history, { turnIds: ['gone'] });
      assert.equal(settled(history).erased.copies, false, 'while a copy is being made');
      return path !== '';
    };
    assert.equal(history.makeBackup(deleting), false);
    assert.deepEqual(holding('answer gone'), []);
    assert.equal(history.call('backup-make', {}), true);
    history.close();
  });

  test('what an interrupted backup has left behind goes, too', () => {
    const history = new KeptHistory(databasePath);
    history.append('gone');
    history.call('backup-make', {});
    const backups = join(folder.path, 'backups');
    // No process has this id.
    writeFileSync(join(backups, 'making-2147483646-1.tmp'), 'wordgone');
    writeFileSync(join(backups, '1_1_x.db.tmp'), 'wordgone');
    forget(history, { turnIds: ['gone'] });
    assert.equal(settled(history).erased.copies, true);
    assert.deepEqual(holding('wordgone'), []);
    history.close();
  });

  test('deleting a turn, a session, a fact and all leaves receipts too; what removes nothing leaves none', () => {
    const history = new KeptHistory(databasePath);
    for (const [id, session] of [['t1', 's1'], ['t2', 's1'], ['t3', 's2']] as const) history.append(id, session); // prettier-ignore
    history.call('fact-remember', { fact: { id: 'f1', text: 'fact', createdAt } });
    history.call('turn-delete', { turnId: 't1' });
    history.call('session-delete', { sessionId: 's1' });
    history.call('fact-forget', { factId: 'f1' });
    assert.equal(history.call('fact-forget', { factId: 'f1' }), false);
    history.call('workspace-clear', {});
    const counts = history
      .call('receipt-list', {})
      .map((one) => [one.counts.sessions, one.counts.turns, one.counts.facts]);
    assert.deepEqual(counts, [[1, 1, 0], [0, 0, 1], [1, 1, 0], [0, 1, 0]]); // prettier-ignore
    history.close();
  });

  test('receipts are few, and hold ids and counts alone', () => {
    const history = new KeptHistory(databasePath);
    for (let n = 0; n < 60; n += 1) {
      history.append(`t${n}`);
      forget(history, { turnIds: [`t${n}`] }, `r${n}`);
    }
    const receipts = history.call('receipt-list', {});
    assert.deepEqual([receipts.length, receipts[0]?.id, receipts.at(-1)?.id], [50, 'r59', 'r10']);
    const kept = JSON.stringify(receipts);
    assert.doesNotMatch(kept, /prompt|answer|word/);
    history.close();
  });
});

suite('Forgetting beside another window', () => {
  let storage: Awaited<ReturnType<typeof temporaryStorage>>;
  setup(async () => {
    storage = await temporaryStorage(startOfTime);
  });
  teardown(() => storage.dispose());

  function forgettingOf(client = storage.client, recordHas = () => true): SqliteForgetting {
    return new SqliteForgetting({ client, workspaceId: 'w1', newId: randomUUID, recordHas, pollMs: 20 });
  }

  async function loaded(): Promise<SqliteHistoryLog> {
    const log = new SqliteHistoryLog({ client: storage.client, workspaceId: 'w1' });
    const turns = Array.from({ length: 120 }, (_, n) => ({
      id: `t${n}`,
      createdAt,
      status: 'complete' as const,
      messages: [{ role: 'user' as const, content: `marzipan of turn ${n}, as it was told` }],
    }));
    const sessions = [{ id: 's1', title: 'x', createdAt, updatedAt: createdAt, turns }];
    await log.load({ sessions, facts: [] }, 'skip');
    return log;
  }

  const pending = (places: readonly { readonly name: string; readonly state: string }[]): readonly string[] =>
    places.filter(({ state }) => state === 'pending').map(({ name }) => name);

  test('the receipt says pending until the other window has let go, and is done then', async () => {
    await loaded();
    const reader = new DatabaseSync(storage.databasePath);
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM turns').get();
    const forgetting = forgettingOf();
    const { id } = await forgetting.forget({ ...nothing, turnIds: ['t7'] });
    const others = await forgettingOf()
      .settled(id, AbortSignal.timeout(1_500))
      .catch((error: unknown) => error instanceof Error && error.name);
    assert.equal(others, 'TimeoutError');
    const [waiting] = await forgetting.receipts();
    assert.equal(waiting?.state, 'pending');
    assert.ok(pending(waiting.places).includes('writeAheadLog'));
    const place = waiting.places.find(({ name }) => name === 'writeAheadLog');
    assert.equal(place?.waitsFor, 'other-window');
    assert.notDeepEqual(filesHolding(dirname(storage.databasePath), 'marzipan of turn 7,'), []);
    reader.exec('COMMIT');
    reader.close();
    assert.equal((await forgetting.settled(id)).state, 'done');
    assert.deepEqual(filesHolding(dirname(storage.databasePath), 'marzipan of turn 7,'), []);
  });

  test('the receipt says pending until the record in VS Code’s storage knows of it', async () => {
    await loaded();
    let known = 0;
    const forgetting = forgettingOf(
      storage.client,
      ((_logId: string, sequence: number) => known >= sequence) as never,
    );
    const { id } = await forgetting.forget({ ...nothing, turnIds: ['t7'] });
    const [receipt] = await forgetting.receipts();
    assert.ok(pending(receipt?.places ?? []).includes('record'));
    known = Infinity;
    assert.equal((await forgetting.settled(id)).state, 'done');
  });

  test('aborted between two batches, it stops there, and the receipt says so', async () => {
    const log = await loaded();
    const abort = new AbortController();
    const turnIds = Array.from({ length: 120 }, (_, n) => `t${n}`);
    const forgetting = forgettingOf();
    const { id } = await forgetting.forget(
      { ...nothing, turnIds },
      { signal: abort.signal, progress: () => abort.abort() },
    );
    const receipt = await forgetting.settled(id);
    assert.deepEqual([receipt.state, receipt.counts.turns], ['stopped', 50]);
    assert.equal((await log.session('s1'))?.length, 70);
  });

  test('another window learns of it at once, and cannot write it back', async () => {
    const log = await loaded();
    const other = new SqliteHistoryLog({ client: storage.anotherClient(), workspaceId: 'w1' });
    const dump = await other.dump();
    const changed = new Promise<boolean>((resolve) => other.onChange(({ own }) => resolve(own)));
    await other.sessions();
    await forgettingOf().forget({ ...nothing, turnIds: ['t7'] });
    assert.equal(await changed, false);
    await other.load(dump, 'update');
    assert.equal(await log.turn('t7'), undefined);
    assert.equal(await other.turn('t7'), undefined);
  });
});
