import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { FactHit } from '../../../../src/core/memory/longTermMemory';
import { createdAt } from '../../../contract/logFixture';
import { EmbeddedBench, scripted, unit } from '../../../support/embeddedBench';
import { temporaryFolder } from '../../../support/storage';

suite('Vectors of facts, and recall by meaning alone', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let bench: EmbeddedBench;
  const at = (name: string): string => join(folder.path, name);
  const open = (fullText = true): EmbeddedBench =>
    new EmbeddedBench({ databasePath: at('history.db'), fullText });

  setup(async () => {
    folder = await temporaryFolder();
    bench = open();
  });
  teardown(async () => {
    bench.close();
    await folder.remove();
  });

  const remember = (id: string, text: string): void => {
    bench.call('fact-remember', { fact: { id, text, createdAt } });
  };
  const meant = (query: string, limit = 5): readonly FactHit[] => {
    const meaning = { ...scripted, vector: unit(query), unrelated: 0.35 };
    return bench.call('fact-recall', { query, limit, meaning });
  };
  const ids = (hits: readonly FactHit[]): readonly string[] => hits.map(({ id }) => id);
  const vectors = (): readonly { readonly vector: Uint8Array }[] => {
    const database = new DatabaseSync(at('vectors.db'));
    try {
      return database.prepare('SELECT vector FROM vectors WHERE message < 0').all() as never;
    } finally {
      database.close();
    }
  };

  test('a fact is found by its meaning, and tells how near it is; words alone do not find it', () => {
    remember('f1', 'The sedan is parked in row four');
    remember('f2', 'Bread needs flour');
    bench.embed();
    assert.deepEqual(bench.call('fact-recall', { query: 'automobile', limit: 5 }), []);
    const [hit, ...others] = meant('automobile parked');
    assert.equal(hit?.id, 'f1');
    assert.ok((hit.meant ?? 0) > 0.15);
    assert.deepEqual(others, []);
  });

  test('a fact is sent once, whatever is embedded beside it, and is no message that is found', () => {
    bench.append('t1', 'The puppy is wet');
    remember('f1', 'The sedan is red');
    remember('f2', 'The sedan is red');
    bench.embed();
    bench.embed();
    assert.equal(bench.sent.filter((text) => text === 'The sedan is red').length, 1);
    assert.equal(vectors().length, 2);
    assert.deepEqual(bench.meant('automobile red'), []);
    assert.deepEqual(ids(meant('hound')), []);
  });

  test('what holds the words and the meaning comes first, then a paraphrase, then one word of several', () => {
    remember('f1', 'The sedan needs tyres');
    remember('f2', 'An automobile needs tyres');
    remember('f3', 'Bicycle bells');
    bench.embed();
    assert.deepEqual(ids(meant('automobile tyres')), ['f2', 'f1']);
  });

  test('an edited fact is found by what it says now alone, and embedded anew', () => {
    remember('f1', 'The sedan is red');
    bench.embed();
    bench.call('fact-edit', { factId: 'f1', version: { text: 'The puppy is wet', createdAt } });
    assert.deepEqual(ids(meant('automobile')), []);
    bench.embed();
    assert.deepEqual(ids(meant('hound')), ['f1']);
    assert.equal(vectors().length, 1);
  });

  test('a fact that an import replaces is embedded anew', () => {
    remember('f1', 'The sedan is red');
    bench.embed();
    const dump = { sessions: [], facts: [{ id: 'f1', text: 'The puppy is wet', createdAt: '2027-01-01T00:00:00.000Z' }] }; // prettier-ignore
    bench.call('history-load', { dump, mode: 'update' });
    assert.deepEqual(ids(meant('automobile')), []);
    bench.embed();
    assert.deepEqual(ids(meant('hound')), ['f1']);
  });

  test('a forgotten fact leaves no vector in any file, nor does one that takes its row find it', () => {
    remember('f1', 'The sedan is red');
    bench.embed();
    const [gone] = vectors();
    bench.call('fact-forget', { factId: 'f1' });
    assert.deepEqual(vectors(), []);
    bench.tidy();
    const holding = readdirSync(folder.path).filter((name) =>
      readFileSync(at(name)).includes(Buffer.from(gone?.vector ?? [0])),
    );
    assert.deepEqual(holding, []);
    remember('f2', 'Bread needs flour');
    assert.deepEqual(meant('automobile'), []);
    bench.embed();
    assert.deepEqual(ids(meant('flour')), ['f2']);
  });

  test('clearing the memory takes the vectors of facts, too', () => {
    remember('f1', 'The sedan is red');
    bench.embed();
    bench.call('workspace-clear', {});
    assert.deepEqual(vectors(), []);
  });

  test('a vector of a fact that was forgotten or edited meanwhile is not kept', () => {
    remember('f1', 'The sedan is red');
    remember('f2', 'The puppy is wet');
    const passages = bench.next() ?? [];
    bench.call('fact-forget', { factId: 'f1' });
    bench.call('fact-edit', { factId: 'f2', version: { text: 'Bread', createdAt } });
    assert.equal(bench.put(passages), 0);
    bench.embed();
    assert.deepEqual(ids(meant('Bread')), ['f2']);
  });

  test('embedding that ends in the middle goes on with the facts that are missing', () => {
    for (let n = 1; n <= 7; n += 1) remember(`f${n}`, `The sedan number ${n}`);
    bench.put(bench.next() ?? []);
    bench.close();
    bench = open();
    bench.embed();
    assert.equal(bench.sent.length, 4);
    assert.equal(vectors().length, 7);
  });

  test('where words cannot be searched, meaning answers, and says so', () => {
    bench.append('t1', 'The sedan is red');
    bench.append('t2', 'The puppy is wet');
    remember('f1', 'The sedan needs tyres');
    bench.embed();
    bench.close();
    bench = open(false);
    const hits = bench.meant('automobile red');
    assert.deepEqual(hits.map(({ messageId, byMeaningAlone }) => [messageId, byMeaningAlone]), [['t1.1', true]]); // prettier-ignore
    assert.deepEqual(ids(meant('automobile tyres')), ['f1']);
    assert.throws(() => bench.call('memory-recall', { query: 'sedan', options: { limit: 5 } }), { reason: 'no-search' }); // prettier-ignore
    assert.throws(() => bench.call('fact-recall', { query: 'sedan', limit: 5 }), { reason: 'no-search' });
  });
});
