import assert from 'node:assert/strict';
import type { ModelRequest } from '../../../../src/core/chatModel';
import type { Message } from '../../../../src/core/message';
import { chunk, done, failure, textAnswer } from '../../../support/modelAnswers';
import { asks, collect } from '../../../support/collect';
import { OpenAIFixture } from '../../../support/openaiFixture';

interface SentBody {
  readonly model: string;
  readonly stream: boolean;
  readonly messages: readonly Record<string, unknown>[];
  readonly tools?: readonly unknown[];
}

suite('OpenAIChatModel sends', () => {
  const fixture = new OpenAIFixture();
  suiteSetup(() => fixture.open());
  suiteTeardown(() => fixture.close());

  const sent = (n = 0): SentBody => fixture.server.requests[n]?.body as SentBody;
  const called = (args: string, result = 'r'): readonly Message[] => [
    { role: 'user', content: 'q' },
    {
      role: 'assistant',
      content: '',
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: args } }],
    },
    { role: 'tool', content: result, tool_call_id: 'c1' },
  ];

  test("OpenAI's fields alone", async () => {
    fixture.server.script([textAnswer('Hi')]);
    const stored: readonly Message[] = [
      { role: 'system', content: 'Be brief.', id: 't.0', createdAt: '2026-01-01T00:00:00Z' },
      ...called('{"x":1}').map((message, n) => ({
        ...message,
        id: `t.${n}`,
        createdAt: '2026-01-01T00:00:00Z',
      })),
      { role: 'assistant', content: 'Done.' },
      { role: 'user', content: 'Next', name: 'ada' },
    ];
    const parameters = { type: 'object', properties: {} };
    const request: ModelRequest = { messages: stored, tools: [{ name: 'f', description: 'd', parameters }] };
    await collect(fixture.model({ model: 'gpt-x' }), request);
    assert.deepEqual(sent(), {
      model: 'gpt-x',
      stream: true,
      stream_options: { include_usage: true },
      tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters } }],
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'q' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
        },
        { role: 'tool', content: 'r', tool_call_id: 'c1' },
        { role: 'assistant', content: 'Done.' },
        { role: 'user', content: 'Next', name: 'ada' },
      ],
    });
  });

  test('no empty list of tools', async () => {
    await fixture.ask([textAnswer('Hi')]);
    assert.ok(!('tools' in sent()));
  });

  test('the key, and nothing about this machine', async () => {
    process.env.OPENAI_CUSTOM_HEADERS = 'x-spy: 1';
    process.env.OPENAI_ORG_ID = 'org';
    try {
      await fixture.ask([textAnswer('Hi')], { apiKey: ' sk-test \n' });
    } finally {
      delete process.env.OPENAI_CUSTOM_HEADERS;
      delete process.env.OPENAI_ORG_ID;
    }
    const headers = fixture.server.requests[0]?.headers ?? {};
    assert.equal(headers.authorization, 'Bearer sk-test');
    const known = [
      'accept',
      'authorization',
      'connection',
      'content-length',
      'content-type',
      'host',
      'transfer-encoding',
      'user-agent',
    ];
    assert.deepEqual(
      Object.keys(headers).filter((name) => !known.includes(name)),
      [],
    );
  });

  test('to the base URL as people paste it', async () => {
    for (const end of ['', '/', '/chat/completions', '/chat/completions/']) {
      fixture.server.script([textAnswer('Hi')]);
      const { text } = await collect(
        fixture.model({ baseUrl: ` ${fixture.server.baseUrl}${end} ` }),
        asks('Hi'),
      );
      assert.equal(text, 'Hi');
      assert.equal(fixture.server.requests[0]?.path, '/v1/chat/completions');
    }
  });

  test('arguments that are no JSON object as the value of one, so that no server refuses the history', async () => {
    const argumentsSent = async (args: string): Promise<unknown> => {
      fixture.server.script([textAnswer('Hi')]);
      await collect(fixture.model(), { messages: called(args), tools: [] });
      const [call] = sent().messages[1]?.tool_calls as { function: { arguments: string } }[];
      return JSON.parse(call?.function.arguments ?? '');
    };
    assert.deepEqual(await argumentsSent(''), {});
    assert.deepEqual(await argumentsSent('null'), {});
    assert.deepEqual(await argumentsSent('{"x": 1'), { not_a_json_object: '{"x": 1' });
    assert.deepEqual(await argumentsSent('[1]'), { not_a_json_object: '[1]' });
    assert.deepEqual(await argumentsSent('{"x": 1}'), { x: 1 });
  });

  suite('reasoning', () => {
    const thinks = [
      chunk({ reasoning_content: 'I need ' }),
      chunk({ reasoning_content: 'f.' }),
      chunk({ tool_calls: [{ index: 0, id: 'other-id', function: { name: 'f', arguments: '{"x":1}' } }] }),
      chunk({}, 'tool_calls'),
      done,
    ];

    test('goes back with the tool calls that it led to, and nowhere else', async () => {
      fixture.server.script([{ body: thinks }, textAnswer('Hi'), textAnswer('Hi')]);
      const model = fixture.model();
      await collect(model, asks('q'));
      await collect(model, {
        messages: [...called('{"x":1}'), { role: 'assistant', content: 'A' }],
        tools: [],
      });
      await collect(model, { messages: called('{"x":2}'), tools: [] });
      assert.deepEqual(
        sent(1).messages.map((message) => message.reasoning_content),
        [undefined, 'I need f.', undefined, undefined],
      );
      assert.deepEqual(
        sent(2).messages.map((message) => message.reasoning_content),
        [undefined, undefined, undefined],
      );
    });

    test('that is gone is sent empty to a server that insists', async () => {
      const insists = failure(400, {
        message: 'The `reasoning_content` in the thinking mode must be passed back to the API.',
      });
      fixture.server.script([insists, textAnswer('Hi'), insists]);
      const model = fixture.model();
      const { text } = await collect(model, { messages: called('{}'), tools: [] });
      assert.equal(text, 'Hi');
      assert.equal(sent(1).messages[1]?.reasoning_content, '');
      const { error } = await collect(model, { messages: called('{}'), tools: [] });
      assert.match(String(error), /reasoning_content/, 'it gives in once');
    });
  });
});
