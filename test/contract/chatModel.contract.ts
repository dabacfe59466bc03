import assert from 'node:assert/strict';
import type { ChatModel, ModelRequest } from '../../src/core/chatModel';
import { isAbort } from '../../src/core/errors';
import { calculatorTool } from '../../src/core/tools/calculator';
import { asks, collect } from '../support/collect';

export interface ChatModelFixture {
  readonly model: ChatModel;
  close(): Promise<void>;
}

const calculates: ModelRequest = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Add 5 and 10 for me.', id: 'turn.0', createdAt: '2026-05-12T10:00:00.000Z' },
  ],
  tools: [calculatorTool().definition],
};

/** What every ChatModel promises. The model behind the fixture can calculate as the built-in one does. */
export function chatModelContract(name: string, open: () => Promise<ChatModelFixture>): void {
  suite(`ChatModel: ${name}`, () => {
    let fixture: ChatModelFixture;
    setup(async () => {
      fixture = await open();
    });
    teardown(() => fixture.close());

    test('an answer is deltas and then exactly one finish, its last part', async () => {
      const { parts, text, error } = await collect(fixture.model, asks('What can you do?'));
      assert.equal(error, undefined);
      assert.match(text, /calculate/);
      assert.ok(parts.length > 3, 'it streams');
      assert.deepEqual(parts.filter((part) => part.type === 'finish').length, 1);
      const last = parts.at(-1);
      assert.ok(last?.type === 'finish' && last.reason === 'stop');
    });

    test('a tool call arrives whole, with an id, and its result leads to the answer', async () => {
      const { calls, finish, text } = await collect(fixture.model, calculates);
      assert.equal(finish?.reason, 'tool-calls');
      assert.equal(text, '');
      const [call] = calls;
      assert.ok(call && calls.length === 1 && call.id !== '');
      assert.equal(call.function.name, 'calculator');
      assert.deepEqual(JSON.parse(call.function.arguments), { expression: '5 + 10' });

      const answered: ModelRequest = {
        ...calculates,
        messages: [
          ...calculates.messages,
          { role: 'assistant', content: '', tool_calls: calls },
          { role: 'tool', content: '15', tool_call_id: call.id },
        ],
      };
      const second = await collect(fixture.model, answered);
      assert.equal(second.text, '5 + 10 = 15');
      assert.deepEqual(second.calls, []);
    });

    test('a signal that is aborted already rejects with an AbortError before anything else', async () => {
      const { parts, error } = await collect(fixture.model, asks('What can you do?'), AbortSignal.abort());
      assert.ok(isAbort(error), String(error));
      assert.deepEqual(parts, []);
    });

    test('aborting in the middle rejects with an AbortError; what had come was yielded', async () => {
      const controller = new AbortController();
      const seen: string[] = [];
      await assert.rejects(
        async () => {
          for await (const part of fixture.model.stream(asks('What can you do?'), controller.signal)) {
            seen.push(part.type);
            controller.abort(new Error('a reason of the caller'));
          }
        },
        (error) => isAbort(error),
      );
      assert.deepEqual(seen, ['text-delta']);
    });

    test('a reader that stops early ends the stream without an error', async () => {
      for await (const part of fixture.model.stream(asks('What can you do?'), new AbortController().signal)) {
        assert.equal(part.type, 'text-delta');
        break;
      }
    });

    test('two answers at once do not mix', async () => {
      const [one, other] = await Promise.all([
        collect(fixture.model, asks('what is 2 + 2')),
        collect(fixture.model, asks('what is 3 + 3')),
      ]);
      assert.deepEqual([one.text, other.text], ['2 + 2 = 4', '3 + 3 = 6']);
    });

    test('the same request gives the same answer, and is left as it was', async () => {
      const request = asks('what is 2 + 2');
      const before = structuredClone(request);
      const [first, second] = [await collect(fixture.model, request), await collect(fixture.model, request)];
      assert.deepEqual(first.text, second.text);
      assert.deepEqual(request, before);
    });
  });
}
