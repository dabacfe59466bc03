import assert from 'node:assert/strict';
import type { Message } from '../../../../src/core/message';
import { estimatingTokenCounter } from '../../../../src/core/tokenCounter';
import { CountingTokenCounter } from '../../../../src/core/tokens/countingTokenCounter';
import type { TokenCounting } from '../../../../src/core/tokens/tokenCounting';

/** Counts a token a character, and remembers what it was asked. */
class CharacterCounting implements TokenCounting {
  readonly asked: string[][] = [];
  answer: (texts: readonly string[]) => Promise<readonly number[]> = (texts) =>
    Promise.resolve(texts.map((text) => text.length));

  count(texts: readonly string[]): Promise<readonly number[]> {
    this.asked.push([...texts]);
    return this.answer(texts);
  }
}

const user = (content: string): Message => ({ role: 'user', content });
const overhead = 4;
const tool = { name: 'add', description: 'Adds.', parameters: { type: 'object' } };

suite('Counting with a tokenizer', () => {
  test('answers with an estimate at once, with the count once it was prepared', async () => {
    const counting = new CharacterCounting();
    const counter = new CountingTokenCounter({ counting });
    const message = user('Hello there, how are you?');
    assert.equal(counter.message(message), estimatingTokenCounter().message(message));
    assert.deepEqual(counting.asked, []);
    await counter.prepare([message], [tool]);
    assert.equal(counter.message(message), overhead + message.content.length);
    assert.equal(counter.text(message.content), message.content.length);
    assert.equal(counter.tools([tool]), JSON.stringify([tool]).length);
    assert.equal(counter.tools([]), 0);
  });

  test('a text is counted once, though its message is read again from the log', async () => {
    const counting = new CharacterCounting();
    const counter = new CountingTokenCounter({ counting });
    await counter.prepare([user('one'), user('one'), user('two')], []);
    await counter.prepare([{ ...user('one'), id: 't.0' }, user('two')], []);
    assert.deepEqual(counting.asked, [['one', 'two']]);
    assert.equal(counter.message(user('two')), overhead + 3);
  });

  test('what is being counted is not asked for again, and both wait for it', async () => {
    const counting = new CharacterCounting();
    let answer: (counts: readonly number[]) => void = () => undefined;
    counting.answer = () => new Promise((resolve) => (answer = resolve));
    const counter = new CountingTokenCounter({ counting });
    const both = Promise.all([counter.prepare([user('one')], []), counter.prepare([user('one')], [])]);
    answer([7]);
    await both;
    assert.deepEqual(counting.asked, [['one']]);
    assert.equal(counter.message(user('one')), overhead + 7);
  });

  test('a slow tokenizer holds up nobody for long, and its counts are kept when they come', async () => {
    const counting = new CharacterCounting();
    let answer: (counts: readonly number[]) => void = () => undefined;
    counting.answer = () => new Promise((resolve) => (answer = resolve));
    const counter = new CountingTokenCounter({ counting, patienceMs: 1 });
    const message = user('one');
    await counter.prepare([message], []);
    assert.equal(counter.message(message), estimatingTokenCounter().message(message));
    answer([42]);
    await counter.prepare([message], []);
    assert.equal(counter.message(message), overhead + 42);
  });

  test('where nothing can be counted, estimates stay and it is tried again', async () => {
    const counting = new CharacterCounting();
    counting.answer = () => Promise.reject(new Error('no tokenizer'));
    const counter = new CountingTokenCounter({ counting });
    const message = user('Hello there');
    await counter.prepare([message], []);
    assert.equal(counter.message(message), estimatingTokenCounter().message(message));
    counting.answer = () => Promise.resolve([Number.NaN]);
    await counter.prepare([message], []);
    assert.equal(counter.message(message), estimatingTokenCounter().message(message));
    counting.answer = () => Promise.resolve([3]);
    await counter.prepare([message], []);
    assert.equal(counter.message(message), overhead + 3);
  });

  test('calls count by name and arguments, not by their ids', async () => {
    const counter = new CountingTokenCounter({ counting: new CharacterCounting() });
    const call = (id: string): Message => ({
      role: 'assistant',
      content: '',
      tool_calls: [{ id, type: 'function', function: { name: 'add', arguments: '{"a":1}' } }],
    });
    await counter.prepare([call('c1'), call('call_12345678901234567890')], []);
    assert.equal(counter.message(call('c1')), counter.message(call('call_12345678901234567890')));
    assert.ok(counter.message(call('c1')) > overhead + 'add{"a":1}'.length);
  });

  test('what is remembered of texts is bounded; messages that are held keep their counts', async () => {
    const counting = new CharacterCounting();
    const counter = new CountingTokenCounter({ counting, remembered: 10 });
    const messages = Array.from({ length: 100 }, (_, n) => user(`message ${n}`));
    await counter.prepare(messages, []);
    await counter.prepare(messages, []);
    assert.equal(counting.asked.length, 1);
    await counter.prepare([user('message 0'), user('message 99')], []);
    assert.deepEqual(counting.asked[1], ['message 0']);
  });

  test('much text is counted in several calls', async () => {
    const counting = new CharacterCounting();
    const counter = new CountingTokenCounter({ counting });
    const messages = Array.from({ length: 1_200 }, (_, n) =>
      user(`${n} ${'x'.repeat(n < 10 ? 200_000 : 10)}`),
    );
    await counter.prepare(messages, []);
    assert.equal(counting.asked.flat().length, 1_200);
    for (const texts of counting.asked) {
      assert.ok(texts.length <= 500 && texts.join('').length <= 500_000);
    }
  });
});
