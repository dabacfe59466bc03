import assert from 'node:assert/strict';
import { SqliteForgetting } from '../../../../src/adapters/storage/sqliteForgetting';
import { SqliteHistoryLog } from '../../../../src/adapters/storage/sqliteHistoryLog';
import { session, startOfTime, turn, user } from '../../../contract/logFixture';
import { temporaryStorage, type TemporaryStorage } from '../../../support/storage';

suite('A preview of what is forgotten', () => {
  let storage: TemporaryStorage;
  let forgetting: SqliteForgetting;
  setup(async () => {
    storage = await temporaryStorage(startOfTime);
    const place = { client: storage.client, workspaceId: 'w1' };
    forgetting = new SqliteForgetting({ ...place, newId: () => 'r1' });
    const turns = Array.from({ length: 350 }, (_, n) =>
      turn(`t${n}`, { messages: [user(`marzipan of turn ${n}, as it was told`)] }),
    );
    await new SqliteHistoryLog(place).load({ sessions: [session('s1', turns)], facts: [] }, 'skip');
  });
  teardown(() => storage.dispose());

  test('how far the history is looked through is told, and an abort ends it between two pages', async () => {
    const told: number[] = [];
    const query = { kind: 'query', query: 'marzipan' } as const;
    await forgetting.preview(query, { progress: (done) => told.push(done) });
    assert.ok(told.length > 2, told.join());
    assert.deepEqual(
      told,
      told.toSorted((a, b) => a - b),
    );
    assert.ok(told.every((done) => done > 0 && done <= 1) && (told[0] ?? 1) < 0.5, told.join());
    const abort = new AbortController();
    const pages: number[] = [];
    const progress = (done: number): void => {
      pages.push(done);
      abort.abort();
    };
    await assert.rejects(forgetting.preview(query, { signal: abort.signal, progress }), {
      name: 'AbortError',
    });
    assert.equal(pages.length, 1);
  });
});
