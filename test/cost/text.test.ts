import assert from 'node:assert/strict';
import { exportChecksum, readExport, writeExport } from '../../src/adapters/files/exportCodec';
import { extraWordsOf } from '../../src/adapters/storage/searchText';
import { tellLanguage } from '../../src/core/recall/languages/tellLanguage';
import { templateCompactor } from '../../src/core/memory/templateCompactor';
import { readQuery } from '../../src/core/recall/query';
import { rankMessages } from '../../src/core/recall/rank';
import { TermScanner } from '../../src/core/recall/termScanner';
import { wordsOf } from '../../src/core/recall/words';
import { withoutSecrets } from '../../src/core/withoutSecrets';
import { session, turn, user } from '../contract/logFixture';
import { assertBounded, assertLinear } from '../support/growth';
import { exchange } from '../support/turns';

const repeated =
  (text: string) =>
  (size: number): string =>
    text.repeat(Math.ceil(size / text.length));

suite('What a long text costs', () => {
  for (const text of [
    'x',
    'xY',
    'X',
    '東',
    'a1',
    'é',
    '\u0301',
    '"',
    ' ',
    '_',
    '/a',
    'a!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!',
    'word ',
    '明日は東京 ',
  ]) {
    test(`words of ${JSON.stringify(text)} over and over are found in time by its length, query terms soon`, async () => {
      await assertLinear({ input: repeated(text), work: wordsOf, size: 5_000 });
      await assertLinear({ input: repeated(text), work: extraWordsOf, size: 5_000 });
      await assertBounded({ input: repeated(text), work: (query) => readQuery(query, 0), size: 20_000 });
    });
  }

  for (const text of ['a', 'é', 'ung', 'ement', 'ами', 'en ', 'en der ']) {
    test(`a question that is not English looks for its words in ${text} over and over in time by its length`, async () => {
      const query = readQuery('wo sind die Häuser?', 0, tellLanguage);
      assert.ok(query.language);
      const scanner = new TermScanner(query);
      await assertLinear({ input: repeated(text), work: (long) => scanner.scan(long), size: 5_000 });
      await assertBounded({
        input: repeated(text),
        work: (long) => readQuery(long, 0, tellLanguage),
        size: 20_000,
      });
    });
  }

  test('a summary without a model costs nothing that grows with the length of a message', async () => {
    await assertBounded({
      input: (size) => [exchange(0, { prompt: 'x '.repeat(size), answer: 'y '.repeat(size) })],
      work: (turns) =>
        templateCompactor.compact({ turns, maxTokens: 100, signal: new AbortController().signal }),
      size: 250_000,
    });
  });

  test('a long message is ranked, and its best passage found, in time by its length', async () => {
    const query = readQuery('zebra src/zebra.ts', 0);
    const threadsOf = (size: number) => [
      { session: 1, messages: [{ role: 'user' as const, text: 'A zebra in src/zebra.ts.\n'.repeat(size), extra: '', at: 0 }] }, // prettier-ignore
    ];
    await assertLinear({
      input: threadsOf,
      work: (threads) => rankMessages(query, threads, { messages: 1, holding: () => 1 }),
      size: 2_000,
    });
  });

  for (const [kind, text] of Object.entries({
    blanks: ' ',
    Bearers: 'Bearer ',
    'beginnings of keys': 'sk-',
    stars: '*',
    'parts of the secret': 'sk-a1b2c3d4',
    'small letters': 'a',
  })) {
    test(`secrets are taken out of ${kind} in time by their length`, async () => {
      for (const start of ['', 'Bearer', 'key-'])
        await assertLinear({
          input: (size) => start + repeated(text)(size),
          work: (long) => withoutSecrets(long, ['sk-a1b2c3d4e5f60718']),
          size: 4_000,
        });
    });
  }

  test('an export is written, checked and read in time by its turns', async () => {
    const createdAt = '2026-01-01T00:00:00.000Z';
    const input = (size: number) => ({
      sessions: [
        session(
          's1',
          Array.from({ length: size }, (_, n) => turn(`t${n}`, { messages: [user('word '.repeat(20))] })),
        ),
      ],
      facts: [],
    });
    const write = (dump: ReturnType<typeof input>): Uint8Array =>
      writeExport(dump, 'w1', { exportedAt: createdAt, generator: 'test', workspaceName: 'W' });
    await assertLinear({ input, work: write, size: 250 });
    await assertLinear({ input, work: exportChecksum, size: 250 });
    await assertLinear({
      input: (size) => write(input(size)),
      work: (bytes) => readExport(bytes),
      size: 250,
    });
  });
});
