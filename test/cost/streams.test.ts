import assert from 'node:assert/strict';
import { EventReader } from '../../src/adapters/models/openai/serverSentEvents';
import { assertLinear } from '../support/growth';
import { OpenAIFixture } from '../support/openaiFixture';
import { chunk } from '../support/modelAnswers';

suite('What a model’s answer costs', () => {
  const fixture = new OpenAIFixture();
  suiteSetup(() => fixture.open());
  suiteTeardown(() => fixture.close());

  const lines: Readonly<Record<string, string>> = {
    'JSON that never closes': 'data: [\n',
    'JSON that closes wrongly': 'data: []]\n',
    'empty data': 'data:\n',
    garbage: 'x\n',
    returns: '\r',
    'events of JSON': 'data: {"a":1}\n\n',
  };
  for (const [kind, line] of Object.entries(lines)) {
    test(`${kind}, line by line, is read in time by its length`, () =>
      assertLinear({
        input: (size) => Buffer.from(line.repeat(size)),
        work: (bytes) => {
          const reader = new EventReader();
          for (let at = 0; at < bytes.length; at += 1_000) reader.feed(bytes.subarray(at, at + 1_000));
          return reader.end();
        },
        size: 1_000,
      }));
  }

  test('an event without an end, in small pieces, is read in time by its length', () =>
    assertLinear({
      input: (size) => Array.from({ length: size }, () => Buffer.from('x'.repeat(100))),
      work: (pieces) => {
        const reader = new EventReader();
        reader.feed(Buffer.from('data: "'));
        for (const piece of pieces) reader.feed(piece);
        return reader.end();
      },
      size: 1_000,
    }));

  test('JSON that never closes is read from a server in time by its length', () =>
    assertLinear({
      input: (size) => 'data: [\n'.repeat(size),
      work: async (body) => assert.ok((await fixture.ask([{ body }])).error),
      size: 5_000,
    }));

  test('an answer in thousands of pieces is read from a server in time by their number', () =>
    assertLinear({
      input: (size) => chunk({ content: 'word ' }).repeat(size) + chunk({}, 'stop'),
      work: async (body) => assert.equal((await fixture.ask([{ body }])).error, undefined),
      size: 500,
    }));

  test('a page full of brackets as an error is read in time by its length', async () => {
    for (const piece of ['<', '<title', '>', '&'])
      await assertLinear({
        input: (size) => piece.repeat(size / piece.length),
        work: async (body) => assert.ok((await fixture.ask([{ status: 400, body }])).error),
        size: 12_000,
      });
  });
});
