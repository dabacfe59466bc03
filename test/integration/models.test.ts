import assert from 'node:assert/strict';
import { chunk, failure, held, textAnswer, toolCallAnswer } from '../support/modelAnswers';
import { ModelServer, type ModelAnswer } from '../support/modelServer';
import { ask, askParticipant, history, run, withSettings } from './support/throughline';

const secret = 'sk-test-0123456789abcdefghijklmnop';

suite('a connected model', () => {
  let server: ModelServer;
  const connected = <T>(action: () => Promise<T>): Promise<T> =>
    withSettings(
      { 'model.provider': 'openai', 'model.baseUrl': server.baseUrl, 'model.name': 'scripted' },
      action,
    );
  const sent = (n: number): { messages: { role: string; content: string }[]; tools?: unknown[] } =>
    server.chats[n]?.body as never;

  suiteSetup(async () => (server = await ModelServer.start()));
  suiteTeardown(() => server.close());
  setup(() => run('newSession', {}));

  test('calls a tool, gets the result, and answers with its usage', async () => {
    server.script([
      toolCallAnswer([{ name: 'calculator', arguments: { expression: '6 * 7' } }], {
        usage: { prompt_tokens: 20, completion_tokens: 5 },
      }),
      textAnswer('It is **42**.', { usage: { prompt_tokens: 30, completion_tokens: 6 } }),
    ]);
    const answer = await connected(() => ask('What is 6 times 7?'));
    assert.equal(answer.text, 'It is **42**.');
    assert.deepEqual(
      answer.toolCalls.map(({ name, result }) => ({ name, result })),
      [{ name: 'calculator', result: '42' }],
    );
    assert.deepEqual(answer.usage, { prompt_tokens: 50, completion_tokens: 11 });
    assert.deepEqual(
      sent(1)
        .messages.slice(1)
        .map(({ role }) => role),
      ['user', 'assistant', 'tool'],
    );
  });

  test('the key is kept in secret storage, sent to the endpoint, and shown nowhere', async () => {
    server.script(() => textAnswer('hi'));
    await connected(async () => {
      await run('setApiKey', { key: secret });
      await ask('hello');
      assert.equal(server.chats[0]?.headers.authorization, `Bearer ${secret}`);
      server.script([failure(401, { message: `Incorrect API key provided: ${secret}` })]);
      const refused = await ask('again');
      assert.equal(refused.error?.reason, 'unauthorized');
      assert.ok(!JSON.stringify(refused).includes(secret));
      assert.ok(!JSON.stringify(await history()).includes(secret));
      await run('setApiKey', { key: '' });
    });
  });

  const failures: readonly (readonly [string, ModelAnswer, string])[] = [
    ['a wrong key', failure(401, { message: 'no' }), 'unauthorized'],
    [
      'an unknown model',
      failure(404, { message: 'no such model', code: 'model_not_found' }),
      'unknown-model',
    ],
    ['too many requests', failure(429, { message: 'slow down' }, { 'retry-after': '30' }), 'rate-limited'],
    [
      'a stream that ends mid-word',
      { body: [chunk({ content: 'Half an ans' })], after: 'break' },
      'stream-ended',
    ],
    [
      'garbage in the stream',
      { body: ['data: {"choices": [{"del\n\n', 'data: nonsense\n\n'] },
      'stream-garbled',
    ],
  ];
  for (const [what, answer, reason] of failures) {
    test(`${what}: the prompt is kept as failed with a clear sentence, and the next prompt works`, async () => {
      await connected(async () => {
        server.script([answer, textAnswer('fine now')]);
        const failed = await ask('first');
        assert.equal(failed.status, 'failed');
        assert.equal(failed.error?.reason, reason);
        assert.ok(failed.error.message.length > 20);
        assert.equal((await ask('second')).text, 'fine now');
        assert.deepEqual(
          (await history()).turns.map(({ status }) => status),
          ['failed', 'complete'],
        );
      });
    });
  }

  test('where nothing listens, the sentence says so', async () => {
    const settings = {
      'model.provider': 'openai',
      'model.baseUrl': 'http://127.0.0.1:9/v1',
      'model.name': 'x',
    };
    const failed = await withSettings(settings, () => ask('anyone?'));
    assert.equal(failed.error?.reason, 'unreachable');
    assert.match(failed.error.message, /cannot be reached/);
  });

  test('bad tool arguments and an unknown tool go back to the model, which can try otherwise', async () => {
    server.script([
      toolCallAnswer([
        { id: 'a', name: 'calculator', arguments: '{"expression": ' },
        { id: 'b', name: 'calculator', arguments: { wrong: 1 } },
        { id: 'c', name: 'launch_rocket', arguments: {} },
      ]),
      textAnswer('sorry'),
    ]);
    const answer = await connected(() => ask('go'));
    assert.equal(answer.status, 'complete');
    assert.ok(answer.toolCalls.every(({ result }) => result.startsWith('Error: ')));
    assert.equal(sent(1).messages.filter(({ role }) => role === 'tool').length, 3);
  });

  test('a model that streams slowly can be stopped from the chat, keeping what was shown', async () => {
    let reached = (): void => undefined;
    server.script(() => {
      reached();
      return {
        body: held([chunk({ role: 'assistant', content: 'So far' })], new Promise(() => undefined), []),
      };
    });
    await connected(async () => {
      const begun = new Promise<void>((resolve) => (reached = resolve));
      const asked = ask('tell me a story');
      await begun;
      await run('stop');
      const turn = await asked;
      assert.equal(turn.status, 'stopped');
    });
  });

  test('the participant answers with the connected model, through the session', async () => {
    server.script([textAnswer('from the endpoint')]);
    const { metadata } = await connected(() => askParticipant('hello there'));
    assert.equal(metadata?.['status'], 'complete');
    assert.equal((await history()).turns[0]?.messages.at(-1)?.content, 'from the endpoint');
  });

  test('strategy "none" sends each prompt alone and stores nothing', async () => {
    const stored = await run<unknown[]>('sessions');
    server.script(() => textAnswer('ok'));
    await connected(() =>
      withSettings({ 'memory.strategy': 'none' }, async () => {
        assert.equal((await ask('first')).text, 'ok');
        assert.equal((await ask('second')).text, 'ok');
        assert.deepEqual(
          sent(1).messages.map(({ role, content }) => (role === 'user' ? content : role)),
          ['system', 'second'],
        );
      }),
    );
    assert.deepEqual(await run('sessions'), stored);
  });

  test('strategy "session" remembers in memory and stores nothing', async () => {
    const stored = await run<unknown[]>('sessions');
    server.script(() => textAnswer('ok'));
    await connected(() =>
      withSettings({ 'memory.strategy': 'session' }, async () => {
        assert.equal((await ask('first')).text, 'ok');
        assert.equal((await ask('second')).text, 'ok');
        assert.equal(sent(1).messages.filter(({ role }) => role === 'user').length, 2);
        await run('clearMemory', { scope: 'workspace', confirm: true });
      }),
    );
    assert.deepEqual(await run('sessions'), stored);
  });
});
