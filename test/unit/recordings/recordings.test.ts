import assert from 'node:assert/strict';
import { runAgentLoop, type LoopOutcome } from '../../../src/core/agentLoop';
import { ModelError } from '../../../src/core/errors';
import { answerText, unansweredToolCalls } from '../../../src/core/message';
import { ToolRegistry } from '../../../src/core/tools/toolRegistry';
import { describeError } from '../../../src/core/userMessage';
import { asks, collect } from '../../support/collect';
import { OpenAIFixture } from '../../support/openaiFixture';
import { loadRecordings, recordingsFolder, replay, type Recording } from '../../support/recordings';
import { recordedTools, toolsOf } from './recordedRequest';
import { readReference } from './referenceReading';

const recordings = loadRecordings();
const finishReasons: Readonly<Record<string, string>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
};

suite('Recordings of real servers', () => {
  const fixture = new OpenAIFixture();
  if (recordings.length === 0) {
    test.skip(`there are none in ${recordingsFolder}`);
    return;
  }
  suiteSetup(() => fixture.open());
  suiteTeardown(() => fixture.close());

  for (const { name, exchanges } of recordings) {
    test(`${name}: each answer is read as it was sent`, async () => {
      for (const exchange of exchanges) {
        fixture.server.script([replay(exchange)]);
        const model = fixture.model({ apiKey: 'k' });
        const read = await collect(model, { ...asks('Hello'), tools: toolsOf(exchange) });
        if (exchange.response.status >= 400) {
          assertClearError(read.error);
          continue;
        }
        const expected = readReference(exchange);
        assert.deepEqual([read.text, read.reasoning], [expected.text, expected.reasoning]);
        if (!isUsable(expected)) {
          assertClearError(read.error);
          continue;
        }
        assert.equal(read.error, undefined);
        assert.deepEqual(
          read.calls.map((call) => ({ name: call.function.name, arguments: call.function.arguments })),
          expected.calls,
        );
        assert.equal(read.finish?.reason, finishReasons[expected.finish ?? '']);
        const { prompt_tokens, completion_tokens } = read.finish?.usage ?? {};
        assert.deepEqual(
          { prompt_tokens, completion_tokens },
          {
            prompt_tokens: expected.usage?.prompt_tokens,
            completion_tokens: expected.usage?.completion_tokens,
          },
        );
      }
    });

    test(`${name}: the agent loop ends in the recorded answer, or in a clear error`, async () => {
      const outcome = await replayTurn(fixture, { name, exchanges });
      assert.deepEqual(unansweredToolCalls(outcome.messages), []);
      const read = exchanges.map(readReference);
      const last = read.at(-1);
      const calls = outcome.messages.flatMap(({ tool_calls }) => tool_calls ?? []);
      if (outcome.status === 'complete') {
        assert.equal(answerText(outcome), last?.text);
        assert.deepEqual(
          calls.map((call) => call.function.name),
          read.flatMap((reading) => reading.calls.map((call) => call.name)),
        );
        const total = (key: 'prompt_tokens' | 'completion_tokens'): number =>
          read.reduce((sum, { usage }) => sum + (usage?.[key] ?? 0), 0);
        assert.equal(outcome.usage?.prompt_tokens, total('prompt_tokens'));
        assert.equal(outcome.usage.completion_tokens, total('completion_tokens'));
      } else {
        assert.equal(outcome.status, 'failed');
        assertClearError(outcome.error);
        // A recording that ends with tool calls has no more to say; the others end in their own error.
        assert.ok(
          exchanges.some(({ response }) => response.status >= 400) ||
            read.some((r) => !isUsable(r)) ||
            (last?.calls.length ?? 0) > 0,
        );
      }
    });
  }
});

/** Each request of the turn gets the next recorded response, then a refusal. */
async function replayTurn(fixture: OpenAIFixture, { exchanges }: Recording): Promise<LoopOutcome> {
  fixture.server.script(exchanges.map((exchange) => replay(exchange)));
  const tools = new ToolRegistry(recordedTools(exchanges), { trusted: () => true });
  return runAgentLoop({
    model: fixture.model({ apiKey: 'k' }),
    tools,
    turnId: 't',
    sessionId: 's',
    prompt: { role: 'user', content: 'Hello' },
    stepLimit: 16,
    signal: new AbortController().signal,
    clock: () => new Date(0),
    request: (current) => ({ messages: current, tools: tools.definitions() }),
    emit: () => undefined,
  });
}

/** A text, or tool calls whose arguments are whole. */
function isUsable({ text, calls, finish }: ReturnType<typeof readReference>): boolean {
  if (calls.length === 0) return text !== '';
  return finish !== 'length' || calls.every(({ arguments: args }) => isJson(args));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function assertClearError(error: unknown): void {
  assert.ok(error instanceof ModelError, String(error));
  const { message, reason } = describeError(error, { baseUrl: 'http://localhost:1/v1', model: 'm' });
  assert.notEqual(reason, 'unexpected');
  assert.match(message, /^[A-Z"l].{20,}/s);
}
