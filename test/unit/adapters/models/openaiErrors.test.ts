import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { ModelError, type ModelErrorReason } from '../../../../src/core/errors';
import { failure, textAnswer } from '../../../support/modelAnswers';
import type { ModelAnswer } from '../../../support/modelServer';
import { collect, asks, type Collected } from '../../../support/collect';
import { OpenAIFixture } from '../../../support/openaiFixture';

const ok = textAnswer('Hi');
const key = 'sk-proj-Abc123_secret-value';

function modelError({ error }: Collected): ModelError {
  assert.ok(error instanceof ModelError, String(error));
  return error;
}

suite('OpenAIChatModel and what goes wrong', () => {
  const fixture = new OpenAIFixture();
  suiteSetup(() => fixture.open());
  suiteTeardown(() => fixture.close());

  const plain = (status: number, body: string, headers = {}): ModelAnswer => ({ status, headers, body });
  const answers: readonly (readonly [string, ModelAnswer, ModelErrorReason])[] = [
    [
      'a wrong key',
      failure(401, { message: 'Incorrect API key provided', code: 'invalid_api_key' }),
      'unauthorized',
    ],
    ['a forbidden key', failure(403, { message: 'Country not supported' }), 'unauthorized'],
    [
      'a wrong key with status 400 (Google)',
      failure(400, { message: 'API key not valid. invalid_api_key' }),
      'unauthorized',
    ],
    [
      'an unknown model',
      failure(404, { message: 'The model `x` does not exist', code: 'model_not_found' }),
      'unknown-model',
    ],
    [
      'an unknown model (Ollama)',
      failure(404, { message: 'model "x" not found, try pulling it first' }),
      'unknown-model',
    ],
    [
      'an unknown model with status 400 (DeepSeek)',
      failure(400, { message: 'Model Not Exist' }),
      'unknown-model',
    ],
    [
      'an unknown model with status 400 (OpenRouter)',
      failure(400, { message: 'x is not a valid model ID' }),
      'unknown-model',
    ],
    [
      'too long a context (OpenAI)',
      failure(400, {
        message: "This model's maximum context length is 8192 tokens.",
        code: 'context_length_exceeded',
      }),
      'context-overflow',
    ],
    [
      'too long a context (llama.cpp)',
      failure(400, {
        message: 'request (2009 tokens) exceeds the available context size',
        type: 'exceed_context_size_error',
      }),
      'context-overflow',
    ],
    [
      'too long a context (vLLM)',
      plain(
        400,
        JSON.stringify({
          object: 'error',
          message: 'This model has a maximum context length of 4096 tokens',
        }),
      ),
      'context-overflow',
    ],
    [
      'no tools (Ollama)',
      failure(400, { message: 'registry.ollama.ai/library/gemma does not support tools' }),
      'tools-unsupported',
    ],
    [
      'no tools (llama.cpp)',
      failure(500, { message: 'tools param requires --jinja flag', type: 'server_error' }),
      'tools-unsupported',
    ],
    [
      'no tools (vLLM)',
      failure(400, { message: '"auto" tool choice requires --enable-auto-tool-choice' }),
      'tools-unsupported',
    ],
    [
      'no quota',
      failure(429, { message: 'You exceeded your current quota', code: 'insufficient_quota' }),
      'no-credit',
    ],
    ['no balance', failure(402, { message: 'Insufficient Balance' }), 'no-credit'],
    ['too many requests', failure(429, { message: 'Rate limit reached' }), 'rate-limited'],
    [
      'a filtered prompt (Azure)',
      failure(400, {
        message: "triggering Azure OpenAI's content management policy",
        code: 'content_filter',
      }),
      'content-filtered',
    ],
    ['a broken field', failure(400, { message: "Field 'temperature': type must be number" }), 'bad-request'],
    [
      'a validation error (FastAPI)',
      plain(422, JSON.stringify({ detail: [{ loc: ['body'], msg: 'field required' }] })),
      'bad-request',
    ],
    ['a plain 400', plain(400, ''), 'bad-request'],
    ['a redirect', plain(301, '', { location: 'https://elsewhere.example' }), 'bad-request'],
    ['a crash', failure(500, { message: 'boom' }), 'server-error'],
    [
      "a proxy's page",
      plain(502, '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>'),
      'server-error',
    ],
    ['an overload', plain(529, 'overloaded'), 'server-error'],
  ];
  for (const [name, answer, reason] of answers) {
    test(`${name} is ${reason}`, async () => {
      const read = await fixture.ask([answer, answer]);
      const error = modelError(read);
      assert.equal(error.reason, reason);
      assert.deepEqual(read.parts, []);
      assert.doesNotMatch(error.serverMessage ?? '', /<|\n/);
    });
  }

  test('what the server said is kept, shortened, without the key that it echoes', async () => {
    for (const said of [
      `Incorrect API key provided: ${key}. ${'x'.repeat(1000)}`,
      `Bearer ${key}`,
      'sk-proj-Abc1***alue is wrong',
    ]) {
      const error = modelError(await fixture.ask([failure(401, { message: said })], { apiKey: key }));
      const told = `${error.message} ${error.serverMessage} ${String(error.stack)}`;
      assert.ok(!told.includes(key) && !told.includes('Abc1'), told);
      assert.ok((error.serverMessage ?? '').length < 320);
    }
    const broken = modelError(await fixture.ask([{ body: `data: ${key} is no JSON\n\n` }], { apiKey: key }));
    assert.ok(!broken.message.includes(key));
  });

  test('the wait that a server asks for is told, in seconds', async () => {
    const asked = async (
      headers: Record<string, string>,
      message = 'slow down',
    ): Promise<number | undefined> =>
      modelError(await fixture.ask([failure(429, { message }, headers)])).retryAfter;
    assert.equal(await asked({ 'retry-after': '17' }), 17);
    assert.equal(await asked({ 'retry-after-ms': '1500' }), 1.5);
    assert.equal(await asked({}, 'Please try again in 7.66s.'), 7.66);
    assert.equal(await asked({}, 'Please try again in 1m3s.'), 63);
    assert.equal(await asked({}), undefined);
    const date = await asked({ 'retry-after': new Date(Date.now() + 60_000).toUTCString() });
    assert.ok(date !== undefined && date > 50 && date <= 60);
  });

  suite('asks again', () => {
    const retryDelays = [1, 1];
    const requests = (): number => fixture.server.requests.length;

    test('when the server fails for the moment, before the first byte', async () => {
      const { text } = await fixture.ask([plainOf(503), plainOf(502), ok], { retryDelays });
      assert.deepEqual([text, requests()], ['Hi', 3]);
    });

    test('no more often than it was told to', async () => {
      const error = modelError(await fixture.ask(() => plainOf(503), { retryDelays }));
      assert.deepEqual([error.reason, requests()], ['server-error', 3]);
    });

    test('not when the same would happen again', async () => {
      for (const answer of [
        failure(500, { message: 'no such template' }),
        failure(400, { message: 'bad' }),
        failure(401, {}),
      ]) {
        await fixture.ask([answer, ok], { retryDelays });
        assert.equal(requests(), 1);
      }
    });

    test('once after a short retry-after, not after a long one, not when the quota is used up', async () => {
      const limited = (after: string, code = ''): ModelAnswer =>
        failure(429, { message: 'Rate limit', code }, { 'retry-after': after });
      const short = await fixture.ask([limited('0'), ok], { retryDelays });
      assert.deepEqual([short.text, requests()], ['Hi', 2]);
      await fixture.ask([limited('0'), limited('0'), ok], { retryDelays });
      assert.equal(requests(), 2);
      await fixture.ask([limited('30'), ok], { retryDelays });
      assert.equal(requests(), 1);
      await fixture.ask([limited('0', 'insufficient_quota'), ok], { retryDelays });
      assert.equal(requests(), 1);
    });

    test('without stream_options where they are refused, and never with them again', async () => {
      fixture.server.script(({ body }) =>
        'stream_options' in (body as object)
          ? failure(400, { message: 'Unknown parameter: stream_options' })
          : ok,
      );
      const model = fixture.model();
      assert.equal((await collect(model, asks('Hello'))).text, 'Hi');
      assert.equal((await collect(model, asks('Hello'))).text, 'Hi');
      assert.equal(requests(), 3);
    });

    test('under /v1 where the base URL was given without, and there from then on', async () => {
      fixture.server.script(({ path }) => (path.startsWith('/v1/') ? ok : plainOf(404)));
      const model = fixture.model({ baseUrl: fixture.server.baseUrl.replace(/\/v1$/, '') });
      assert.equal((await collect(model, asks('Hello'))).text, 'Hi');
      assert.equal((await collect(model, asks('Hello'))).text, 'Hi');
      assert.deepEqual(
        fixture.server.requests.map(({ path }) => path),
        ['/chat/completions', '/v1/chat/completions', '/v1/chat/completions'],
      );
    });

    function plainOf(status: number): ModelAnswer {
      return { status, headers: { 'content-type': 'text/plain' }, body: 'not now' };
    }
  });

  suite('cannot connect', () => {
    const unreachable = async (baseUrl: string): Promise<ModelErrorReason> =>
      modelError(await collect(fixture.model({ baseUrl, apiKey: 'k', retryDelays: [1] }), asks('Hi'))).reason;

    test('nothing listens', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as { port: number };
      await new Promise((resolve) => server.close(resolve));
      assert.equal(await unreachable(`http://127.0.0.1:${port}/v1`), 'unreachable');
      assert.equal(await unreachable(`https://127.0.0.1:${port}/v1`), 'unreachable');
    });

    test('the server speaks no HTTP, or no TLS, or hangs up', async () => {
      for (const greeting of ['220 smtp.example\r\n', '']) {
        const server = createServer(
          (socket) =>
            void socket
              .on('error', () => undefined)
              .resume()
              .end(greeting),
        ).listen(0, '127.0.0.1');
        await new Promise((resolve) => server.once('listening', resolve));
        const { port } = server.address() as { port: number };
        assert.equal(await unreachable(`http://127.0.0.1:${port}/v1`), 'unreachable');
        assert.equal(await unreachable(`https://127.0.0.1:${port}/v1`), 'unreachable');
        await new Promise((resolve) => server.close(resolve));
      }
    });

    test('the name does not resolve, or the base URL is none', async () => {
      assert.equal(await unreachable('http://no-such-host.invalid/v1'), 'unreachable');
      assert.equal(await unreachable('not a url'), 'unreachable');
      assert.equal(await unreachable(''), 'unreachable');
    });
  });

  suite('without a key', () => {
    test('a server on the internet is not asked at all', async () => {
      let asked = false;
      const fetch = (): Promise<Response> => ((asked = true), Promise.reject(new Error('no')));
      for (const apiKey of [undefined, '', '  ']) {
        const model = fixture.model({
          baseUrl: 'https://api.example.com/v1',
          fetch,
          ...(apiKey !== undefined && { apiKey }),
        });
        assert.equal(modelError(await collect(model, asks('Hi'))).reason, 'no-key');
      }
      assert.equal(asked, false);
    });

    test('a local server is asked', async () => {
      assert.equal((await fixture.ask([ok])).text, 'Hi');
    });
  });

  test('a key with characters that no header can carry is refused as a key', async () => {
    const error = modelError(await fixture.ask([ok], { apiKey: 'schlüssel 🔑' }));
    assert.deepEqual([error.reason, fixture.server.requests.length], ['unauthorized', 0]);
  });
});
