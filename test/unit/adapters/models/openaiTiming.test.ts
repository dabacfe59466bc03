import assert from 'node:assert/strict';
import { ModelError, isAbort } from '../../../../src/core/errors';
import { chunk, failure, held } from '../../../support/modelAnswers';
import type { ModelAnswer } from '../../../support/modelServer';
import { OpenAIFixture } from '../../../support/openaiFixture';

suite('OpenAIChatModel ends in time', () => {
  const fixture = new OpenAIFixture();
  suiteSetup(() => fixture.open());
  suiteTeardown(() => fixture.close());

  const never = new Promise(() => undefined);
  const waitFor = async (condition: () => boolean): Promise<void> => {
    for (let n = 0; n < 200 && !condition(); n += 1) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.ok(condition());
  };
  /** Of the event loop, which a busy machine slows down but does not lengthen. A second has thousands. */
  const atOnce = 50;
  const turnsUntil = async (settled: Promise<unknown>): Promise<number> => {
    let [turns, done] = [0, false];
    void settled.finally(() => (done = true));
    for (const waiting = (): boolean => !done; waiting(); turns += 1)
      await new Promise((resolve) => setImmediate(resolve));
    return turns;
  };
  const stages: readonly (readonly [string, () => ModelAnswer | Promise<ModelAnswer>])[] = [
    ['before the headers', () => never as Promise<ModelAnswer>],
    ['before the first byte', () => ({ body: [], after: 'hang' })],
    ['in the middle', () => ({ body: held([chunk({ content: 'Hel' })], never, []) })],
    ['in an error body', () => ({ status: 500, body: ['{'], after: 'hang' })],
  ];
  for (const [stage, answer] of stages) {
    test(`a server silent ${stage} is a timeout, and its connection is closed`, async () => {
      const read = await fixture.ask(answer, { timeouts: { firstByte: 60, idle: 60 } });
      assert.ok(read.error instanceof ModelError && read.error.reason === 'timeout', String(read.error));
      await waitFor(() => fixture.server.openConnections === 0);
    });

    test(`a stop ${stage} rejects at once with an AbortError, and closes the connection`, async () => {
      const controller = new AbortController();
      const asked = fixture.ask(answer, {}, controller.signal);
      await waitFor(() => fixture.server.requests.length === 1);
      await new Promise((resolve) => setTimeout(resolve, 10));
      controller.abort();
      assert.ok((await turnsUntil(asked)) <= atOnce);
      const { error } = await asked;
      assert.ok(isAbort(error), String(error));
      await waitFor(() => fixture.server.openConnections === 0);
    });
  }

  test('a stop while waiting to ask again rejects at once', async () => {
    const controller = new AbortController();
    const asked = fixture.ask(() => failure(503, {}), { retryDelays: [60_000] }, controller.signal);
    await waitFor(() => fixture.server.requests.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 10));
    controller.abort();
    assert.ok(isAbort((await asked).error));
  });

  test('a slow answer that keeps coming is no timeout', async () => {
    const slowly = async function* (): AsyncGenerator<string> {
      // Together longer than the timeouts, each far shorter, on a busy machine too.
      for (const piece of 'abcdefghijklmnopqrstuvwxyz') {
        await new Promise((resolve) => setTimeout(resolve, 30));
        yield chunk({ content: piece });
      }
      yield chunk({}, 'stop');
    };
    const { text } = await fixture.ask([{ body: slowly() }], { timeouts: { firstByte: 700, idle: 700 } });
    assert.equal(text, 'abcdefghijklmnopqrstuvwxyz');
  });

  test('a transport that ignores the signal cannot hold the stop up', async () => {
    const controller = new AbortController();
    const late = new Promise<Response>((resolve) => setTimeout(resolve, 300, new Response('')));
    const asked = fixture.ask([], { fetch: () => late }, controller.signal);
    setTimeout(() => controller.abort(), 10);
    assert.ok(isAbort((await asked).error));
  });
});
