import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { session, turn, user } from '../../../../contract/logFixture';
import { Bench } from '../../../../support/engineBench';
import { temporaryFolder } from '../../../../support/storage';

const turns = 2_500;
/** Words that no other turn has, some of which begin a page of the index. */
const wordsOf = (n: number): readonly string[] =>
  Array.from({ length: 24 }, (_, index) => `own${((n * 24 + index) * 7_919) % 1_000_003}word`);

suite('What is forgotten leaves the search index of thousands of messages', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let databasePath: string;
  let bench: Bench;

  setup(async () => {
    folder = await temporaryFolder();
    databasePath = join(folder.path, 'history.db');
    bench = new Bench({ databasePath });
    const stored = Array.from({ length: turns }, (_, n) =>
      turn(`t${n}`, { messages: [user(wordsOf(n).join(' '))] }),
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

  /** Words of these turns that a page of the index is said to begin with. */
  function left(...numbers: readonly number[]): readonly string[] {
    const database = new DatabaseSync(databasePath);
    try {
      const beginnings = database
        .prepare('SELECT term FROM message_search_idx')
        .all()
        .map(({ term }) =>
          Buffer.from(term as Uint8Array)
            .toString()
            .slice(1),
        );
      return numbers.flatMap(wordsOf).filter((word) => beginnings.includes(word));
    } finally {
      database.close();
    }
  }

  const searchIndexState = (): boolean | undefined => bench.call('receipt-list', {})[0]?.erased.searchIndex;

  test('and that comes to an end, time after time', () => {
    const gone: number[] = [];
    for (let from = 0; from < 200; from += 50) {
      const numbers = Array.from({ length: 50 }, (_, n) => from + n);
      gone.push(...numbers);
      forget(...numbers);
      bench.tidy();
      assert.equal(searchIndexState(), true);
      assert.deepEqual(left(...gone), []);
    }
  });
});
