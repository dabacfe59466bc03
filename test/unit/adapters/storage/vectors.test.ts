import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { embeddedSize } from '../../../../src/core/recall/embeddedPassages';
import { assistant, createdAt, owner, startOfTime, user } from '../../../contract/logFixture';
import { EmbeddedBench, scripted, unit } from '../../../support/embeddedBench';
import { temporaryFolder } from '../../../support/storage';

suite('Vectors beside the history', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let bench: EmbeddedBench;
  const at = (name: string): string => join(folder.path, name);
  const open = (): EmbeddedBench => new EmbeddedBench({ databasePath: at('history.db') });

  setup(async () => {
    folder = await temporaryFolder();
    bench = open();
  });
  teardown(async () => {
    bench.close();
    await folder.remove();
  });

  const ids = (hits: readonly { messageId: string }[]): readonly string[] => hits.map((hit) => hit.messageId);
  const rows = (sql: string): readonly unknown[] => {
    const database = new DatabaseSync(at('vectors.db'));
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  };
  const kept = (): number => rows('SELECT * FROM vectors').length;
  const holding = (bytes: Uint8Array): readonly string[] =>
    readdirSync(folder.path).filter((name) => readFileSync(at(name)).includes(Buffer.from(bytes)));

  test('without a model there is no file, and recall is what it was', () => {
    bench.append('t1', 'My sedan is red');
    const before = bench.call('memory-recall', { query: 'sedan', options: { limit: 10 } });
    bench.call('turn-delete', { turnId: 't1' });
    assert.ok(!existsSync(at('vectors.db')));
    bench.append('t1b', 'My sedan is red');
    bench.embed();
    const after = bench.call('memory-recall', { query: 'sedan', options: { limit: 10 } });
    assert.deepEqual(after.map(({ score }) => score), before.map(({ score }) => score)); // prettier-ignore
  });

  test('what is said in other words is found, and shows its passage', () => {
    bench.append('t1', 'The sedan needs new tyres');
    bench.append('t2', 'Bread needs flour');
    bench.embed();
    assert.deepEqual(bench.found('automobile'), []);
    const [hit, ...others] = bench.meant('automobile');
    assert.equal(hit?.messageId, 't1.1');
    assert.deepEqual(others, []);
    assert.deepEqual(hit.passage, { start: 0, end: 'The sedan needs new tyres'.length });
    assert.deepEqual(hit.highlights, []);
  });

  test('what holds the words and the meaning comes before what has one of them', () => {
    bench.append('t1', 'The sedan needs tyres');
    bench.append('t2', 'An automobile needs tyres');
    bench.append('t3', 'Bicycle tyres');
    bench.embed();
    assert.deepEqual(ids(bench.meant('automobile tyres')).slice(0, 3), ['t2.1', 't1.1', 't3.1']);
  });

  test('words find what has no vector yet', () => {
    bench.append('t1', 'The sedan is red');
    bench.embed();
    bench.append('t2', 'An automobile is blue');
    assert.deepEqual([...ids(bench.meant('automobile'))].sort(), ['t1.1', 't2.1']);
  });

  test('of a long message the nearest passage is shown', () => {
    const filler = 'Nothing of interest happened on that day. '.repeat(60);
    bench.append('t1', `${filler}\nThe puppy chewed the chair.\n${filler}`);
    bench.embed();
    const [hit] = bench.meant('hound chewed');
    assert.ok(hit && hit.text.slice(hit.passage.start, hit.passage.end).includes('puppy'));
    assert.ok(hit.passage.end - hit.passage.start < hit.text.length / 2);
  });

  test('filters hold for what is found by its meaning, and look behind what is nearer', () => {
    bench.append('t0', 'A hound of old');
    for (let n = 1; n <= 150; n += 1) bench.append(`t${n}`, `puppy ${n % 7}`);
    bench.embed();
    assert.ok(bench.meant('dog', { role: 'user' }).every(({ role }) => role === 'user'));
    assert.deepEqual(bench.meant('dog', { sessionId: 'none' }), []);
    assert.ok(!ids(bench.meant('dog', { exceptTurnId: 't0', limit: 500 })).includes('t0.1'));
    assert.equal(bench.meant('dog', { limit: 500 }).filter(({ role }) => role === 'assistant').length, 151);
  });

  test('each text is sent once, the newest first, and what tools gave not at all', () => {
    bench.append('t1', 'first');
    bench.append('t2', 'second');
    bench.append('t3', 'first');
    const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } } as const;
    const messages = [{ ...assistant(''), tool_calls: [call] }, { role: 'tool' as const, content: 'raw', tool_call_id: 'c' }, assistant('third')]; // prettier-ignore
    const turn = { id: 't4', sessionId: 's1', createdAt, messages: [user('prompt t4')] };
    bench.call('turn-begin', { turn, expectedLength: 3, owner, leaseMs: 1_000 });
    bench.call('turn-finish', { turnId: 't4', owner, change: { keep: 1, messages }, outcome: { status: 'complete' } }); // prettier-ignore
    bench.embed();
    assert.deepEqual(bench.sent, ['prompt t4', 'third', 'prompt t3', 'first', 'prompt t2', 'second', 'prompt t1']); // prettier-ignore
    assert.equal(kept(), 8);
    bench.embed();
    assert.equal(bench.sent.length, 7);
    const { turns, embedded, models } = bench.call('vector-state', { source: scripted });
    assert.deepEqual({ turns, embedded }, { turns: 4, embedded: 4 });
    assert.deepEqual(models, [{ ...scripted, dimensions: 64, complete: true }]);
  });

  test('a turn that runs is embedded once it has ended', () => {
    bench.append('t1');
    bench.embed();
    bench.call('session-create', { session: { id: 's2', title: 'S', createdAt } });
    const turn = { id: 't2', sessionId: 's2', createdAt, messages: [user('sedan')] };
    bench.call('turn-begin', { turn, expectedLength: 0, owner, leaseMs: 1_000 });
    bench.embed();
    assert.ok(!bench.sent.includes('sedan'));
    bench.append('t3');
    const change = { keep: 1, messages: [assistant('hound')] };
    bench.call('turn-finish', { turnId: 't2', owner, change, outcome: { status: 'complete' } });
    bench.embed();
    assert.ok(bench.sent.includes('sedan') && bench.sent.includes('hound'));
  });

  test('what is deleted leaves no vector, no sign and no trace of its text in any file', () => {
    for (const id of ['t1', 't2', 't3']) bench.append(id, `secret ${id}`);
    bench.embed();
    const hashes = rows('SELECT hash FROM vectors ORDER BY key') as { hash: Uint8Array }[];
    const vectors = rows('SELECT vector FROM vectors ORDER BY key') as { vector: Uint8Array }[];
    const gone = rows(`SELECT hash, vector FROM vectors WHERE message / 1048576 = 2`) as { hash: Uint8Array; vector: Uint8Array }[]; // prettier-ignore
    assert.ok(gone.length === 2 && hashes.length === 6 && vectors.length === 6);
    bench.call('turn-delete', { turnId: 't2' });
    assert.equal(kept(), 4);
    assert.equal(rows('SELECT * FROM signs').length, 4);
    bench.tidy();
    for (const { hash, vector } of gone) assert.deepEqual([...holding(hash), ...holding(vector)], []);
    assert.ok(hashes.some(({ hash }) => holding(hash).includes('vectors.db')));
    bench.call('workspace-clear', {});
    assert.equal(kept(), 0);
    bench.tidy();
    for (const { vector } of vectors) assert.deepEqual(holding(vector), []);
  });

  test('a deleted turn is not found by its meaning, nor is one that took its row for it', () => {
    bench.append('t1', 'The sedan is red');
    bench.append('t2', 'The puppy is wet');
    bench.embed();
    assert.deepEqual(ids(bench.meant('hound')), ['t2.1']);
    bench.call('turn-delete', { turnId: 't2' });
    assert.deepEqual(bench.meant('hound'), []);
    bench.append('t3', 'Bread needs flour');
    assert.deepEqual(bench.meant('hound'), []);
    bench.embed();
    assert.deepEqual(ids(bench.meant('flour')), ['t3.1']);
    assert.ok(bench.sent.includes('Bread needs flour'));
  });

  test('clearing leaves nothing to be looked at again', () => {
    for (let n = 1; n <= 5; n += 1) bench.append(`t${n}`);
    bench.embed();
    bench.call('workspace-clear', {});
    assert.deepEqual(rows('SELECT * FROM again'), []);
    assert.deepEqual(bench.next(), []);
  });

  test('a turn that an import replaces is embedded anew', () => {
    bench.append('t1', 'The sedan is red');
    bench.embed();
    const turn = { id: 't1', createdAt, status: 'complete', messages: [user('A puppy')] } as const;
    const session = { id: 's1', title: 'S', createdAt, updatedAt: createdAt, turns: [turn] };
    bench.call('history-load', { dump: { sessions: [session], facts: [] }, mode: 'update' });
    assert.equal(kept(), 0);
    bench.embed();
    assert.deepEqual(ids(bench.meant('hound')), ['t1.0']);
    assert.deepEqual(bench.meant('car'), []);
  });

  test('vectors of a message that was deleted meanwhile are not kept', () => {
    bench.append('t1', 'one');
    bench.append('t2', 'two');
    const passages = bench.next() ?? [];
    bench.call('turn-delete', { turnId: 't2' });
    assert.equal(bench.put(passages), passages.filter(({ text }) => !/t2|two/.test(text)).length);
    bench.append('t3', 'three');
    assert.equal(bench.put(passages.filter(({ text }) => /t2|two/.test(text))), 0);
    bench.embed();
    assert.equal(kept(), 4);
  });

  test('another model takes over once all is embedded by it, and then the first one goes', () => {
    for (let n = 1; n <= 4; n += 1) bench.append(`t${n}`, `The sedan number ${n}`);
    bench.embed();
    const other = { ...scripted, name: 'other' };
    bench.put(bench.next(other) ?? [], other);
    const states = (): readonly unknown[] =>
      bench.call('vector-state', { source: other }).models.map(({ name, complete }) => [name, complete]);
    assert.deepEqual(states(), [['other', false], ['scripted', true]]); // prettier-ignore
    assert.equal(bench.meant('car').length, 4);
    bench.embed(other);
    assert.deepEqual(states(), [['other', true]]);
    assert.deepEqual(bench.meant('car'), []);
    assert.equal(bench.meant('car', {}, other).length, 4);
    assert.equal(kept(), 8);
  });

  test('a model that answers with other dimensions is another model', () => {
    bench.append('t1', 'The sedan is red');
    bench.embed();
    bench.append('t2', 'The car is blue');
    bench.embed(scripted, 32);
    assert.deepEqual(bench.call('vector-state', { source: scripted }).models, [{ ...scripted, dimensions: 32, complete: true }]); // prettier-ignore
    assert.equal(kept(), 4);
    const meaning = { ...scripted, vector: unit('automobile', 64), unrelated: 0.3 };
    assert.deepEqual(
      bench.call('memory-recall', { query: 'automobile', options: { limit: 5 }, meaning }),
      [],
    );
  });

  test('a text that the model refuses is not asked for again', () => {
    bench.append('t1', 'refused');
    const passages = bench.next() ?? [];
    const vectors = passages.map(({ text: _, ...place }) => ({ ...place, vector: new Float32Array() }));
    assert.equal(bench.call('vector-put', { source: scripted, vectors }), 2);
    assert.deepEqual(bench.next(), []);
    assert.deepEqual(bench.meant('refused', { role: 'tool' }), []);
  });

  test('one window at a time makes vectors, until it lets go, or is gone', () => {
    bench.append('t1');
    assert.equal(bench.next(scripted, 'a')?.length, 2);
    assert.equal(bench.next(scripted, 'b'), undefined);
    bench.call('vector-release', { owner: 'b' });
    assert.equal(bench.next(scripted, 'b'), undefined);
    bench.call('vector-release', { owner: 'a' });
    assert.equal(bench.next(scripted, 'b')?.length, 2);
    assert.equal(bench.next(scripted, 'a', startOfTime + 10_001)?.length, 2);
  });

  test('a pasted log of any size costs a bounded number of passages', () => {
    const words = Array.from({ length: 50_000 }, (_, n) => `word${n}`);
    bench.append('t1', `${words.join('').slice(0, 50_000)} ${words.join(' ')}`);
    bench.limits = { passages: 64, characters: 50_000 };
    bench.embed();
    assert.ok(bench.sent.length > 50 && bench.sent.length <= embeddedSize.passages + 1);
    assert.ok(bench.sent.join('').length <= embeddedSize.message + 10);
    assert.ok(bench.sent.every((text) => text.length <= embeddedSize.characters));
  });

  test('damaged vectors are thrown away and made anew; words answer meanwhile, and deleting works', () => {
    for (const garbage of ['no database', Buffer.alloc(100_000, 7)]) {
      bench.append(`t1-${garbage.length}`, 'The sedan is red');
      bench.append(`t2-${garbage.length}`, 'The sedan is blue');
      bench.embed();
      bench.close();
      writeFileSync(at('vectors.db'), garbage);
      bench = open();
      assert.ok(ids(bench.meant('sedan')).includes(`t1-${garbage.length}.1`));
      bench.call('turn-delete', { turnId: `t1-${garbage.length}` });
      bench.embed();
      assert.equal(ids(bench.meant('car')).filter((id) => id === `t2-${garbage.length}.1`).length, 1);
    }
  });

  test('vectors that are damaged while they are open are made anew, too', () => {
    for (let n = 0; n < 50; n += 1) bench.append(`t${n}`, `The sedan ${n}`);
    bench.embed();
    bench.close();
    const bytes = readFileSync(at('vectors.db'));
    bytes.fill(0xaa, 16_384);
    writeFileSync(at('vectors.db'), bytes);
    bench = open();
    bench.meant('car');
    bench.call('turn-delete', { turnId: 't0' });
    bench.embed();
    assert.equal(bench.meant('car', { limit: 100 }).length, 49);
  });

  test('vectors of an earlier history that was put back are not believed', () => {
    bench.append('t1', 'The sedan is red');
    bench.embed();
    bench.close();
    copyFileSync(at('history.db'), at('earlier.db'));
    bench = open();
    bench.call('turn-delete', { turnId: 't1' });
    bench.append('t2', 'The puppy is wet');
    bench.embed();
    bench.close();
    copyFileSync(at('earlier.db'), at('history.db'));
    bench = open();
    assert.deepEqual(bench.meant('hound'), []);
    bench.embed();
    assert.deepEqual(ids(bench.meant('car')), ['t1.1']);
  });

  test('what another window embeds is found, and what it deletes is not', () => {
    bench.append('t1', 'The sedan is red');
    bench.embed();
    assert.deepEqual(ids(bench.meant('car')), ['t1.1']);
    const second = open();
    second.append('t2', 'The automobile is blue');
    second.embed();
    assert.deepEqual([...ids(bench.meant('car'))].sort(), ['t1.1', 't2.1']);
    second.call('turn-delete', { turnId: 't1' });
    assert.deepEqual(ids(bench.meant('car')), ['t2.1']);
    second.close();
  });
});
