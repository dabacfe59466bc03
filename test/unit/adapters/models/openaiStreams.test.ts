import assert from 'node:assert/strict';
import { ModelError } from '../../../../src/core/errors';
import { chunk, done, dripped, event, textAnswer, toolCallAnswer } from '../../../support/modelAnswers';
import { OpenAIFixture } from '../../../support/openaiFixture';

suite('OpenAIChatModel reads what servers stream', () => {
  const fixture = new OpenAIFixture();
  suiteSetup(() => fixture.open());
  suiteTeardown(() => fixture.close());

  const call = (id: string | undefined, name: string, args: unknown, index?: number): unknown => ({
    ...(index !== undefined && { index }),
    ...(id !== undefined && { id }),
    function: { name, arguments: args },
  });
  const calls = (...list: unknown[]): string => chunk({ tool_calls: list });

  test('text, usage and the name that the server gives its model', async () => {
    const usage = { prompt_tokens: 12, completion_tokens: 3 };
    const { text, finish } = await fixture.ask([textAnswer('Grüße, 東京 👩‍👩‍👧!', { usage, model: 'gpt-x' })]);
    assert.equal(text, 'Grüße, 東京 👩‍👩‍👧!');
    assert.deepEqual(finish, { type: 'finish', reason: 'stop', usage, model: 'gpt-x' });
  });

  test('characters and events that arrive byte by byte', async () => {
    const { text } = await fixture.ask([
      { body: dripped([chunk({ content: 'ü東👩‍👧' }), chunk({}, 'stop'), done].join('')) },
    ]);
    assert.equal(text, 'ü東👩‍👧');
  });

  test('tool calls: several, in pieces, with text before', async () => {
    const answer = toolCallAnswer([
      { id: 'a', name: 'one', arguments: { x: 1 } },
      { id: 'b', name: 'two', arguments: {} },
    ]);
    const body = [chunk({ content: 'Let me see.' }), ...(answer.body as string[])];
    const { text, calls: read, finish } = await fixture.ask([{ body }]);
    assert.equal(text, 'Let me see.');
    assert.equal(finish?.reason, 'tool-calls');
    assert.deepEqual(read, [
      { id: 'a', type: 'function', function: { name: 'one', arguments: '{"x":1}' } },
      { id: 'b', type: 'function', function: { name: 'two', arguments: '{}' } },
    ]);
  });

  const shapes: readonly (readonly [string, readonly string[], readonly (readonly [string, string])[]])[] = [
    [
      'sent whole, all with index 0',
      [calls(call('a', 'f', '{"x":1}', 0)), calls(call('b', 'g', '{}', 0))],
      [
        ['f', '{"x":1}'],
        ['g', '{}'],
      ],
    ],
    [
      'without index',
      [calls(call('a', 'f', '{"x"')), calls(call(undefined, '', ':1}')), calls(call('b', 'g', '{}'))],
      [
        ['f', '{"x":1}'],
        ['g', '{}'],
      ],
    ],
    [
      'without index and id, sent whole',
      [calls(call(undefined, 'f', '{}'), call(undefined, 'f', '{}'))],
      [
        ['f', '{}'],
        ['f', '{}'],
      ],
    ],
    ['arguments as an object', [calls(call('a', 'f', { x: [1] }, 0))], [['f', '{"x":[1]}']]],
    ['no arguments at all', [calls({ index: 0, id: 'a', function: { name: 'f' } })], [['f', '']]],
    ['arguments null', [calls(call('a', 'f', null, 0))], [['f', '']]],
    [
      'the name in each piece',
      [calls(call('a', 'f', '{"x"', 0)), calls(call('a', 'f', ':1}', 0))],
      [['f', '{"x":1}']],
    ],
    [
      'the name in two pieces',
      [calls(call('a', 'get_', '', 0)), calls(call(undefined, 'x', '{}', 0))],
      [['get_x', '{}']],
    ],
    [
      'pieces that take turns',
      [
        calls(call('a', 'f', '{', 0), call('b', 'g', '{', 1)),
        calls(call(undefined, '', '}', 0)),
        calls(call(undefined, '', '}', 1)),
      ],
      [
        ['f', '{}'],
        ['g', '{}'],
      ],
    ],
    [
      'the old function_call',
      [chunk({ function_call: { name: 'f', arguments: '{' } }), chunk({ function_call: { arguments: '}' } })],
      [['f', '{}']],
    ],
    [
      'the same id twice',
      [calls(call('a', 'f', '{}', 0), call('a', 'g', '{}', 1))],
      [
        ['f', '{}'],
        ['g', '{}'],
      ],
    ],
  ];
  for (const [name, body, expected] of shapes) {
    test(`tool calls: ${name}`, async () => {
      const {
        calls: read,
        finish,
        error,
      } = await fixture.ask([{ body: [...body, chunk({}, 'stop'), done] }]);
      assert.equal(error, undefined);
      assert.deepEqual(
        read.map(({ function: { name: called, arguments: args } }) => [called, args]),
        expected,
      );
      assert.equal(finish?.reason, 'tool-calls');
      const ids = read.map(({ id }) => id);
      assert.ok(ids.every((id) => id !== '') && new Set(ids).size === ids.length, `ids ${ids.join()}`);
    });
  }

  test('reasoning is told apart from the answer, whatever its field is called', async () => {
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'c' }] };
    const body = [
      chunk({ reasoning_content: 'a', content: null }),
      chunk({ reasoning: 'b' }),
      chunk({ content: [thinking, { type: 'text', text: 'Answer' }] }),
      chunk({ content: [{ type: 'text', text: '.' }] }, 'stop'),
    ];
    const { text, reasoning } = await fixture.ask([{ body: [...body, done] }]);
    assert.deepEqual([text, reasoning], ['Answer.', 'abc']);
  });

  test('only the first of several choices is read', async () => {
    const other = event({ choices: [{ index: 1, delta: { content: 'Other' }, finish_reason: 'length' }] });
    const { text, finish } = await fixture.ask([
      { body: [other, chunk({ content: 'Mine' }), other, chunk({}, 'stop'), other, done] },
    ]);
    assert.deepEqual([text, finish?.reason], ['Mine', 'stop']);
  });

  test('usage where Groq and DeepSeek put it', async () => {
    const groq = event({ choices: [], x_groq: { usage: { prompt_tokens: 3, completion_tokens: 2 } } });
    const deepseek = event({
      choices: [],
      usage: { prompt_tokens: 5, completion_tokens: 4, prompt_cache_hit_tokens: 1 },
    });
    const first = await fixture.ask([{ body: [chunk({ content: 'x' }, 'stop'), groq, done] }]);
    assert.deepEqual(first.finish?.usage, { prompt_tokens: 3, completion_tokens: 2 });
    const second = await fixture.ask([{ body: [chunk({ content: 'x' }, 'stop'), deepseek, done] }]);
    assert.deepEqual(second.finish?.usage, { prompt_tokens: 5, completion_tokens: 4, cached_tokens: 1 });
  });

  const whole = {
    choices: [{ message: { role: 'assistant', content: 'All at once' }, finish_reason: 'stop' }],
  };
  const tolerated: readonly (readonly [string, string | readonly string[], string])[] = [
    ['[DONE] without a finish reason', [chunk({ content: 'Hi' }), done], 'Hi'],
    ['a finish reason without [DONE]', [chunk({ content: 'Hi' }), chunk({}, 'stop')], 'Hi'],
    [
      'comments and keep-alives',
      [': PROCESSING\n\n', ':\n', chunk({ content: 'Hi' }), ': ping\n\n', chunk({}, 'stop')],
      'Hi',
    ],
    ['CRLF', [chunk({ content: 'Hi' }), chunk({}, 'stop'), done].join('').replaceAll('\n', '\r\n'), 'Hi'],
    ['CR alone', [chunk({ content: 'Hi' }), chunk({}, 'stop'), done].join('').replaceAll('\n', '\r'), 'Hi'],
    [
      'no blank lines',
      [chunk({ content: 'Hi' }), chunk({}, 'stop'), done].join('').replaceAll('\n\n', '\n'),
      'Hi',
    ],
    [
      'many blank lines',
      [chunk({ content: 'Hi' }), chunk({}, 'stop'), done].join('').replaceAll('\n\n', '\n\n\n\n'),
      'Hi',
    ],
    [
      'no space after data:',
      [chunk({ content: 'Hi' }), chunk({}, 'stop'), done].join('').replaceAll('data: ', 'data:'),
      'Hi',
    ],
    ['a byte order mark', ['\uFEFF', chunk({ content: 'Hi' }), chunk({}, 'stop'), done], 'Hi'],
    ['no newline at the very end', [chunk({ content: 'Hi' }), chunk({}, 'stop').trimEnd()], 'Hi'],
    [
      'events with names and ids',
      [`event: message\nid: 1\n${chunk({ content: 'Hi' })}`, chunk({}, 'stop')],
      'Hi',
    ],
    [
      'one event over several data lines',
      ['data: {"choices":\ndata: [{"delta":{"content":"Hi"},\ndata: "finish_reason":"stop"}]}\n\n'],
      'Hi',
    ],
    ['anything after [DONE]', [chunk({ content: 'Hi' }, 'stop'), done, 'what else\n\n'], 'Hi'],
    ['a whole completion instead of a stream', JSON.stringify(whole), 'All at once'],
    ['a whole completion, pretty-printed', JSON.stringify(whole, null, 2), 'All at once'],
    [
      'bare JSON lines',
      `${JSON.stringify({ choices: [{ delta: { content: 'Hi' } }] })}\n${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })}\n`,
      'Hi',
    ],
    ['a refusal', [chunk({ refusal: 'I will not.' }, 'stop'), done], 'I will not.'],
  ];
  for (const [name, body, expected] of tolerated) {
    test(`tolerates ${name}`, async () => {
      const { text, error, finish } = await fixture.ask([{ body }]);
      assert.equal(error, undefined);
      assert.deepEqual([text, finish?.reason], [expected, 'stop']);
    });
  }

  test('a connection that breaks or falls silent after the finish takes nothing away', async () => {
    const body = [chunk({ content: 'Hi' }), chunk({}, 'stop')];
    for (const after of ['break', 'hang'] as const) {
      const { text, error } = await fixture.ask([{ body, after }], { timeouts: { afterFinish: 50 } });
      assert.deepEqual([text, error], ['Hi', undefined]);
    }
  });

  const broken: readonly (readonly [string, string | readonly string[], string, string])[] = [
    ['ends in the middle of a word', [chunk({ content: 'Hel' })], 'Hel', 'stream-ended'],
    [
      'ends in the middle of an event',
      [chunk({ content: 'Hel' }), chunk({ content: 'lo' }).slice(0, 40)],
      'Hel',
      'stream-ended',
    ],
    [
      'ends inside of a tool call',
      [chunk({ content: 'Hel' }), calls(call('a', 'f', '{"x"', 0))],
      'Hel',
      'stream-ended',
    ],
    ['is empty', [], '', 'stream-ended'],
    [
      'holds garbage',
      [chunk({ content: 'Hel' }), 'data: {"choices": oops\n\n', chunk({ content: 'lo' }, 'stop')],
      'Hel',
      'stream-garbled',
    ],
    ['is a web page', ['<!doctype html><title>Sign in</title>\n<p>Welcome\n'], '', 'stream-garbled'],
    [
      'reports an error',
      [chunk({ content: 'Hel' }), event({ error: { message: 'overloaded', code: 503 } })],
      'Hel',
      'server-error',
    ],
    [
      'reports an error by event name',
      [chunk({ content: 'Hel' }), 'event: error\ndata: {"message":"boom"}\n\n'],
      'Hel',
      'server-error',
    ],
    [
      "reports llama.cpp's error line",
      [chunk({ content: 'Hel' }), 'error: {"code":500,"message":"boom"}\n\n'],
      'Hel',
      'server-error',
    ],
    [
      'reports a rate limit',
      [event({ error: { message: 'Rate limit reached', code: 'rate_limit_exceeded' } })],
      '',
      'rate-limited',
    ],
    [
      'is an error with status 200',
      JSON.stringify({ error: { message: 'model not found', code: 'model_not_found' } }),
      '',
      'unknown-model',
    ],
    [
      "ends with OpenRouter's error",
      [chunk({ content: 'Hel' }), chunk({}, 'error'), done],
      'Hel',
      'server-error',
    ],
    [
      'says nothing',
      [chunk({ role: 'assistant', content: '' }), chunk({}, 'stop'), done],
      '',
      'empty-answer',
    ],
    ['only thinks', [chunk({ reasoning_content: 'Hm' }), chunk({}, 'stop'), done], '', 'empty-answer'],
    [
      'thinks until the length limit',
      [chunk({ reasoning: 'Hm' }), chunk({}, 'length'), done],
      '',
      'length-limit',
    ],
    [
      'is cut by the length limit inside of a tool call',
      [calls(call('a', 'f', '{"x"', 0)), chunk({}, 'length'), done],
      '',
      'length-limit',
    ],
    ['is filtered', [chunk({}, 'content_filter'), done], '', 'content-filtered'],
  ];
  for (const [name, body, text, reason] of broken) {
    test(`a stream that ${name} is ${reason}; what had arrived was yielded`, async () => {
      const read = await fixture.ask([{ body }]);
      assert.ok(read.error instanceof ModelError, String(read.error));
      assert.deepEqual([read.text, read.error.reason, read.finish], [text, reason, undefined]);
      assert.equal(fixture.server.requests.length, 1, 'no request is repeated once the answer has begun');
    });
  }

  test('a connection that breaks in the middle is stream-ended', async () => {
    const { text, error } = await fixture.ask([{ body: [chunk({ content: 'Hel' })], after: 'break' }]);
    assert.ok(error instanceof ModelError);
    assert.deepEqual([text, error.reason], ['Hel', 'stream-ended']);
  });
});
