import assert from 'node:assert/strict';
import {
  createOpenAIEmbeddingModel,
  type OpenAIEmbeddingModelOptions,
} from '../../../../src/adapters/models/openaiEmbeddingModel';
import { ModelError } from '../../../../src/core/errors';
import { embeddingsAnswer, inBase64, json, scriptedVector } from '../../../support/embeddings';
import { failure } from '../../../support/modelAnswers';
import { ModelServer, type ModelAnswer } from '../../../support/modelServer';

const key = 'sk-proj-Abc123_secret-value';
const { signal } = new AbortController();

suite('Embeddings from an OpenAI-compatible endpoint', () => {
  let server: ModelServer;
  suiteSetup(async () => (server = await ModelServer.start()));
  suiteTeardown(() => server.close());

  const model = (options: Partial<OpenAIEmbeddingModelOptions> = {}) =>
    createOpenAIEmbeddingModel({ baseUrl: server.baseUrl, model: 'm', retryDelays: [], ...options });

  async function errorOf(answer: ModelAnswer, texts = ['one', 'two']): Promise<ModelError> {
    server.script([answer, answer]);
    const error: unknown = await model({ apiKey: key })
      .embed(texts, signal)
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    assert.ok(error instanceof ModelError, String(error));
    return error;
  }

  const item = (index: unknown, embedding: unknown) => ({ object: 'embedding', index, embedding });
  const [one, two] = [scriptedVector('one'), scriptedVector('two')];

  test('vectors are put to their texts by their index, and numbers and base64 are the same', async () => {
    server.script([json({ data: [item(1, two), item(0, inBase64(one))] })]);
    const mixed = await model().embed(['one', 'two'], signal);
    server.script(() => embeddingsAnswer({ model: 'm', input: ['one', 'two'] }));
    assert.deepEqual(await model().embed(['one', 'two'], signal), mixed);
  });

  test('vectors without an index are taken in the order in which they come', async () => {
    server.script([json({ data: [{ embedding: one }, { embedding: two }] })]);
    const [first] = await model().embed(['one', 'two'], signal);
    server.script([json({ data: [item(0, one)] })]);
    assert.deepEqual(await model().embed(['one'], signal), [first]);
  });

  const unusable: Readonly<Record<string, unknown>> = {
    'fewer vectors than texts': { data: [item(0, one)] },
    'more vectors than texts': { data: [item(0, one), item(1, two), item(2, two)] },
    'two vectors for one text': { data: [item(0, one), item(0, two)] },
    'a vector for a text that was not sent': { data: [item(0, one), item(7, two)] },
    'an index that is no number': { data: [item('0', one), item(1, two)] },
    'unlike dimensions': { data: [item(0, one), item(1, two.slice(1))] },
    'an empty vector': { data: [item(0, one), item(1, [])] },
    'far too many dimensions': { data: [item(0, one), item(1, new Array(20_000).fill(1))] },
    'a text in place of a number': { data: [item(0, one), item(1, ['1', '2'])] },
    'a null among the numbers, as some write NaN': { data: [item(0, one), item(1, [1, null, 2])] },
    'not-a-number in base64': { data: [item(0, inBase64(one)), item(1, inBase64([1, NaN]))] },
    'a vector without a direction': {
      data: [
        item(0, one),
        item(
          1,
          two.map(() => 0),
        ),
      ],
    },
    'base64 that is cut off': { data: [item(0, one), item(1, inBase64(two).slice(0, 10))] },
    'no vectors at all': { data: 'none' },
    'no object': 7,
  };
  for (const [what, answer] of Object.entries(unusable)) {
    test(`${what}: a clear error, and no vectors`, async () => {
      assert.equal((await errorOf(json(answer))).reason, 'stream-garbled');
    });
  }

  const failures: readonly (readonly [string, ModelAnswer, string])[] = [
    ['a page in place of JSON', { body: '<html>Sign in</html>' }, 'stream-garbled'],
    ['an error with status 200', json({ error: { message: 'Rate limit reached' } }), 'rate-limited'],
    ['an answer that breaks off', { body: '{"data": [', after: 'break' }, 'stream-ended'],
    ['a wrong key', failure(401, { message: `Incorrect API key provided: ${key}` }), 'unauthorized'],
    ['an unknown model', failure(404, { message: 'model "m" not found, try pulling it first' }), 'unknown-model'],
    ['too long a text', failure(400, { message: "This model's maximum context length is 512 tokens" }), 'context-overflow'],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:9/elsewhere' }, body: '' }, 'bad-request'],
    ['too many requests', failure(429, { message: 'slow down' }, { 'retry-after': '30' }), 'rate-limited'],
  ]; // prettier-ignore
  for (const [what, answer, reason] of failures) {
    test(`${what}: ${reason}, without the key`, async () => {
      const error = await errorOf(answer);
      assert.equal(error.reason, reason);
      assert.ok(!`${error.message} ${error.serverMessage}`.includes(key));
    });
  }

  test('how long to wait is told, and a short wait is waited', async () => {
    assert.equal((await errorOf(failure(429, { message: 'slow' }, { 'retry-after': '30' }))).retryAfter, 30);
    server.script([failure(429, { message: 'slow' }, { 'retry-after-ms': '5' }), embeddingsAnswer({ model: 'm', input: ['x'] })]); // prettier-ignore
    assert.equal((await model({ retryDelays: [1] }).embed(['x'], signal)).length, 1);
  });

  test('a server that does not answer in time is given up', async () => {
    server.script([{ body: '{"data": [', after: 'hang' }]);
    await assert.rejects(model({ timeoutMs: 50 }).embed(['x'], signal), { reason: 'timeout' });
  });

  test('what is sent is the texts, the model and the key, and nothing of this machine', async () => {
    server.script(() => embeddingsAnswer({ model: 'm', input: ['x'] }));
    await model({ apiKey: key }).embed(['x'], signal);
    const [request] = server.requests;
    assert.equal(request?.path, '/v1/embeddings');
    assert.deepEqual(request.body, { model: 'm', input: ['x'], encoding_format: 'base64' });
    assert.equal(request.headers.authorization, `Bearer ${key}`);
    assert.ok(!Object.keys(request.headers).some((name) => name.startsWith('x-')));
  });

  test('an endpoint elsewhere is not asked without a key, and one that is no URL not at all', async () => {
    await assert.rejects(model({ baseUrl: 'https://api.example.com/v1' }).embed(['x'], signal), {
      reason: 'no-key',
    });
    await assert.rejects(model({ baseUrl: 'nonsense' }).embed(['x'], signal), { reason: 'unreachable' });
  });

  test('a base URL without version, or with the whole path, is understood', async () => {
    const { origin } = new URL(server.baseUrl);
    const answer = embeddingsAnswer({ model: 'm', input: ['x'] });
    server.script((request) => (request.path === '/v1/embeddings' ? answer : failure(404, { message: '' })));
    for (const baseUrl of [origin, `${server.baseUrl}/embeddings`, ` ${server.baseUrl}/ `]) {
      assert.equal((await model({ baseUrl }).embed(['x'], signal)).length, 1);
    }
  });
});
