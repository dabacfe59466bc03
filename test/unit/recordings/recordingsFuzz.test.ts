import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ModelError } from '../../../src/core/errors';
import { anyText } from '../../support/arbitraries';
import { collect, asks, type Collected } from '../../support/collect';
import { OpenAIFixture } from '../../support/openaiFixture';
import { loadRecordings, recordingsFolder, replay, type Exchange } from '../../support/recordings';
import { readReference } from './referenceReading';

const streams = loadRecordings()
  .flatMap(({ exchanges }) => exchanges)
  .filter(({ response }) => response.status === 200);
const longest = 8_000;
const runs = { numRuns: 25 };

suite('Recordings, mutated', () => {
  const fixture = new OpenAIFixture();
  if (streams.length === 0) {
    test.skip(`there are none in ${recordingsFolder}`);
    return;
  }
  const exchangeOf = fc.constantFrom(...streams.filter(({ response }) => response.body.length < longest));
  suiteSetup(() => fixture.open());
  suiteTeardown(() => fixture.close());

  /** Never a hang (the suite's timeout), never anything but a ModelError. */
  async function read(
    exchange: Exchange,
    body: string | Uint8Array | readonly Uint8Array[],
  ): Promise<Collected> {
    fixture.server.script([replay(exchange, body)]);
    const result = await collect(
      fixture.model({ apiKey: 'k', timeouts: { firstByte: 2_000, idle: 2_000 } }),
      asks('Hello'),
    );
    assert.ok(result.error === undefined || result.error instanceof ModelError, String(result.error));
    assert.equal(result.finish === undefined, result.error !== undefined, 'a finish or an error');
    return result;
  }

  test('cut anywhere: what had arrived was yielded, in order', async () => {
    await fc.assert(
      fc.asyncProperty(exchangeOf, fc.double({ min: 0, max: 1, noNaN: true }), async (exchange, share) => {
        const bytes = new TextEncoder().encode(exchange.response.body);
        const { text } = await read(exchange, bytes.slice(0, Math.floor(bytes.length * share)));
        assert.ok(readReference(exchange).text.startsWith(text));
      }),
      runs,
    );
  });

  test('cut into other pieces, with other line ends and blank lines, without [DONE]: the same answer', async () => {
    const dress = fc.record({
      newline: fc.constantFrom('\n', '\r\n', '\r'),
      blanks: fc.integer({ min: 1, max: 3 }),
      done: fc.boolean(),
      comment: fc.boolean(),
      cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(exchangeOf, dress, async (exchange, { newline, blanks, done, comment, cuts }) => {
        const events = exchange.response.body
          .trim()
          .split('\n\n')
          .filter((event) => done || !event.includes('[DONE]'));
        const lines = events.map(
          (event) => `${comment ? `: ping${newline}` : ''}${event}${newline.repeat(1 + blanks)}`,
        );
        const bytes = new TextEncoder().encode(lines.join(''));
        const ends = [...cuts.map((cut) => Math.floor(cut * bytes.length)), bytes.length].toSorted(
          (a, b) => a - b,
        );
        const pieces = ends.map((end, n) => bytes.slice(n === 0 ? 0 : ends[n - 1], end));
        const [plain, changed] = [await read(exchange, exchange.response.body), await read(exchange, pieces)];
        assert.deepEqual(
          [changed.text, changed.reasoning, changed.finish],
          [plain.text, plain.reasoning, plain.finish],
        );
        assert.deepEqual(
          changed.calls.map((call) => call.function),
          plain.calls.map((call) => call.function),
        );
      }),
      runs,
    );
  });

  test('lines lost, doubled, swapped, or overwritten with noise', async () => {
    const change = fc.record({
      at: fc.double({ min: 0, max: 0.999, noNaN: true }),
      kind: fc.constantFrom('drop', 'double', 'noise', 'bytes', 'swap'),
      noise: anyText,
    });
    await fc.assert(
      fc.asyncProperty(
        exchangeOf,
        fc.array(change, { minLength: 1, maxLength: 4 }),
        async (exchange, changes) => {
          const lines = exchange.response.body.split('\n');
          for (const { at, kind, noise } of changes) {
            const index = Math.floor(at * lines.length);
            const line = lines[index] ?? '';
            if (kind === 'drop') lines.splice(index, 1);
            if (kind === 'double') lines.splice(index, 0, line);
            if (kind === 'noise') lines[index] = noise;
            if (kind === 'bytes') lines[index] = line.slice(0, 20) + noise + line.slice(25);
            if (kind === 'swap') lines.splice(index, 2, lines[index + 1] ?? '', line);
          }
          await read(exchange, lines.join('\n'));
        },
      ),
      runs,
    );
  });

  test('any bytes at all', async () => {
    const exchange = streams[0];
    assert.ok(exchange);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const { error } = await read(exchange, bytes);
        assert.ok(error instanceof ModelError);
      }),
      runs,
    );
  });

  test('any JSON as a chunk, or as its choices', async () => {
    const exchange = streams[0];
    assert.ok(exchange);
    const chunk = fc.oneof(
      fc.jsonValue(),
      fc.record({ choices: fc.jsonValue(), usage: fc.jsonValue(), model: fc.jsonValue() }),
      fc.record({ choices: fc.tuple(fc.record({ delta: fc.jsonValue(), finish_reason: fc.jsonValue() })) }),
      fc.record({
        choices: fc.tuple(
          fc.record({ delta: fc.record({ content: fc.jsonValue(), tool_calls: fc.array(fc.jsonValue()) }) }),
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 5 }), async (chunks) => {
        await read(exchange, chunks.map((value) => `data: ${JSON.stringify(value)}\n\n`).join(''));
      }),
      runs,
    );
  });
});
