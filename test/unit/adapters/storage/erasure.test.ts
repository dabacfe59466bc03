import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SqliteHistoryLog } from '../../../../src/adapters/storage/sqliteHistoryLog';
import { SqliteLongTermMemory } from '../../../../src/adapters/storage/sqliteLongTermMemory';
import type { SessionDump } from '../../../../src/core/historyLog';
import { summary } from '../../../contract/historyLogContext.contract';
import {
  assistant,
  complete,
  createdAt,
  leaseMs,
  openSession,
  owner,
  start,
  startOfTime,
  user,
} from '../../../contract/logFixture';
import { temporaryStorage, type TemporaryStorage } from '../../../support/storage';

suite('Deleted for good', () => {
  let storage: TemporaryStorage;
  let log: SqliteHistoryLog;
  let memory: SqliteLongTermMemory;

  setup(async () => {
    storage = await temporaryStorage(startOfTime);
    const place = { client: storage.client, workspaceId: 'w1' };
    log = new SqliteHistoryLog(place);
    memory = new SqliteLongTermMemory(place);
  });
  teardown(() => storage.dispose());

  /** Secrets of a session that is kept, and of one that will go; both many, so that the index has several pages. */
  async function fill(sessionId: string, turns: number): Promise<void> {
    await openSession(log, sessionId);
    for (let n = 0; n < turns; n += 1) {
      const words = Array.from(
        { length: 40 },
        (_, word) => `${sessionId}x${(n * 7919 + word * 104729) % 99991}q`,
      );
      const messages = [
        user(`secret-${sessionId}-${n}-prompt ${words.join(' ')}`),
        assistant(`secret-${sessionId}-${n}-answer`),
      ];
      const id = `${sessionId}-turn-${n}`;
      await log.begin(
        { ...start(id, sessionId), messages: messages.slice(0, 1) },
        { expectedLength: n, owner, leaseMs },
      );
      await log.progress(id, owner, {
        messages: [...messages.slice(0, 1), assistant(`secret-${sessionId}-half`)],
        leaseMs,
      });
      await log.finish(id, owner, { status: 'complete', messages });
    }
  }

  async function filesHolding(text: string): Promise<readonly string[]> {
    const folder = dirname(storage.databasePath);
    const files = await readdir(folder);
    const found = await Promise.all(
      files.map(async (file) => ((await readFile(join(folder, file))).includes(text) ? [file] : [])),
    );
    return found.flat();
  }

  test('a deleted session leaves none of its words in any file, and the rest is whole', async () => {
    await fill('keep', 30);
    await fill('gone', 30);
    await memory.remember({ id: 'f1', text: 'fact-of-gone', createdAt });
    assert.notDeepEqual(await filesHolding('secret-gone'), []);
    await log.deleteSession('gone');
    await memory.forget('f1');
    assert.equal(
      (await memory.recall('secret gone', { limit: 100 })).filter(({ sessionId }) => sessionId === 'gone')
        .length,
      0,
    );
    await storage.client.close();
    assert.deepEqual(await filesHolding('secret-gone'), []);
    assert.deepEqual(await filesHolding('fact-of-gone'), []);
    // The index keeps words in parts: what tells each of them apart must be gone too.
    for (let n = 0; n < 30; n += 1) assert.deepEqual(await filesHolding(`gonex${(n * 7919) % 99991}q`), []);
    assert.notDeepEqual(await filesHolding('secret-keep-29-answer'), []);
  });

  test('a deleted turn leaves none of its words in any file, and the rest of its session is whole', async () => {
    await fill('keep', 20);
    assert.notDeepEqual(await memory.recall('secret-keep-7-prompt', { limit: 5 }), []);
    const counts = await log.deleteTurn('keep-turn-7');
    assert.deepEqual(counts, { sessions: 0, turns: 1, messages: 2, facts: 0 });
    const hits = await memory.recall('secret keep 7 prompt', { limit: 100 });
    assert.ok(hits.every(({ turnId }) => turnId !== 'keep-turn-7'));
    await storage.client.close();
    assert.deepEqual(await filesHolding('secret-keep-7-'), []);
    for (let word = 0; word < 40; word += 1) {
      assert.deepEqual(await filesHolding(`keepx${(7 * 7919 + word * 104729) % 99991}q`), []);
    }
    assert.notDeepEqual(await filesHolding('secret-keep-8-answer'), []);
  });

  /** Two turns that are summarized, each by a summary of its own and both by one. */
  async function summarized(): Promise<void> {
    await fill('keep', 3);
    const of = (id: string, ...turns: number[]) =>
      summary(id, turns.map((n) => `keep-turn-${n}`), { sessionId: 'keep', text: `summary-${id} `.repeat(300) }); // prettier-ignore
    for (const one of [of('gone', 0), of('both', 0, 1), of('stays', 1)]) await log.putSummary(one);
    await log.putSummary({ ...of('gone', 0), text: `summary-gone, edited`, edited: true });
    await log.putSummary({ ...of('both', 0, 1), state: 'undone' });
  }

  test('the summaries of a deleted turn leave none of their words, and the others are whole', async () => {
    await summarized();
    await log.deleteTurn('keep-turn-0');
    await storage.client.close();
    for (const gone of ['summary-gone', 'summary-both']) assert.deepEqual(await filesHolding(gone), []);
    assert.notDeepEqual(await filesHolding('summary-stays'), []);
  });

  test('so do those of a turn that an import replaces', async () => {
    await summarized();
    const { sessions } = await log.dump('keep');
    const turns = (sessions[0]?.turns ?? []).map((one) => ({ ...one, messages: [user('else')] })).slice(0, 1);
    await log.load({ sessions: [{ ...(sessions[0] as SessionDump), turns }], facts: [] }, 'update');
    await storage.client.close();
    for (const gone of ['summary-gone', 'summary-both']) assert.deepEqual(await filesHolding(gone), []);
    assert.notDeepEqual(await filesHolding('summary-stays'), []);
  });

  test('so do those of a turn that was stopped and then finished after all, without closing', async () => {
    await openSession(log);
    await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
    storage.advance(leaseMs);
    await log.recover();
    await log.putSummary(summary('a', ['t1'], { text: 'summary-gone' }));
    await log.finish('t1', owner, complete('t1'));
    for (let n = 0; n < 20 && (await filesHolding('summary-gone')).length > 0; n += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(await filesHolding('summary-gone'), []);
  });

  test('clearing leaves none of the texts that requests carried', async () => {
    await openSession(log);
    await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
    const item = { source: 'instructions', included: true, reason: 'Always sent', tokens: 9 } as const;
    const context = {
      maxTokens: 9,
      reserve: 1,
      tokens: 9,
      items: [{ ...item, text: 'secret-instructions' }],
    };
    await log.finish('t1', owner, { ...complete('t1'), context });
    assert.notDeepEqual(await filesHolding('secret-instructions'), []);
    await log.deleteSession('s1');
    await log.clear();
    await storage.client.close();
    assert.deepEqual(await filesHolding('secret-instructions'), []);
  });

  test('without closing, the write-ahead log is emptied soon after', async () => {
    await fill('gone', 3);
    await log.clear();
    const gone = async (): Promise<boolean> => (await filesHolding('secret-gone')).length === 0;
    for (let n = 0; n < 20 && !(await gone()); n += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(await gone());
  });

  test('what progress had saved and finish replaced is gone with it', async () => {
    await openSession(log);
    await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
    await log.progress('t1', owner, { messages: [user('p'), assistant('thought better of it')], leaseMs });
    await log.finish('t1', owner, complete('t1'));
    await log.deleteSession('s1');
    await storage.client.close();
    assert.deepEqual(await filesHolding('thought better'), []);
  });
});
