import assert from 'node:assert/strict';
import { HistoryError, InputError, ModelError, ToolError } from '../../../src/core/errors';
import type { HistoryErrorReason, InputErrorReason, ModelErrorReason } from '../../../src/core/errors';
import { actionsFor, describeError } from '../../../src/core/userMessage';

const model: Record<ModelErrorReason, RegExp> = {
  'no-key': /set one/,
  unauthorized: /check it and set it again/,
  'unknown-model': /"gpt-x".*throughline\.model\.name/,
  'rate-limited': /try again/,
  'no-credit': /plan/,
  'server-error': /try again/,
  unreachable: /check the network/,
  timeout: /try again/,
  'stream-ended': /is kept, try again/,
  'stream-garbled': /try again/,
  'context-overflow': /lower|trim/,
  'bad-request': /refused/,
  'tools-unsupported': /choose a model that supports tools/,
  'content-filtered': /put it differently/,
  'empty-answer': /try again/,
  'length-limit': /shorter/,
  'too-many-calls': /Too many tool calls: try again/,
  'step-limit': /raise/,
  'no-model': /Connect a Model/,
};
const history: Record<HistoryErrorReason, RegExp> = {
  stale: /send again/,
  busy: /wait/,
  'not-found': /deleted/,
  exists: /already/,
  'read-only': /check the rights/,
  'newer-version': /reload/,
  unavailable: /try again/,
  'disk-full': /make room/,
  'no-masking': /nothing is stored: reload.*install Throughline again.*secrets\.mask/,
  'no-search': /Nothing can be searched/,
  corrupt: /reload/,
};
const input: Record<InputErrorReason, RegExp> = {
  'empty-prompt': /write something/,
  'prompt-too-large': /shorten/,
  'invalid-argument': /does not fit/,
  'not-an-export': /nothing was imported/,
  'newer-export': /update/,
  'wrong-checksum': /nothing was imported/,
  'confirmation-required': /confirm: true/,
  'nothing-to-compact': /nothing to summarise/,
  'nothing-to-embed': /nothing to embed/,
  'nothing-to-undo': /no trim/,
  'cannot-fit': /shorten/,
};
const place = { baseUrl: 'https://api.example.com/v1', model: 'gpt-x' };
const keysOf = <K extends string>(all: Record<K, RegExp>): [K, RegExp][] =>
  Object.entries(all) as [K, RegExp][];

suite('userMessage', () => {
  test('every reason has one sentence that says what to do', () => {
    const described = [
      ...keysOf(model).map(
        ([reason, words]) => [describeError(new ModelError({ reason }), place), words] as const,
      ),
      ...keysOf(history).map(
        ([reason, words]) => [describeError(new HistoryError({ reason })), words] as const,
      ),
      ...keysOf(input).map(([reason, words]) => [describeError(new InputError({ reason })), words] as const),
    ];
    for (const [{ message, reason }, words] of described) {
      assert.match(message, words, reason);
      assert.match(message, /^[A-Za-z].*\.$/, reason);
    }
  });

  test('an endpoint on this machine that does not answer is asked for where it is', () => {
    const local = describeError(new ModelError({ reason: 'unreachable' }), {
      baseUrl: 'http://localhost:11434/v1',
    });
    assert.match(
      local.message,
      /^localhost:11434 cannot be reached: is it running\? "localhost" is the machine that runs the extension host/,
    );
    assert.deepEqual(local.actions, ['retry', 'open-settings']);
  });

  test('a wait is told in seconds, minutes or hours', () => {
    const words = (retryAfter?: number): string =>
      describeError(
        new ModelError({ reason: 'rate-limited', ...(retryAfter !== undefined && { retryAfter }) }),
      ).message;
    assert.match(words(17.2), /in 18 seconds\.$/);
    assert.match(words(0.2), /in 1 second\.$/);
    assert.match(words(600), /in 10 minutes\.$/);
    assert.match(words(10_000), /in 3 hours\.$/);
    assert.match(words(), /in a moment\.$/);
  });

  test("the server's own words are quoted, without keys", () => {
    const error = new ModelError({
      reason: 'unauthorized',
      serverMessage: 'Incorrect API key: sk-proj-abcdef123456',
    });
    const { message } = describeError(error, place);
    assert.match(message, /It said: "Incorrect API key: \[key removed\]"/);
  });

  test('a stop is no error; anything else that was thrown has words too', () => {
    assert.deepEqual(describeError(new DOMException('x', 'AbortError')), {
      reason: 'stopped',
      message: 'Stopped.',
      actions: [],
    });
    assert.match(describeError(new TypeError('x is undefined')).message, /unexpected.*x is undefined/);
    assert.equal(describeError('a string').reason, 'unexpected');
    assert.equal(describeError(undefined).reason, 'unexpected');
    assert.match(describeError(new ToolError({ reason: 'tool-failed', message: 'boom' })).message, /boom/);
  });

  test('a stored reason still has its actions', () => {
    assert.deepEqual(actionsFor('no-key'), ['set-api-key', 'connect-model']);
    assert.deepEqual(actionsFor('something of a later version'), ['retry']);
    assert.deepEqual(actionsFor('constructor'), ['retry']);
  });
});
