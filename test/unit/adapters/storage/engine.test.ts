import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { HistoryError, type HistoryErrorReason } from '../../../../src/core/errors';
import { assistant, createdAt, leaseMs, owner, startOfTime, user } from '../../../contract/logFixture';
import { SentTexts } from '../../../../src/adapters/storage/sentTexts';
import { sent, summary } from '../../../contract/historyLogContext.contract';
import { Bench, damages } from '../../../support/engineBench';
import { temporaryFolder } from '../../../support/storage';

function throwsWith(work: () => unknown, reason: HistoryErrorReason): void {
  assert.throws(work, (error) => error instanceof HistoryError && error.reason === reason);
}

suite('The storage engine', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let databasePath: string;

  setup(async () => {
    folder = await temporaryFolder();
    databasePath = join(folder.path, 'deeper', 'history.db');
  });
  teardown(() => folder.remove());

  /** Changes the database behind the engine's back. */
  function tamper(...statements: readonly string[]): void {
    const database = new DatabaseSync(databasePath);
    for (const statement of statements) database.exec(statement);
    database.close();
  }

  function opened(work: (bench: Bench) => void, options: { readonly fullText?: boolean } = {}): void {
    const bench = new Bench({ databasePath, ...options });
    try {
      work(bench);
    } finally {
      bench.close();
    }
  }

  test('each log has an id for life, and a sequence that grows with every change', () => {
    let logId: string | undefined;
    let sequence = 0;
    opened((bench) => {
      const before = bench.call('storage-open', {});
      bench.append('t1');
      const after = bench.call('storage-open', {});
      assert.ok(after.sequence >= before.sequence + 3);
      ({ logId, sequence } = after);
      assert.equal(after.journal, 'wal');
      assert.equal(after.fullText, true);
    });
    opened((bench) => {
      const state = bench.call('storage-open', {});
      assert.deepEqual([state.logId, state.sequence], [logId, sequence]);
    });
  });

  for (const [what, statement] of Object.entries(damages)) {
    test(`a turn is reported as corrupt, never shown as sound: ${what}`, () => {
      opened((bench) => {
        bench.append('t1');
        bench.append('t2');
      });
      tamper(statement);
      opened((bench) => {
        const page = bench.call('turn-page', { sessionId: 's1', limit: 10 });
        assert.ok(page.turns.every(({ id }) => id !== 't1'));
        assert.ok(page.corrupt?.some(({ id, sessionId }) => id === 't1' && sessionId === 's1'));
        throwsWith(() => bench.call('turn-read', { turnId: 't1' }), 'corrupt');
        const dump = bench.call('history-dump', {});
        assert.ok(dump.corrupt?.some(({ id }) => id === 't1'));
        assert.ok(
          bench
            .call('memory-recall', { query: 'answer', options: { limit: 9 } })
            .every(({ text }) => text !== 'Answer t1'),
        );
      });
    });
  }

  test('a damaged running turn ends too, and stays recognisably damaged', () => {
    opened((bench) => {
      bench.append('t1');
      const messages = [user('prompt t2')];
      bench.call('turn-begin', {
        turn: { id: 't2', sessionId: 's1', createdAt, messages },
        expectedLength: 1,
        owner,
        leaseMs,
      });
    });
    tamper(`UPDATE messages SET body = replace(body, 'prompt t2', 'Prompt t2')`);
    opened((bench) => {
      assert.deepEqual(bench.call('turn-recover', {}, startOfTime + leaseMs), ['t2']);
      throwsWith(() => bench.call('turn-read', { turnId: 't2' }), 'corrupt');
      const start = { id: 't3', sessionId: 's1', createdAt, messages: [] };
      assert.equal(bench.call('turn-begin', { turn: start, expectedLength: 2, owner, leaseMs }), 2);
    });
  });

  test('a session whose title is damaged still shows its turns', () => {
    opened((bench) => bench.append('t1'));
    tamper(`UPDATE sessions SET body = replace(body, '"S"', '"X"')`);
    opened((bench) => {
      const [session] = bench.call('session-list', {});
      assert.deepEqual([session?.corrupt, session?.title, session?.length], [true, '', 1]);
      assert.equal(bench.call('turn-page', { sessionId: 's1', limit: 1 }).turns.length, 1);
    });
  });

  test('a damaged fact is not shown', () => {
    opened((bench) => bench.call('fact-remember', { fact: { id: 'f1', text: 'tea', createdAt } }));
    tamper(`UPDATE facts SET body = replace(body, 'tea', 'pea')`);
    opened((bench) => assert.deepEqual(bench.call('fact-list', { options: { limit: 5 } }).facts, []));
  });

  test('a log of a newer version is read, and never written', () => {
    opened((bench) => bench.append('t1'));
    tamper('PRAGMA user_version = 99');
    opened((bench) => {
      assert.equal(bench.call('turn-read', { turnId: 't1' })?.id, 't1');
      throwsWith(() => bench.append('t2'), 'newer-version');
      throwsWith(() => bench.call('workspace-clear', {}), 'newer-version');
    });
  });

  test('a newer version that comes while this one is open stops its writing', () => {
    opened((bench) => {
      bench.append('t1');
      tamper('PRAGMA user_version = 99', 'ALTER TABLE messages RENAME COLUMN body TO content');
      throwsWith(() => bench.append('t2'), 'newer-version');
      throwsWith(() => bench.call('turn-read', { turnId: 't1' }), 'newer-version');
    });
  });

  suite('where SQLite lacks FTS5', () => {
    test('the history works, and recall says why it does not', () => {
      opened(
        (bench) => {
          bench.append('t1');
          assert.equal(bench.call('storage-open', {}).fullText, false);
          assert.equal(bench.call('turn-page', { sessionId: 's1', limit: 1 }).turns.length, 1);
          throwsWith(() => bench.found('answer'), 'no-search');
        },
        { fullText: false },
      );
    });

    test('what was stored then is found once there is FTS5', () => {
      opened(
        (bench) => {
          bench.append('t1');
          bench.call('fact-remember', { fact: { id: 'f1', text: 'tea', createdAt } });
        },
        { fullText: false },
      );
      opened((bench) => {
        assert.deepEqual(bench.found('answer'), ['t1.1']);
        assert.equal(bench.call('fact-recall', { query: 'tea', limit: 1 }).length, 1);
        bench.call('session-delete', { sessionId: 's1' });
        assert.deepEqual(bench.found('answer'), []);
      });
    });

    test('what was deleted then is out of the index, and the rest is found again', () => {
      opened((bench) => {
        bench.append('t1', 'a walrus');
        bench.call('fact-remember', { fact: { id: 'f1', text: 'a zebra', createdAt } });
        bench.call('fact-remember', { fact: { id: 'f2', text: 'a yak', createdAt } });
      });
      opened((bench) => bench.call('fact-forget', { factId: 'f1' }), { fullText: false });
      opened((bench) => {
        bench.tidy();
        assert.deepEqual(bench.call('fact-recall', { query: 'zebra', limit: 5 }), []);
        assert.equal(bench.call('fact-recall', { query: 'yak', limit: 5 })[0]?.id, 'f2');
        assert.deepEqual(bench.found('walrus'), ['t1.1']);
      });
    });
  });

  test('nothing on the way of a turn, or of opening a session, scans a table', () => {
    const statements = new Set<string>();
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
    const prepare = DatabaseSync.prototype.prepare;
    DatabaseSync.prototype.prepare = function (sql) {
      statements.add(sql);
      return prepare.call(this, sql);
    };
    try {
      opened((bench) => {
        statements.clear();
        bench.append('t1');
        bench.call('turn-begin', {
          turn: { id: 't2', sessionId: 's1', createdAt, messages: [user('x')] },
          expectedLength: 1,
          owner,
          leaseMs,
        });
        bench.call('turn-progress', {
          turnId: 't2',
          owner,
          leaseMs,
          change: { keep: 1, messages: [assistant('y')] },
        });
        bench.call('turn-recover', {}, startOfTime + leaseMs);
        const { context, texts } = new SentTexts().split(sent);
        const change = { keep: 2, messages: [] };
        bench.call('turn-finish', {
          turnId: 't2',
          owner,
          change,
          outcome: { status: 'complete', context },
          texts,
        });
        bench.call('turn-pin', { turnId: 't2', pinned: true });
        bench.call('turn-pinned', { sessionId: 's1' });
        bench.call('turn-context', { turnId: 't2' });
        bench.call('summary-put', { summary: summary('a', ['t1']) });
        bench.call('summary-list', { sessionId: 's1' });
        bench.call('turn-page', { sessionId: 's1', limit: 10 });
        bench.call('session-list', {});
        bench.call('session-active', {});
        bench.tidy();
      });
    } finally {
      DatabaseSync.prototype.prepare = prepare;
    }
    const database = new DatabaseSync(databasePath);
    const queries = [...statements].filter((sql) => /^\s*(?:SELECT|UPDATE|DELETE)/.test(sql));
    assert.ok(queries.length > 15);
    for (const sql of queries) {
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
      for (const { detail } of plan) assert.doesNotMatch(String(detail), /^SCAN (?!.*USING (?:COVERING )?INDEX (?:turns_open|facts_unindexed)|CONSTANT)/, sql); // prettier-ignore
    }
    database.close();
  });
});
