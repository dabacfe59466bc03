import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { MessageListOptions, MessagePage } from '../../../../src/core/memory/longTermMemory';
import type { Message } from '../../../../src/core/message';
import { Bench, damages } from '../../../support/engineBench';

suite('a list of messages in SQLite', () => {
  let folder: string;
  let databasePath: string;
  let bench: Bench;
  setup(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'list-'));
    databasePath = path.join(folder, 'history.db');
    bench = new Bench({ databasePath });
  });
  teardown(() => {
    bench.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const list = (options: Partial<MessageListOptions> = {}): MessagePage =>
    bench.call('memory-list', { options: { limit: 10, ...options } });

  function tell(
    sessionId: string,
    at: (index: number) => number,
    all: readonly (readonly Message[])[],
  ): void {
    const time = (index: number): string => new Date(at(index)).toISOString();
    const turns = all.map((messages, index) => ({
      id: `${sessionId}.${index}`,
      createdAt: time(index),
      status: 'complete' as const,
      messages,
    }));
    const session = { id: sessionId, title: '', createdAt: time(0), updatedAt: time(0), turns };
    bench.call('history-load', { dump: { sessions: [session], facts: [] }, mode: 'update' });
  }

  test('where few fit it looks back in bounded rounds, and says how far it has looked', () => {
    const noon = Date.UTC(2026, 2, 1, 12);
    tell('old', () => noon - 86_400_000, [[{ role: 'user', content: 'Open src/a.ts now.' }]]);
    tell('new', (index) => noon + index, Array.from({ length: 9_000 }, (_, index) => [{ role: 'user', content: `src a ts ${index}` }]));
    const first = list({ path: 'src/a.ts' });
    assert.deepEqual([first.messages, first.more], [[], true]);
    assert.equal(first.lookedBackTo, new Date(noon + 5_000).toISOString());
    const second = list({ path: 'src/a.ts', reach: 2 });
    assert.equal(second.lookedBackTo, new Date(noon + 1_000).toISOString());
    const { messages, more, lookedBackTo } = list({ path: 'src/a.ts', reach: 3 });
    assert.deepEqual([messages.map(({ text }) => text), more, lookedBackTo], [['Open src/a.ts now.'], false, undefined]);
  }).timeout(60_000); // prettier-ignore

  test('what fits rarely is found at once by the index, however much does not fit', () => {
    const noon = Date.UTC(2026, 2, 1, 12);
    tell('old', () => Date.UTC(2019, 5, 1), [[{ role: 'system', content: 'Be brief.' }]]);
    tell('new', (index) => noon + index, Array.from({ length: 9_000 }, () => [{ role: 'user', content: 'x' }]));
    for (const options of [{ role: 'system' }, { before: '2019-06-15T00:00:00.000Z' }] as const) {
      const { messages, more, lookedBackTo } = list(options);
      assert.deepEqual([messages.map(({ text }) => text), more, lookedBackTo], [['Be brief.'], false, undefined]);
    }
  }).timeout(60_000); // prettier-ignore

  test('what is damaged is not listed, and the rest is', () => {
    for (const id of ['t1', 't2']) bench.append(id);
    bench.close();
    const database = new DatabaseSync(databasePath);
    database.exec(damages['a letter of a message']);
    database.close();
    bench = new Bench({ databasePath });
    assert.deepEqual(
      list().messages.map(({ turnId }) => turnId),
      ['t2', 't2'],
    );
  });

  test('without a search index it says so', () => {
    bench.append('t1');
    bench.close();
    bench = new Bench({ databasePath, fullText: false });
    assert.throws(() => list(), { reason: 'no-search' });
  });
});
