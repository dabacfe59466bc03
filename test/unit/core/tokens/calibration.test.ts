import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countTokens as countCl100k } from 'gpt-tokenizer/encoding/cl100k_base';
import type { ModelRequest } from '../../../../src/core/chatModel';
import type { Message } from '../../../../src/core/message';
import { estimatingTokenCounter } from '../../../../src/core/tokenCounter';
import { Calibration } from '../../../../src/core/tokens/calibration';
import { CountingTokenCounter } from '../../../../src/core/tokens/countingTokenCounter';
import { conversation, conversationTools } from '../../../support/conversation';
import { directCounting } from '../../../support/directCounting';

const model = 'some-model';
const used = (prompt_tokens: number) => ({ prompt_tokens, completion_tokens: 10 });
const textOf = ({ content, tool_calls }: Message): string =>
  content + (tool_calls ?? []).map(({ function: made }) => `${made.name}(${made.arguments})`).join('');

/** Servers that count otherwise. */
const servers: Readonly<Record<string, (request: ModelRequest) => number>> = {
  'by characters': ({ messages, tools }) =>
    messages.reduce((sum, message) => sum + Math.ceil(textOf(message).length / 2.9) + 7, 0) +
    (tools.length === 0 ? 0 : 90 + tools.length * 35),
  'with cl100k_base': ({ messages, tools }) =>
    messages.reduce((sum, message) => sum + countCl100k(textOf(message)) + 4, 3) +
    (tools.length === 0 ? 0 : 12 + countCl100k(JSON.stringify(tools))),
  'with a prompt of its own': ({ messages, tools }) =>
    messages.reduce((sum, message) => sum + Math.ceil(countCl100k(textOf(message)) * 1.2) + 10, 400) +
    (tools.length === 0 ? 0 : 200 + 2 * countCl100k(JSON.stringify(tools))),
};

const counted = (): Calibration =>
  new Calibration({ counter: new CountingTokenCounter({ counting: directCounting }) });
const estimated = (): Calibration => new Calibration({ counter: estimatingTokenCounter() });

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** Runs a conversation. @returns how far off each estimate was, before it was told */
async function misses(
  calibration: Calibration,
  report: (request: ModelRequest) => number,
  requests: Iterable<ModelRequest & { readonly turn: number }>,
): Promise<readonly { readonly turn: number; readonly off: number; readonly basis: string }[]> {
  const off = [];
  for (const { turn, ...request } of requests) {
    await calibration.counterFor(model).prepare(request.messages, request.tools);
    const { tokens, basis } = calibration.estimate(model, request);
    const reported = report(request);
    off.push({ turn, off: tokens / reported - 1, basis });
    calibration.observe(model, request, used(reported));
  }
  return off;
}

const worst = (all: readonly { readonly off: number }[]): number =>
  Math.max(...all.map(({ off }) => Math.abs(off)));

suite('Calibrating estimates by reported usage', () => {
  for (const [name, report] of Object.entries(servers)) {
    test(`a server that counts ${name}: no more than 3 % off after five turns`, async () => {
      const all = await misses(counted(), report, conversation(12));
      const late = worst(all.filter(({ turn }) => turn > 5));
      console.log(
        `      ${name}: ${percent(worst(all.slice(0, 1)))} at first, then at most ${percent(late)}`,
      );
      assert.ok(late <= 0.03, percent(late));
    });

    test(`a server that counts ${name}: no more than 6 % off where each message is of another kind`, async () => {
      const late = worst(
        (await misses(counted(), report, conversation(12, { wild: true }))).filter(({ turn }) => turn > 5),
      );
      assert.ok(late <= 0.06, percent(late));
    });

    test(`a server that counts ${name}: no more than 3 % off where there is no tokenizer`, async () => {
      const late = worst(
        (await misses(estimated(), report, conversation(12))).filter(({ turn }) => turn > 5),
      );
      assert.ok(late <= 0.03, percent(late));
    });

    test(`a server that counts ${name}: no more than 10 % off in another session, and after a restart`, async () => {
      const calibration = counted();
      await misses(calibration, report, conversation(8));
      const stored: unknown = JSON.parse(JSON.stringify(calibration));
      const counter = new CountingTokenCounter({ counting: directCounting });
      const later = new Calibration({ counter, load: () => Promise.resolve(stored) });
      const requests = [...conversation(14)].slice(16).map(({ turn, messages, tools }) => ({
        turn,
        tools,
        // Another prompt of the system's, so that no beginning is known.
        messages: [{ role: 'system' as const, content: 'Answer in rhymes.' }, ...messages.slice(1)],
      }));
      const [first] = await misses(later, report, requests);
      assert.equal(first?.basis, 'calibrated');
      assert.ok(Math.abs(first.off) <= 0.1, percent(first.off));
    });
  }

  test('a window that slides, and so has another beginning each turn, is still estimated', async () => {
    for (const [name, report] of Object.entries(servers)) {
      const late = worst(
        (await misses(counted(), report, conversation(24, { window: 4 }))).filter(({ turn }) => turn > 8),
      );
      assert.ok(late <= 0.12, `${name}: ${percent(late)}`);
    }
  });

  test('the same request again is estimated as it was reported', () => {
    const calibration = counted();
    const [request] = conversation(1);
    assert.ok(request);
    calibration.observe(model, request, used(777));
    assert.deepEqual(calibration.estimate(model, request), { tokens: 777, basis: 'prefix' });
    const copy = {
      ...request,
      messages: request.messages.map((message) => ({ ...message, id: 'read-again' })),
    };
    assert.equal(calibration.estimate(model, copy).tokens, 777);
  });

  test('one model’s reports say nothing of another', () => {
    const calibration = counted();
    const [request] = conversation(1);
    assert.ok(request);
    const before = calibration.estimate('other', request);
    calibration.observe(model, request, used(900));
    assert.deepEqual(calibration.estimate('other', request), before);
    assert.equal(before.basis, 'counted');
  });

  test('usage that makes no sense teaches nothing', () => {
    const [request] = conversation(1);
    assert.ok(request);
    const usual = estimated().estimate(model, request).tokens;
    for (const reported of [
      0,
      -5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      1,
      usual * 50,
      Math.floor(usual / 20),
    ]) {
      const calibration = estimated();
      calibration.observe(model, request, used(reported));
      assert.deepEqual(
        calibration.estimate(model, request),
        { tokens: usual, basis: 'counted' },
        String(reported),
      );
      assert.deepEqual(calibration.toJSON().models, []);
    }
  });

  test('a server that leaves out what it had cached does not pull estimates down', async () => {
    const calibration = counted();
    let last = 0;
    for (const { turn, ...request } of conversation(8)) {
      await calibration.counterFor(model).prepare(request.messages, request.tools);
      const whole = servers['with cl100k_base']?.(request) ?? 0;
      const { tokens } = calibration.estimate(model, request);
      if (turn > 2) assert.ok(tokens > 0.85 * whole, `turn ${turn}: ${tokens} of ${whole}`);
      calibration.observe(model, request, used(whole - last));
      last = whole;
    }
  });

  test('one wrong report among right ones does little harm', async () => {
    const report = servers['by characters'];
    assert.ok(report);
    const calibration = counted();
    await misses(calibration, report, conversation(6));
    const other: ModelRequest = {
      messages: [{ role: 'user', content: 'Something else, in a session of its own. '.repeat(40) }],
      tools: conversationTools,
    };
    const right = report(other);
    calibration.observe(model, other, used(right * 3));
    const another: ModelRequest = {
      ...other,
      messages: [{ role: 'user', content: 'A third thing to ask. '.repeat(90) }],
    };
    const { tokens } = calibration.estimate(model, another);
    const off = tokens / report(another) - 1;
    assert.ok(Math.abs(off) < 0.3, percent(off));
  });

  test('the parts add up to about the whole', async () => {
    const calibration = counted();
    const report = servers['with cl100k_base'];
    assert.ok(report);
    await misses(calibration, report, conversation(6));
    const counter = calibration.counterFor(model);
    const last = [...conversation(7)].at(-1);
    assert.ok(last);
    await counter.prepare(last.messages, last.tools);
    const sum = last.messages.reduce(
      (total, message) => total + counter.message(message),
      counter.tools(last.tools),
    );
    const off = sum / report(last) - 1;
    assert.ok(Math.abs(off) < 0.05, percent(off));
  });

  test('a budget divided by the margin is not exceeded after five turns, and before by no more than is kept free', async () => {
    for (const [name, report] of Object.entries(servers)) {
      const calibration = counted();
      const counter = calibration.counterFor(model);
      for (const { turn, ...request } of conversation(20)) {
        await counter.prepare(request.messages, request.tools);
        const cost = request.messages.reduce(
          (sum, message) => sum + counter.message(message),
          counter.tools(request.tools),
        );
        const reported = report(request);
        // The smallest budget in which this request would have been sent.
        const budget = cost * calibration.margin(model);
        const above = Math.round(reported - budget);
        assert.ok(
          above <= (turn > 5 ? 0 : 800),
          `${name}, turn ${turn}: ${above} above ${Math.round(budget)}`,
        );
        calibration.observe(model, request, used(reported));
      }
      assert.ok(calibration.margin(model) < 1.15, `${name}: ${calibration.margin(model)}`);
    }
  });

  test('what is kept is small and bounded, and the models used last stay', () => {
    const calibration = estimated();
    const requests = [...conversation(20)];
    for (let n = 0; n < 60; n += 1) {
      for (const { messages, tools } of requests) {
        const request = {
          messages: [...messages.slice(-2), { role: 'user' as const, content: `${n}` }],
          tools,
        };
        calibration.observe(`model-${n}`, request, used(300 + messages.length));
      }
      calibration.observe('model-0', { messages: [{ role: 'user', content: 'hi' }], tools: [] }, used(9));
    }
    const stored = JSON.stringify(calibration);
    const { models } = calibration.toJSON();
    assert.equal(models.length, 50);
    assert.ok(models.some(({ id }) => id === 'model-0') && models.some(({ id }) => id === 'model-59'));
    assert.ok(models.every(({ observations }) => observations.length <= 20));
    assert.ok(stored.length < 100_000, String(stored.length));
  });

  test('whatever is found where it was kept, nothing breaks', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.anything()), async (stored): Promise<void> => {
        const calibration = new Calibration({
          counter: estimatingTokenCounter(),
          load: () => Promise.resolve(stored),
        });
        await calibration.load();
        assert.ok(calibration.margin(model) >= 1);
      }),
    );
    const failing = new Calibration({
      counter: estimatingTokenCounter(),
      load: () => Promise.reject(new Error('no disk')),
    });
    await failing.counterFor(model).prepare([], []);
    assert.deepEqual(failing.toJSON(), { version: 1, models: [] });
  });

  test('whatever is reported, estimates stay numbers and no part costs less than nothing', () => {
    const report = fc.oneof(fc.integer({ min: -10, max: 5_000 }), fc.double());
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 11 }), report), { maxLength: 30 }), (reports) => {
        const calibration = estimated();
        const requests = [...conversation(6)];
        for (const [n, reported] of reports) {
          const request = requests[n];
          if (request) calibration.observe(model, request, used(reported));
        }
        const counter = calibration.counterFor(model);
        for (const request of requests) {
          const { tokens } = calibration.estimate(model, request);
          assert.ok(Number.isSafeInteger(tokens) && tokens > 0);
          assert.ok(counter.tools(request.tools) >= 0);
          for (const message of request.messages) assert.ok(counter.message(message) > 0);
        }
        const margin = calibration.margin(model);
        assert.ok(margin >= 1 && margin <= 1.25);
      }),
    );
  });
});
