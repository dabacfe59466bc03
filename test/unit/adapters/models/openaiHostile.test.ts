import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { basicKey } from '../../../../src/adapters/models/authorization';
import { ModelError, type ModelErrorReason } from '../../../../src/core/errors';
import { asks, collect, type Collected } from '../../../support/collect';
import { chunk, event, failure, textAnswer } from '../../../support/modelAnswers';
import { ModelServer } from '../../../support/modelServer';
import { OpenAIFixture } from '../../../support/openaiFixture';

const key = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';

function reasonOf({ error }: Collected): ModelErrorReason {
  assert.ok(error instanceof ModelError, String(error));
  return error.reason;
}

suite('OpenAIChatModel and hostile servers', () => {
  const fixture = new OpenAIFixture();
  suiteSetup(() => fixture.open());
  suiteTeardown(() => fixture.close());

  test('JSON that never closes, line by line, is an answer that broke off', async () => {
    assert.equal(reasonOf(await fixture.ask([{ body: 'data: [\n'.repeat(4_000) }])), 'stream-ended');
  });

  test('endless lines of broken JSON are given up', async () => {
    const endless = function* (): Generator<string> {
      for (;;) yield 'data: [\n'.repeat(10_000);
    };
    assert.equal(reasonOf(await fixture.ask([{ body: endless() }])), 'stream-garbled');
  }).timeout(20_000);

  test('an event without an end, in small pieces, is given up', async () => {
    const endless = function* (): Generator<string> {
      yield 'data: "';
      for (;;) yield 'x'.repeat(100_000);
    };
    assert.equal(reasonOf(await fixture.ask([{ body: endless() }])), 'stream-garbled');
  });

  test('a page full of brackets as an error is no work', async () => {
    for (const body of ['<'.repeat(100_000), '<title'.repeat(16_000)]) {
      assert.equal(reasonOf(await fixture.ask([{ status: 400, body }])), 'bad-request');
    }
  });

  test('an endless error body is not waited for', async () => {
    const endless = function* (): Generator<string> {
      for (;;) yield 'x'.repeat(100_000);
    };
    assert.equal(reasonOf(await fixture.ask([{ status: 500, body: endless() }])), 'server-error');
  });

  test('thousands of tool calls are no answer', async () => {
    const call = (index: number): string =>
      chunk({ tool_calls: [{ index, id: `c${index}`, function: { name: 'f', arguments: '{}' } }] });
    const body = [...Array.from({ length: 5_000 }, (_, index) => call(index)), chunk({}, 'tool_calls')];
    const read = await fixture.ask([{ body }]);
    assert.deepEqual([reasonOf(read), read.calls], ['too-many-calls', []]);
  });

  test('values that are no text where text should be are passed over', async () => {
    const odd = event({
      object: { toString: 1 },
      model: { a: 1 },
      choices: [{ delta: { content: 'Hi' }, finish_reason: ['x'] }],
    });
    const { text, error } = await fixture.ask([{ body: [odd, chunk({}, 'constructor')] }]);
    assert.deepEqual([text, error], ['Hi', undefined]);
  });

  test('a status that no answer can have is a clear error', async () => {
    for (const [head, reason, said] of [
      ['999 Odd\r\ncontent-length: 2', 'stream-garbled', 'status 999'],
      ['600 Odd\r\ncontent-length: 2', 'stream-garbled', 'status 600'],
      ['101 Switching\r\nupgrade: x\r\nconnection: upgrade', 'unreachable', undefined],
    ] as const) {
      const sockets = new Set<Socket>();
      const server = createServer((socket) => {
        sockets.add(socket.on('error', () => undefined));
        socket.once('data', () => socket.write(`HTTP/1.1 ${head}\r\n\r\nhi`));
      }).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as { port: number };
      const read = await collect(fixture.model({ baseUrl: `http://127.0.0.1:${port}/v1` }), asks('Hi'));
      assert.equal(reasonOf(read), reason, head);
      assert.equal((read.error as ModelError).serverMessage, said);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test('a redirect is refused: the prompt goes to the chosen server alone', async () => {
    const other = await ModelServer.start(() => textAnswer('evil'));
    for (const fetch of [undefined, (url: string, init: RequestInit) => globalThis.fetch(url, init)]) {
      for (const status of [301, 302, 307, 308]) {
        fixture.server.script([
          { status, headers: { location: `${other.baseUrl}/chat/completions` }, body: '' },
        ]);
        const read = await collect(fixture.model({ apiKey: key, ...(fetch && { fetch }) }), asks('Hi'));
        assert.equal(reasonOf(read), 'bad-request');
      }
    }
    assert.equal(other.requests.length, 0);
    await other.close();
  });

  test('the key that a server echoes, whole, in part or encoded, is nowhere', async () => {
    const echoes = [
      key,
      key.toUpperCase(),
      key.slice(0, 20),
      key.slice(9),
      btoa(key),
      btoa(`:${key}`),
      Buffer.from(key).toString('hex'),
    ];
    for (const echo of echoes) {
      const { error } = await fixture.ask([failure(401, { message: `The key ${echo} is wrong` })], {
        apiKey: key,
      });
      assert.ok(error instanceof ModelError);
      assert.equal(error.serverMessage, 'The key [key removed] is wrong');
      assert.ok(!`${error.message} ${String(error.stack)}`.includes(echo));
    }
    const named = await fixture.ask([textAnswer('Hi', { model: `gpt-${key}` })], { apiKey: key });
    assert.ok(named.finish && named.finish.model === undefined);
  });

  test('a password in the base URL goes as a password, and into no message', async () => {
    const baseUrl = fixture.server.baseUrl
      .replace('http://', 'http://ada:s3cret-word@')
      .concat('?api-version=7');
    fixture.server.script([textAnswer('Hi'), failure(401, { message: 'Wrong password s3cret-word' })]);
    const model = fixture.model({ baseUrl });
    assert.equal((await collect(model, asks('Hi'))).text, 'Hi');
    const [request] = fixture.server.requests;
    assert.equal(request?.headers.authorization, `Basic ${btoa('ada:s3cret-word')}`);
    assert.equal(request.path, '/v1/chat/completions?api-version=7');
    const { error } = await collect(model, asks('Hi'));
    assert.ok(
      error instanceof ModelError && !`${error.message}${String(error.serverMessage)}`.includes('s3cret'),
    );
    const token = fixture.server.baseUrl.replace('http://', 'http://t0ken-alone@');
    const echoed = await fixture.ask([failure(401, { message: 'Unknown t0ken-alone' })], { baseUrl: token });
    assert.ok(echoed.error instanceof ModelError && !String(echoed.error.serverMessage).includes('t0ken'));
  });

  test('a user and password kept as the key go as such', async () => {
    await fixture.ask([textAnswer('Hi')], { apiKey: basicKey('ada:s3cret-word') });
    assert.equal(fixture.server.requests[0]?.headers.authorization, `Basic ${btoa('ada:s3cret-word')}`);
    const { error } = await fixture.ask([failure(401, { message: 'Wrong password s3cret-word' })], {
      apiKey: basicKey('ada:s3cret-word'),
    });
    assert.ok(error instanceof ModelError && !String(error.serverMessage).includes('s3cret'));
  });

  test('without a key nothing is sent in its place', async () => {
    await fixture.ask([textAnswer('Hi')]);
    assert.equal(fixture.server.requests[0]?.headers.authorization, undefined);
  });
});
