import assert from 'node:assert/strict';
import { runAgentLoop } from '../../src/core/agentLoop';
import { buildContext } from '../../src/core/context/contextBuilder';
import { tokenBudget } from '../../src/core/memory/tokenBudget';
import type { Message, ToolCall } from '../../src/core/message';
import { estimatingTokenCounter } from '../../src/core/tokenCounter';
import { pairToolCalls } from '../../src/core/toolPairs';
import { ToolRegistry } from '../../src/core/tools/toolRegistry';
import { assertBounded, assertLinear } from '../support/growth';
import { calls, ScriptedModel, type ScriptStep } from '../support/scriptedModel';

const idsOf = (size: number): readonly string[] => Array.from({ length: size }, (_, n) => `call-${n}`);

function asks(...ids: readonly string[]): Message {
  const call = (id: string): ToolCall => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
  return { role: 'assistant', content: '', tool_calls: ids.map(call) };
}

function answers(id: string, content = `result of ${id}`): Message {
  return { role: 'tool', content, tool_call_id: id };
}

const says: Message = { role: 'assistant', content: 'text' };
const results = (ids: readonly string[]): readonly Message[] => ids.map((id) => answers(id));

suite('What many tool calls cost', () => {
  const turns: Readonly<Record<string, (ids: readonly string[]) => readonly Message[]>> = {
    'in one message, near their results': (ids) => [asks(...ids), ...results(ids)],
    'in one message, their results far and in the other order': (ids) => [
      asks(...ids),
      says,
      ...results(ids).toReversed(),
    ],
    'each in a message of its own, all results at the end': (ids) => [
      ...ids.flatMap((id) => [asks(id), says]),
      ...results(ids),
    ],
    'of one id in one message': (ids) => [asks(...ids.map(() => 'same')), ...ids.map(() => answers('same'))],
    'without results': (ids) => ids.map((id) => asks(id)),
    'of one id in messages of their own': (ids) => ids.flatMap(() => [asks('same'), answers('same')]),
  };
  for (const [kind, turn] of Object.entries(turns)) {
    test(`calls ${kind} are paired in time by their number`, () =>
      assertLinear({ input: (size) => turn(idsOf(size)), work: pairToolCalls, size: 1_000 }));
  }

  const counter = estimatingTokenCounter();
  const build = (current: readonly Message[], maxTokens: number) =>
    buildContext({
      counter,
      policy: tokenBudget,
      instructions: [],
      tools: [],
      turns: [],
      contextStart: 0,
      current,
      maxTokens,
    });
  const current = (size: number): readonly Message[] => [
    { role: 'user', content: 'q' },
    asks(...idsOf(size)),
    ...idsOf(size).map((id, n) => answers(id, 'y'.repeat(n === 7 ? 9_000 : 3_000))),
  ];
  const cost = (messages: readonly Message[]): number =>
    messages.reduce((total, message) => total + counter.message(message), 0);

  test('one result of thousands is cut in time by their number', () =>
    assertLinear({
      input: (size) => ({ messages: current(size), maxTokens: cost(current(size)) + 4_096 - 100 }),
      work: ({ messages, maxTokens }) => build(messages, maxTokens),
      size: 250,
    }));

  test('all results of thousands are cut in time by their number', () =>
    assertLinear({
      input: (size) => ({ messages: current(size), maxTokens: cost(current(size)) / 2 }),
      work: ({ messages, maxTokens }) => build(messages, maxTokens),
      size: 250,
    }));

  test('that a prompt cannot fit is told in time by its number of results', () =>
    assertLinear({
      input: current,
      work: (messages) => assert.throws(() => build(messages, 16_000), /Raise/),
      size: 250,
    }));

  const run = (script: readonly ScriptStep[]) =>
    runAgentLoop({
      model: new ScriptedModel(script),
      tools: new ToolRegistry([], { trusted: () => true }),
      turnId: 'turn',
      sessionId: 'session',
      prompt: { role: 'user', content: 'hello' },
      stepLimit: 1,
      signal: new AbortController().signal,
      clock: () => new Date(0),
      request: (messages) => ({ messages: [...messages], tools: [] }),
      emit: () => undefined,
    });

  test('an answer in thousands of pieces is taken in time by their number', () =>
    assertLinear({
      input: (size) => [
        ...Array.from({ length: size }, (): ScriptStep => ({ type: 'text-delta', text: 'some words ' })),
        { type: 'finish', reason: 'stop' } as const,
      ],
      work: async (script) => assert.equal((await run(script)).status, 'complete'),
      size: 2_000,
    }));

  test('more tool calls than any task needs are refused at the same cost, however many there are', () =>
    assertBounded({
      input: (size) => calls(...idsOf(size).map((id) => ['echo', '{"text":"x"}', id] as const)),
      work: async (script) => assert.equal((await run(script)).status, 'failed'),
      size: 2_000,
    }));
});
