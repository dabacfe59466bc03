import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createdAt } from '../../../../contract/logFixture';
import { Bench, damages } from '../../../../support/engineBench';
import { temporaryFolder } from '../../../../support/storage';

suite('The search index', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let databasePath: string;

  setup(async () => {
    folder = await temporaryFolder();
    databasePath = join(folder.path, 'history.db');
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

  /** What the search index holds of texts. */
  function indexedWords(): readonly string[] {
    const database = new DatabaseSync(databasePath);
    try {
      database.exec(`CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, message_search, 'row')`);
      database.exec(`INSERT INTO message_search (message_search) VALUES ('integrity-check')`);
      const rows = database.prepare('SELECT term FROM temp.words').all();
      return rows.map(({ term }) => String(term)).filter((term) => !term.startsWith('\ue000'));
    } finally {
      database.close();
    }
  }

  const found = (bench: Bench, query: string): readonly string[] => {
    bench.tidy();
    return bench.found(query);
  };

  for (const [what, statement] of Object.entries(damages)) {
    test(`what the index holds of a damaged turn goes with it: ${what}`, () => {
      opened((bench) => {
        bench.append('t1', 'answer t1 walrus');
        bench.append('t2', 'a zebra');
        bench.tidy();
      });
      assert.ok(indexedWords().includes('walru'));
      tamper(statement);
      opened((bench) => {
        bench.call('turn-delete', { turnId: 't1' });
        bench.tidy();
      });
      assert.deepEqual([...indexedWords()].sort(), ['a', 'prompt', 't2', 'zebra']);
    });
  }

  test('a damaged turn in a session that is deleted leaves the index whole', () => {
    opened((bench) => {
      for (const id of ['t1', 't2', 't3']) bench.append(id, `answer ${id} walrus`);
      bench.tidy();
    });
    tamper(damages['a letter of a message']);
    opened((bench) => bench.call('session-delete', { sessionId: 's1' }));
    assert.deepEqual(indexedWords(), []);
  });

  test('a damaged fact that is forgotten leaves no word in the index', () => {
    opened((bench) => {
      bench.call('fact-remember', { fact: { id: 'f1', text: 'a walrus', createdAt } });
      bench.call('fact-remember', { fact: { id: 'f2', text: 'a zebra', createdAt } });
    });
    tamper(`UPDATE facts SET body = replace(body, 'walrus', 'Wxlrus')`);
    opened((bench) => {
      bench.call('fact-forget', { factId: 'f1' });
      bench.tidy();
      assert.equal(bench.call('fact-recall', { query: 'zebra', limit: 5 })[0]?.id, 'f2');
      bench.call('workspace-clear', {});
    });
    const database = new DatabaseSync(databasePath);
    database.exec(`CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, fact_search, 'row')`);
    assert.deepEqual(database.prepare('SELECT term FROM temp.words').all(), []);
    database.close();
  });

  test('an index that another window discards while this one is open is built anew, and whole', () => {
    opened((bench) => {
      bench.append('t1', 'a walrus');
      bench.append('t2', 'a zebra');
      bench.tidy();
      opened((other) => other.call('turn-delete', { turnId: 't1' }), { fullText: false });
      bench.append('t3', 'a yak');
      assert.deepEqual(found(bench, 'zebra'), ['t2.1']);
      assert.deepEqual(found(bench, 'yak'), ['t3.1']);
      bench.call('turn-delete', { turnId: 't2' });
      assert.deepEqual(found(bench, 'yak'), ['t3.1']);
    });
    assert.deepEqual([...indexedWords()].sort(), ['a', 'prompt', 't3', 'yak']);
  });

  test('an index that a newer version makes while this one is open is left to it, and keeps nothing of what is deleted', () => {
    opened((bench) => {
      bench.append('t1', 'a walrus');
      bench.tidy();
      tamper(
        `DROP TABLE message_search`,
        `CREATE VIRTUAL TABLE message_search USING fts5(content, extra, place, more, content = '')`,
        `INSERT INTO message_search (rowid, content, more) SELECT key, 'a walrus', 'sea' FROM messages`,
        `UPDATE meta SET value = 1000 WHERE name = 'searchVersion'`,
      );
      bench.append('t2', 'a zebra');
      bench.tidy();
      assert.ok(!indexedWords().includes('zebra'));
      bench.call('turn-delete', { turnId: 't1' });
      bench.tidy();
      assert.deepEqual(indexedWords(), []);
    });
  });
});
