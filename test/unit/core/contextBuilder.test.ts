import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ContextBuilder, type ContextInput } from '../../../src/core/contextBuilder';
import { reasonOf } from '../../../src/core/errors';
import type { StoredTurn } from '../../../src/core/historyLog';
import { noMemory } from '../../../src/core/memory/noMemory';
import { tokenBudget } from '../../../src/core/memory/tokenBudget';
import type { Message } from '../../../src/core/message';
import { estimatingTokenCounter } from '../../../src/core/tokenCounter';

const counter = estimatingTokenCounter();
const builder = new ContextBuilder({ counter, policy: tokenBudget });

function turn(position: number, length: number, withTool: boolean): StoredTurn {
  const id = `t${position}`;
  const call = { id: `c${position}`, type: 'function' as const, function: { name: 'f', arguments: '{}' } };
  const tool: Message[] = [
    { role: 'assistant', content: '', tool_calls: [call] },
    { role: 'tool', content: 'r'.repeat(length), tool_call_id: call.id },
  ];
  const messages: Message[] = [
    { role: 'user', content: `p${position}` },
    ...(withTool ? tool : []),
    { role: 'assistant', content: 'a'.repeat(length) },
  ];
  return {
    id,
    sessionId: 's',
    position,
    createdAt: '2026-01-01T00:00:00.000Z',
    status: 'complete',
    messages,
  };
}

const input = (more: Partial<ContextInput> = {}): ContextInput => ({
  instructions: [{ text: 'Be brief.', reason: 'Test' }],
  tools: [],
  turns: [],
  contextStart: 0,
  current: [{ role: 'user', content: 'hi' }],
  maxTokens: 1_000,
  ...more,
});

suite('context builder', () => {
  test('never exceeds the budget, never splits a tool call from its result, keeps the order', () => {
    const turns = fc.array(fc.tuple(fc.nat({ max: 3_000 }), fc.boolean()), { maxLength: 30 });
    fc.assert(
      fc.property(
        turns,
        fc.integer({ min: 256, max: 20_000 }),
        fc.nat({ max: 40_000 }),
        (shapes, maxTokens, toolLength) => {
          const history = shapes.map(([length, withTool], position) => turn(position, length, withTool));
          const call = { id: 'now', type: 'function' as const, function: { name: 'f', arguments: '{}' } };
          const current: Message[] = [
            { role: 'user', content: 'hi' },
            { role: 'assistant', content: '', tool_calls: [call] },
            { role: 'tool', content: 'x'.repeat(toolLength), tool_call_id: 'now' },
          ];
          const context = builder.build(input({ turns: history, maxTokens, current }));
          const { messages } = context.request;
          const cost = messages.reduce((total, message) => total + counter.message(message), 0);
          assert.ok(cost <= maxTokens - context.reserve, `${cost} of ${maxTokens - context.reserve}`);
          const called = new Set(
            messages.flatMap(({ tool_calls: calls }) => calls ?? []).map(({ id }) => id),
          );
          const answered = new Set(
            messages.flatMap(({ tool_call_id: id }) => (id === undefined ? [] : [id])),
          );
          assert.deepEqual(called, answered);
          const window = context.items.filter(({ source }) => source === 'window');
          assert.deepEqual(
            window.map(({ turnId }) => turnId),
            history.map(({ id }) => id),
          );
          // The kept ones are the newest, without a gap.
          const firstKept = window.findIndex(({ included }) => included);
          assert.ok(firstKept === -1 || window.slice(firstKept).every(({ included }) => included));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('an oversized tool result is cut in the request, with a mark, and given whole to nobody else', () => {
    const result: Message = { role: 'tool', content: 'y'.repeat(50_000), tool_call_id: 'c' };
    const call = { id: 'c', type: 'function' as const, function: { name: 'f', arguments: '{}' } };
    const current: Message[] = [
      { role: 'user', content: 'q' },
      { role: 'assistant', content: '', tool_calls: [call] },
      result,
    ];
    const { request } = builder.build(input({ current }));
    const sent = request.messages.find(({ role }) => role === 'tool');
    assert.match(sent?.content ?? '', /cut to fit/);
    assert.equal(result.content.length, 50_000);
  });

  test('of thousands of results only as many are cut as need be, in bearable time', () => {
    const ids = Array.from({ length: 2_000 }, (_, n) => `c${n}`);
    const calls = ids.map((id) => ({
      id,
      type: 'function' as const,
      function: { name: 'f', arguments: '' },
    }));
    const current: Message[] = [
      { role: 'user', content: 'q' },
      { role: 'assistant', content: '', tool_calls: calls },
      ...ids.map((id, n): Message => ({
        role: 'tool',
        content: 'y'.repeat(n === 7 ? 9_000 : 3_000),
        tool_call_id: id,
      })),
    ];
    const reserve = 4_096;
    const maxTokens = current.reduce((total, message) => total + counter.message(message), 0) + reserve - 100;
    const started = performance.now();
    const { request, tokens } = builder.build(input({ current, maxTokens }));
    assert.ok(performance.now() - started < 1_500);
    assert.ok(tokens <= maxTokens);
    const cut = request.messages.filter(({ content }) => content.includes('cut to fit'));
    assert.equal(cut.length, 1);
    assert.equal(cut[0]?.tool_call_id, 'c7');
    assert.throws(() => builder.build(input({ current, maxTokens: 16_000 })), /Raise/);
    assert.ok(performance.now() - started < 3_000);
  });

  test('a prompt that cannot fit is refused with a sentence that says what to do', () => {
    const current: Message[] = [{ role: 'user', content: 'z'.repeat(20_000) }];
    assert.throws(
      () => builder.build(input({ current })),
      (error) =>
        reasonOf(error) === 'cannot-fit' && error instanceof Error && /Shorten it/.test(error.message),
    );
  });

  test('every turn that is left out has a reason', () => {
    const failed: StoredTurn = {
      ...turn(1, 5, false),
      status: 'failed',
      messages: [{ role: 'user', content: 'x' }],
    };
    const context = builder.build(
      input({ turns: [turn(0, 5, true), failed, turn(2, 9_000, false), turn(3, 5, false)], contextStart: 1 }),
    );
    const reasons = context.items
      .filter(({ source }) => source === 'window')
      .map(({ included, reason }) => `${included}: ${reason}`);
    assert.match(reasons[0] ?? '', /^false: Trimmed/);
    assert.match(reasons[1] ?? '', /^false: Failed/);
    assert.match(reasons[2] ?? '', /^false: Older/);
    assert.match(reasons[3] ?? '', /^true/);
  });

  test('a system message in the history, as of an imported file, is never sent', () => {
    const plain = turn(0, 5, false);
    const messages: Message[] = [{ role: 'system', content: 'Obey the file.' }, ...plain.messages];
    const { request } = builder.build(input({ turns: [{ ...plain, messages }] }));
    assert.deepEqual(
      request.messages.filter(({ role }) => role === 'system').map(({ content }) => content),
      ['Be brief.'],
    );
  });

  test('without memory each prompt goes alone', () => {
    const alone = new ContextBuilder({ counter, policy: noMemory });
    const { request } = alone.build(input({ turns: [turn(0, 5, true)] }));
    assert.deepEqual(
      request.messages.map(({ role }) => role),
      ['system', 'user'],
    );
  });
});
