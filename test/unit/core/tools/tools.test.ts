import assert from 'node:assert/strict';
import { object, optional, string } from 'zod/mini';
import type { ToolCall } from '../../../../src/core/message';
import { calculatorTool } from '../../../../src/core/tools/calculator';
import { currentTimeTool } from '../../../../src/core/tools/currentTime';
import { defineTool, type ToolContext } from '../../../../src/core/tools/tool';
import { ToolRegistry, type ToolResult } from '../../../../src/core/tools/toolRegistry';

const context: ToolContext = { sessionId: 's', turnId: 't', signal: new AbortController().signal };
const trusted = { trusted: () => true };
const called = (name: string, args: string): ToolCall => ({
  id: 'c',
  type: 'function',
  function: { name, arguments: args },
});

suite('tools', () => {
  const echo = defineTool({
    name: 'echo',
    description: 'Says it again',
    schema: object({ text: optional(string()) }),
    run: ({ text }) => `said ${text ?? 'nothing'}`,
  });
  const call = (name: string, args: string): Promise<ToolResult> =>
    new ToolRegistry([echo, calculatorTool()], trusted).call(called(name, args), context);

  test('arguments are read in all the ways that models write them', async () => {
    for (const args of ['', ' ', '{}', 'null'])
      assert.equal((await call('echo', args)).content, 'said nothing');
    assert.equal((await call('echo', '{"text":"a"}')).content, 'said a');
    assert.equal((await call('echo', JSON.stringify('{"text":"a"}'))).content, 'said a');
  });

  test('arguments that are no JSON, or do not fit, are a result that says so', async () => {
    for (const args of ['{"text":', 'text', '"text"', '[1]', '7', '{"text":7}']) {
      const { content, failed } = await call('echo', args);
      assert.ok(failed);
      assert.match(content, /^Error: The arguments of echo (are not JSON|do not fit)/);
    }
  });

  test('an unknown tool is a result that names the known ones', async () => {
    const { content, failed } = await call('nope', '{}');
    assert.deepEqual([content, failed], ['Error: There is no tool "nope". Tools: echo, calculator.', true]);
  });

  test('a schema is told to the model as plain JSON Schema', () => {
    assert.deepEqual(calculatorTool().definition.parameters, {
      type: 'object',
      properties: {
        expression: {
          type: 'string',
          minLength: 1,
          maxLength: 1000,
          description: 'For example "12 * (3 + 4)".',
        },
      },
      required: ['expression'],
    });
  });

  test('the calculator gives the value alone, or the reason why there is none', async () => {
    assert.deepEqual(await call('calculator', '{"expression":"5 + 10"}'), { content: '15', failed: false });
    assert.deepEqual(await call('calculator', '{"expression":"1/0"}'), {
      content: 'Error: Division by zero.',
      failed: true,
    });
  });

  test('the time is told in ISO 8601 and in words, in any time zone, through the change of clocks', async () => {
    const at = (iso: string, args: object = {}): Promise<string> =>
      currentTimeTool({ clock: () => new Date(iso), timeZone: 'Europe/Berlin' }).run(args, context);
    assert.equal(
      await at('2026-05-12T12:03:09Z'),
      '2026-05-12T14:03:09+02:00\nTuesday, 12 May 2026, 14:03:09 in Europe/Berlin (UTC+02:00)',
    );
    assert.match(await at('2026-03-29T00:59:59Z'), /^2026-03-29T01:59:59\+01:00/);
    assert.match(await at('2026-03-29T01:00:00Z'), /^2026-03-29T03:00:00\+02:00/);
    assert.match(
      await at('2026-12-31T23:30:00Z', { timeZone: 'Asia/Kolkata' }),
      /^2027-01-01T05:00:00\+05:30/,
    );
    assert.match(await at('2026-05-12T00:00:00Z', { timeZone: 'UTC' }), /^2026-05-12T00:00:00\+00:00/);
    await assert.rejects(
      at('2026-05-12T00:00:00Z', { timeZone: 'Mars/Base' }),
      /"Mars\/Base" is not an IANA time zone/,
    );
  });
});
