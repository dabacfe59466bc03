import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { unansweredToolCalls, type Message } from '../../../src/core/message';
import { pairToolCalls } from '../../../src/core/toolPairs';
import { anyMessages } from '../../support/arbitraries';

function asks(...ids: readonly string[]): Message {
  const tool_calls = ids.map((id) => ({
    id,
    type: 'function' as const,
    function: { name: 'f', arguments: '{}' },
  }));
  return { role: 'assistant', content: '', tool_calls };
}

function answers(id: string, content = `result of ${id}`): Message {
  return { role: 'tool', content, tool_call_id: id };
}

const says: Message = { role: 'assistant', content: 'text' };

suite('Tool calls and their results', () => {
  test('that are whole stay the same array', () => {
    const messages = [asks('a', 'b'), answers('b'), answers('a'), says];
    assert.equal(pairToolCalls(messages).messages, messages);
  });

  test('a call without result gets an interrupted one, right behind it', () => {
    const { messages } = pairToolCalls([asks('a', 'b'), answers('a'), says]);
    assert.deepEqual(
      messages.map(({ role, tool_call_id: id }) => id ?? role),
      ['assistant', 'a', 'b', 'assistant'],
    );
    assert.match(messages[2]?.content ?? '', /interrupted/);
  });

  test('a result that strayed goes back to its call', () => {
    const result = answers('a');
    const { messages, orphans } = pairToolCalls([asks('a'), says, result]);
    assert.deepEqual(messages, [asks('a'), result, says]);
    assert.deepEqual(orphans, []);
  });

  test('ids that come again in each step are matched step by step', () => {
    const whole = [asks('a'), answers('a', '1'), asks('a'), answers('a', '2')];
    assert.equal(pairToolCalls(whole).messages, whole);
    const { messages } = pairToolCalls([asks('a'), asks('a'), answers('a', '2')]);
    assert.match(messages[1]?.content ?? '', /interrupted/);
    assert.equal(messages[3]?.content, '2');
  });

  test('a result without its call, or before it, or twice, is an orphan', () => {
    assert.deepEqual(pairToolCalls([says, answers('a')]).orphans, [1]);
    assert.deepEqual(pairToolCalls([answers('a'), asks('a')]).orphans, [0]);
    assert.deepEqual(pairToolCalls([asks('a'), answers('a'), answers('a')]).orphans, [2]);
  });

  test('nothing is lost, and once is enough', () => {
    fc.assert(
      fc.property(fc.array(anyMessages, { maxLength: 3 }), (parts) => {
        const given = parts.flat();
        const { messages } = pairToolCalls(given);
        assert.ok(given.every((message) => messages.includes(message)));
        assert.equal(unansweredToolCalls(messages).length, 0);
        assert.equal(pairToolCalls(messages).messages, messages);
      }),
    );
  });

  test('two calls of one id in one message get ids of their own, and each its own result', () => {
    const { messages, orphans } = pairToolCalls([
      asks('a', 'a', 'a'),
      answers('a', '1'),
      says,
      answers('a', '2'),
    ]);
    assert.deepEqual(orphans, []);
    const ids = messages[0]?.tool_calls?.map(({ id }) => id) ?? [];
    assert.equal(new Set(ids).size, 3);
    assert.deepEqual(
      messages
        .slice(1)
        .map(({ tool_call_id: id, content }) =>
          id === undefined ? 'text' : `${ids.indexOf(id)} ${content}`,
        ),
      ['0 1', '1 2', '2 Error: interrupted before the tool had finished.', 'text'],
    );
    assert.equal(pairToolCalls(messages).messages, messages);
  });

  test('of many calls in one message each finds its own result, near or far', () => {
    const ids = Array.from({ length: 300 }, (_, n) => `call-${n}`);
    const results = ids.map((id) => answers(id));
    for (const turn of [
      [asks(...ids), ...results],
      [asks(...ids), says, ...results.toReversed()],
      [...ids.flatMap((id) => [asks(id), says]), ...results],
      [asks(...ids.map(() => 'same')), ...ids.map(() => answers('same'))],
    ]) {
      const paired = pairToolCalls(turn);
      assert.deepEqual([paired.orphans.length, paired.messages.length], [0, turn.length]);
    }
  });
});
