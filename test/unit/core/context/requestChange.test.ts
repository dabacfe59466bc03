import assert from 'node:assert/strict';
import type { Context } from '../../../../src/core/context/context';
import { changesNothing, requestChange } from '../../../../src/core/context/requestChange';
import { slidingWindow } from '../../../../src/core/memory/slidingWindow';
import type { TrimChoice } from '../../../../src/core/memory/trimPlan';
import { trimToSummary } from '../../../../src/core/memory/trimToSummary';
import type { Session } from '../../../../src/core/session';
import type { SessionSettings } from '../../../../src/core/sessionDependencies';
import { ScriptedCompactor } from '../../../support/scriptedCompactor';
import { calls, says, ScriptedModel } from '../../../support/scriptedModel';
import { setUpSessions } from '../../../support/sessionSetup';

const long = (text: string): string => `${text} ${'and so on '.repeat(20)}`;

/** A session of 30 turns, the third and the 28th with a tool call, whose requests hold about a dozen. */
async function open(settings: Partial<SessionSettings> = {}): Promise<Session> {
  const echo = calls(['echo', '{"text":"x"}']);
  const answers = Array.from({ length: 30 }, (_, n) => says(long(`answer ${n}`)));
  const scripts = answers.flatMap((answer, n) => (n === 2 || n === 27 ? [echo, answer] : [answer]));
  const setup = setUpSessions(new ScriptedModel(...scripts), {
    compactor: new ScriptedCompactor('They talked.'),
    settings: { maxTokens: 2_400, ...settings },
  });
  const session = await setup.sessions.active();
  for (let n = 0; n < 30; n += 1) await session.send(long(`question ${n}`), { turnId: `t${n}` });
  return session;
}

const next = async ({ requests }: Session): Promise<Context> => requests.contextOf(await requests.parts());
const carried = ({ items }: Context): readonly string[] =>
  items.flatMap(({ included, turnId }) => (included && turnId !== undefined ? [turnId] : []));

suite('what a trim is said to change', () => {
  const choices: Readonly<Record<string, TrimChoice>> = {
    'the last 3 turns': { strategy: 'slidingWindow', turns: 3 },
    'the last 7 messages': { strategy: 'slidingWindow', messages: 7 },
    'no turn': { strategy: 'slidingWindow', turns: 0 },
    'more turns than fit': { strategy: 'slidingWindow', turns: 25 },
    'what 500 tokens hold': { strategy: 'tokenBudget', tokens: 500 },
    'tool calls and the last': { strategy: 'selectiveRetention', turns: 1 },
  };
  for (const [what, choice] of Object.entries(choices)) {
    test(`to ${what}: is what the next request then carries, to the turn and to the token`, async () => {
      const session = await open();
      const before = await next(session);
      const told = await session.requests.trim(choice, { preview: true });
      assert.deepEqual(carried(await next(session)), carried(before));
      assert.deepEqual(await session.requests.trim(choice), told);
      const after = await next(session);
      assert.deepEqual(told, requestChange(before, after));
      assert.equal(told.kept + told.trimmed, carried(before).length);
      assert.equal(told.kept + told.added, carried(after).length);
      assert.deepEqual([told.tokensBefore, told.tokensAfter], [before.tokens, after.tokens]);
    });
  }

  test('counts no turn that was left out already: by the budget, the sliding window, or an earlier trim', async () => {
    const session = await open();
    const count = carried(await next(session)).length;
    assert.ok(count > 2 && count < 20);
    const first = await session.requests.trim({ strategy: 'slidingWindow', turns: 2 });
    assert.deepEqual([first.kept, first.trimmed, first.added], [2, count - 2, 0]);
    const again = await session.requests.trim({ strategy: 'slidingWindow', turns: 2 }, { preview: true });
    assert.ok(changesNothing(again));
    assert.deepEqual([again.kept, again.trimmed], [2, 0]);

    const windowed = await open({ policy: slidingWindow({ turns: 4, messages: 0 }) });
    const none = await windowed.requests.trim({ strategy: 'slidingWindow', turns: 8 }, { preview: true });
    assert.ok(changesNothing(none), JSON.stringify(none));
  });

  test('names the turns that it brings back', async () => {
    const session = await open();
    await session.requests.trim({ strategy: 'slidingWindow', turns: 1 });
    const { kept, trimmed, added } = await session.requests.trim({ strategy: 'slidingWindow', turns: 4 });
    assert.deepEqual([kept, trimmed, added], [1, 0, 3]);
  });

  test('reaches as far back as fits, though the window was cut in a step before', async () => {
    const session = await open();
    const countNow = async (): Promise<number> => carried(await next(session)).length;
    let before = await countNow();
    for (let n = 0; n < 30 && (await countNow()) >= before; n += 1) {
      before = await countNow();
      await session.send(long(`more ${n}`));
    }
    const told = await session.requests.trim({ strategy: 'slidingWindow', turns: 25 }, { preview: true });
    assert.ok(told.added > 0 && told.trimmed === 0, JSON.stringify(told));
    await session.requests.trim({ strategy: 'slidingWindow', turns: 25 });
    assert.equal(await countNow(), told.kept + told.added);
  });

  test('to a summary: before it is made, the turns as they will be and about the tokens', async () => {
    const session = await open();
    const before = await next(session);
    const told = await trimToSummary(session, { preview: true });
    assert.deepEqual(await session.requests.summaries(), []);
    const done = await trimToSummary(session);
    const after = await next(session);
    assert.deepEqual([done.kept, done.trimmed, done.added], [told.kept, told.trimmed, told.added]);
    assert.deepEqual(carried(after), ['t29']);
    assert.equal(told.trimmed, carried(before).length - 1);
    assert.equal(told.summarised, done.summary?.turnIds.length);
    assert.ok(told.summarised > told.trimmed, 'turns that were left out before are summarised, too');
    assert.equal(done.tokensAfter, after.tokens);
    assert.ok(told.tokensAfter < told.tokensBefore && told.tokensAfter >= done.tokensAfter);
  });
});

suite('once the user has changed what is carried', () => {
  test('the next window reaches as far back as fits, and the one after it begins there, too', async () => {
    const session = await open();
    await session.requests.trim({ strategy: 'slidingWindow', turns: 1 });
    await session.requests.undoTrim();
    const { items } = await next(session);
    const window = items.filter(({ source }) => source === 'window');
    assert.ok(window.every(({ included, leftOut }) => included || leftOut === 'over-budget'));
    const first = window.find(({ included }) => included)?.turnId;
    await session.send('short');
    assert.equal(carried(await next(session))[0], first);
  });
});
