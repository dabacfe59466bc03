import assert from 'node:assert/strict';
import fc from 'fast-check';
import { object } from 'zod/mini';
import {
  interruptedResult,
  runAgentLoop,
  type LoopEvent,
  type LoopOptions,
} from '../../../src/core/agentLoop';
import type { ModelPart } from '../../../src/core/chatModel';
import { ModelError, reasonOf } from '../../../src/core/errors';
import { unansweredToolCalls, type Message } from '../../../src/core/message';
import { describeError } from '../../../src/core/userMessage';
import { defineTool } from '../../../src/core/tools/tool';
import { ToolRegistry } from '../../../src/core/tools/toolRegistry';
import { calls, says, ScriptedModel, type ScriptStep } from '../../support/scriptedModel';
import { echoTool } from '../../support/sessionSetup';

const failing = defineTool({
  name: 'failing',
  description: 'Fails',
  schema: object({}),
  run: () => Promise.reject(new Error('no such city')),
});
const hanging = defineTool({
  name: 'hanging',
  description: 'Never ends, and does not heed its signal',
  schema: object({}),
  run: () => new Promise<string>(() => undefined),
});

function options(
  model: ScriptedModel,
  more: Partial<LoopOptions> = {},
): LoopOptions & { events: LoopEvent[] } {
  const events: LoopEvent[] = [];
  return {
    model,
    tools: new ToolRegistry([echoTool, failing, hanging], { trusted: () => true }),
    turnId: 'turn',
    sessionId: 'session',
    prompt: { role: 'user', content: 'hello' },
    stepLimit: 5,
    signal: new AbortController().signal,
    clock: () => new Date(0),
    request: (current) => ({ messages: [...current], tools: [] }),
    emit: (event) => events.push(event),
    events,
    ...more,
  };
}

const roles = (messages: readonly Message[]): string => messages.map(({ role }) => role).join(' ');

suite('agent loop', () => {
  test('a plain answer is one assistant message', async () => {
    const outcome = await runAgentLoop(options(new ScriptedModel(says('Hi there'))));
    assert.equal(outcome.status, 'complete');
    assert.equal(roles(outcome.messages), 'user assistant');
    assert.equal(outcome.messages[1]?.content, 'Hi there');
    assert.deepEqual(outcome.usage, { prompt_tokens: 10, completion_tokens: 2 });
  });

  test("a tool's result goes back to the model, and usage adds up over the requests", async () => {
    const model = new ScriptedModel(calls(['echo', '{"text":"a"}']), says('done'));
    const outcome = await runAgentLoop(options(model));
    assert.equal(roles(outcome.messages), 'user assistant tool assistant');
    assert.equal(outcome.messages[2]?.content, 'echo: a');
    assert.equal(roles(model.requests[1]?.messages ?? []), 'user assistant tool');
    assert.deepEqual(outcome.usage, { prompt_tokens: 17, completion_tokens: 5, cached_tokens: 1 });
  });

  test('failing, unknown and misused tools become results that the model can act on', async () => {
    const model = new ScriptedModel(
      calls(
        ['failing', '{}', 'a'],
        ['missing', '{}', 'b'],
        ['echo', '{"text":', 'c'],
        ['echo', '{"text":1}', 'd'],
      ),
      says('sorry'),
    );
    const outcome = await runAgentLoop(options(model));
    assert.equal(outcome.status, 'complete');
    const results = outcome.messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
    assert.equal(results[0], 'Error: no such city');
    assert.match(results[1] ?? '', /no tool "missing".*echo/);
    assert.match(results[2] ?? '', /not JSON/);
    assert.match(results[3] ?? '', /do not fit/);
  });

  test('calls that repeat an id get ids of their own, so that each result names one call', async () => {
    const model = new ScriptedModel(
      calls(['echo', '{"text":"a"}', 'same'], ['echo', '{"text":"b"}', 'same']),
      calls(['echo', '{"text":"c"}', 'same']),
      says('ok'),
    );
    const { messages } = await runAgentLoop(options(model));
    const ids = messages.flatMap(({ tool_calls: list }) => list ?? []).map(({ id }) => id);
    assert.equal(new Set(ids).size, 3);
    assert.deepEqual(
      messages.filter(({ role }) => role === 'tool').map(({ tool_call_id: id }) => id),
      ids,
    );
  });

  test('more tool calls than any task needs end the turn with a clear error, and none is run', async () => {
    const many = Array.from({ length: 1_000 }, (_, n) => ['echo', '{"text":"x"}', `c${n}`] as const);
    const outcome = await runAgentLoop(options(new ScriptedModel(calls(...many))));
    assert.equal(reasonOf(outcome.error), 'too-many-calls');
    assert.equal(roles(outcome.messages), 'user');
    assert.match(describeError(outcome.error).message, /^More than 500 tool calls in one answer: try again/);
  });

  test('more tool calls than a turn may make end it too, with every result in place', async () => {
    const step = (n: number): readonly ScriptStep[] =>
      calls(...Array.from({ length: 500 }, (_, call) => ['no', '', `${n}-${call}`] as const));
    const outcome = await runAgentLoop(
      options(new ScriptedModel(step(0), step(1), step(2), step(3), step(4)), { stepLimit: 9 }),
    );
    assert.equal(reasonOf(outcome.error), 'too-many-calls');
    assert.equal(outcome.messages.filter(({ role }) => role === 'tool').length, 2_000);
    assert.deepEqual(unansweredToolCalls(outcome.messages), []);
  }).timeout(20_000);

  test('an answer without an end is given up, and its beginning kept', async () => {
    const piece: ScriptStep = { type: 'text-delta', text: 'x'.repeat(100_000) };
    const outcome = await runAgentLoop(
      options(new ScriptedModel(Array.from({ length: 1_000 }, () => piece))),
    );
    assert.equal(reasonOf(outcome.error), 'stream-garbled');
    assert.ok((outcome.messages[1]?.content.length ?? 0) < 5_000_000);
  });

  test('the step limit ends a turn that only calls tools, as failed, with every result in place', async () => {
    const endless = Array.from({ length: 9 }, (_, n) => calls(['echo', '{"text":"x"}', `c${n}`]));
    const model = new ScriptedModel(...endless);
    const outcome = await runAgentLoop(options(model, { stepLimit: 3 }));
    assert.equal(outcome.status, 'failed');
    assert.equal(reasonOf(outcome.error), 'step-limit');
    assert.equal(model.requests.length, 3);
    assert.deepEqual(unansweredToolCalls(outcome.messages), []);
  });

  test('an answer that breaks off keeps what had arrived', async () => {
    const parts: ScriptStep[] = [
      { type: 'text-delta', text: 'Half an ans' },
      new ModelError({ reason: 'unreachable' }),
    ];
    const outcome = await runAgentLoop(options(new ScriptedModel(parts)));
    assert.equal(outcome.status, 'failed');
    assert.equal(reasonOf(outcome.error), 'unreachable');
    assert.equal(outcome.messages[1]?.content, 'Half an ans');
  });

  test('an answer without an end is taken for broken off, not for complete', async () => {
    const outcome = await runAgentLoop(options(new ScriptedModel([{ type: 'text-delta', text: 'so' }])));
    assert.equal(reasonOf(outcome.error), 'stream-ended');
  });

  test('an answer of nothing is a failure that says so', async () => {
    const outcome = await runAgentLoop(options(new ScriptedModel([{ type: 'finish', reason: 'stop' }])));
    assert.equal(reasonOf(outcome.error), 'empty-answer');
  });

  test('stopping during a tool that does not heed its signal ends the turn at once, with a result for the call', async () => {
    const abort = new AbortController();
    const running = options(new ScriptedModel(calls(['hanging', '{}'])), { signal: abort.signal });
    const outcome = runAgentLoop({
      ...running,
      emit: (event) => {
        if (event.type === 'message') setImmediate(() => abort.abort());
      },
    });
    const { status, messages } = await outcome;
    assert.equal(status, 'stopped');
    assert.equal(roles(messages), 'user assistant tool');
    assert.equal(messages[2]?.content, interruptedResult);
  });

  test('stopping while the model says nothing ends the turn at once', async () => {
    const abort = new AbortController();
    const silent = new ScriptedModel([{ type: 'text-delta', text: 'Wait' }, new Promise(() => undefined)]);
    const outcome = await runAgentLoop({
      ...options(silent, { signal: abort.signal }),
      emit: (event) => {
        if (event.type === 'text-delta') setImmediate(() => abort.abort());
      },
    });
    assert.equal(outcome.status, 'stopped');
    assert.equal(outcome.messages[1]?.content, 'Wait');
  });

  test('whatever the model does and wherever it breaks off, no tool call lacks its result', async () => {
    const part: fc.Arbitrary<ModelPart> = fc.oneof(
      fc.record({ type: fc.constant('text-delta' as const), text: fc.string() }),
      fc.record({
        type: fc.constant('tool-call' as const),
        call: fc.record({
          id: fc.constantFrom('', 'a', 'b'),
          type: fc.constant('function' as const),
          function: fc.record({
            name: fc.constantFrom('echo', 'failing', 'no'),
            arguments: fc.constantFrom('', '{}', '{"text":"x"}', '['),
          }),
        }),
      }),
      fc.record({
        type: fc.constant('finish' as const),
        reason: fc.constantFrom('stop' as const, 'length' as const),
      }),
    );
    const step: fc.Arbitrary<ScriptStep> = fc.oneof(
      { weight: 9, arbitrary: part },
      { weight: 1, arbitrary: fc.constant(new Error('boom')) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 6 }), { maxLength: 4 }), async (scripts) => {
        const { messages, status } = await runAgentLoop(options(new ScriptedModel(...scripts)));
        assert.deepEqual(unansweredToolCalls(messages), []);
        assert.ok(status === 'complete' || status === 'failed');
        messages.forEach((message, index) => {
          if (message.role !== 'tool') return;
          const caller = messages.slice(0, index).findLast(({ role }) => role === 'assistant');
          assert.ok(caller?.tool_calls?.some(({ id }) => id === message.tool_call_id));
        });
      }),
      { numRuns: 300 },
    );
  });

  test('what was emitted, put together, is what the turn holds', async () => {
    const running = options(new ScriptedModel(calls(['echo', '{"text":"a"}']), says('All done now')));
    const { messages } = await runAgentLoop(running);
    const shown: Message[] = [running.prompt];
    for (const event of running.events) {
      if (event.type === 'message') shown[event.index] = event.message;
      if (event.type !== 'text-delta') continue;
      const content = (shown[event.index]?.content ?? '') + event.text;
      shown[event.index] = { role: 'assistant', content };
    }
    assert.deepEqual(shown, messages);
  });
});
