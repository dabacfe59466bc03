import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { session, turn, user } from '../../../../contract/logFixture';
import { Bench } from '../../../../support/engineBench';
import { temporaryFolder } from '../../../../support/storage';

const turns = 1_200;
/** In every message, so that a page begins with the word after it: one of another script, of whose first letter that is a part. */
const last = 'zzz';
/** Words that no other turn has, some of which begin a page of the index. */
const wordsOf = (n: number): readonly string[] =>
  Array.from({ length: 12 }, (_, index) => `own${((n * 12 + index) * 7_919) % 1_000_003}word`);

suite('What is forgotten leaves the search index of thousands of messages', function () {
  this.timeout(60_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let databasePath: string;
  let bench: Bench;

  setup(async () => {
    folder = await temporaryFolder();
    databasePath = join(folder.path, 'history.db');
    bench = new Bench({ databasePath });
    const stored = Array.from({ length: turns }, (_, n) =>
      turn(`t${n}`, { messages: [user(`${wordsOf(n).join(' ')} ${last} привет`)] }),
    );
    bench.call('history-load', { dump: { sessions: [session('s1', stored)], facts: [] }, mode: 'skip' });
    bench.tidy();
  });
  teardown(async () => {
    bench.close();
    await folder.remove();
  });

  function forget(...numbers: readonly number[]): void {
    bench.call('forget-batch', {
      receiptId: `r${numbers[0]}`,
      selection: {
        sessionIds: [],
        turnIds: numbers.map((n) => `t${n}`),
        factIds: [],
        summaryIds: [],
        titleIds: [],
      },
      ended: true,
    });
  }

  /** What a page of the index is said to begin with that only words of these turns do, of which the others are gone. */
  function left(...gone: readonly number[]): readonly string[] {
    const database = new DatabaseSync(databasePath);
    try {
      const kept = Array.from({ length: turns - gone.length }, (_, n) => wordsOf(n + gone.length)).flat();
      return database
        .prepare('SELECT term FROM message_search_idx')
        .all()
        .map(({ term }) =>
          Buffer.from(term as Uint8Array)
            .toString()
            .slice(1),
        )
        .filter((beginning) => gone.flatMap(wordsOf).some((word) => word.startsWith(beginning)))
        .filter((beginning) => !kept.some((word) => word.startsWith(beginning)));
    } finally {
      database.close();
    }
  }

  const searchIndexState = (): boolean | undefined => bench.call('receipt-list', {})[0]?.erased.searchIndex;

  test('and that comes to an end, time after time', () => {
    const gone: number[] = [];
    for (let from = 0; from < 100; from += 50) {
      const numbers = Array.from({ length: 50 }, (_, n) => from + n);
      gone.push(...numbers);
      forget(...numbers);
      bench.tidy();
      assert.equal(searchIndexState(), true);
      assert.deepEqual(left(...gone), []);
    }
  });

  test('and has left it at once where no page begins with a word of it', () => {
    let atOnce = 0;
    const gone: number[] = [];
    for (let n = 0; n < 12; n += 1) {
      gone.push(n);
      forget(n);
      const isLeft = left(...gone).length > 0;
      assert.equal(searchIndexState(), !isLeft, `turn ${n}`);
      if (!isLeft) atOnce += 1;
      bench.tidy();
      assert.equal(searchIndexState(), true);
      assert.deepEqual(left(...gone), []);
    }
    assert.ok(atOnce > 0, 'none');
  });
});
