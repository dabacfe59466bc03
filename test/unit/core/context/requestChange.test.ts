import assert from 'node:assert/strict';
import { MemoryHistoryLog } from '../../../../src/adapters/storage/memoryHistoryLog';
import type { Context } from '../../../../src/core/context/context';
import { changesNothing, requestChange } from '../../../../src/core/context/requestChange';
import { slidingWindow } from '../../../../src/core/memory/slidingWindow';
import type { TrimChoice } from '../../../../src/core/memory/trimPlan';
import { trimToSummary } from '../../../../src/core/memory/trimToSummary';
import { undoSummary } from '../../../../src/core/memory/undoSummary';
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

suite('undoing one trim and no other', () => {
  test('takes that one back, once', async () => {
    const session = await open();
    await session.requests.trim({ strategy: 'slidingWindow', turns: 9 });
    const before = carried(await next(session));
    await session.requests.trim({ strategy: 'slidingWindow', turns: 2 });
    const trim = session.requests.trimInForce;
    assert.equal(await session.requests.undoThisTrim(trim), 'undone');
    assert.deepEqual(carried(await next(session)), before);
    assert.equal(await session.requests.undoThisTrim(trim), 'already-undone');
    assert.deepEqual(carried(await next(session)), before, 'the one before it stays');
  });

  test('leaves another trim alone that came since, in its place or after it', async () => {
    const session = await open();
    await session.requests.trim({ strategy: 'slidingWindow', turns: 9 });
    const trim = session.requests.trimInForce;
    await session.requests.trim({ strategy: 'slidingWindow', turns: 2 });
    assert.equal(await session.requests.undoThisTrim(trim), 'trimmed-again');
    assert.equal(carried(await next(session)).length, 2);
    await session.requests.undoTrim();
    await session.requests.undoTrim();
    await session.requests.trim({ strategy: 'slidingWindow', turns: 3 });
    assert.equal(await session.requests.undoThisTrim(trim), 'trimmed-again');
    assert.equal(carried(await next(session)).length, 3);
  });

  test('sees what another window has done to it', async () => {
    const log = new MemoryHistoryLog();
    const [here, there] = [
      setUpSessions(new ScriptedModel(), { log }),
      setUpSessions(new ScriptedModel(), { log }),
    ];
    const session = await here.sessions.active();
    for (const prompt of ['one', 'two', 'three']) await session.send(prompt);
    await session.requests.trim({ strategy: 'slidingWindow', turns: 1 });
    const trim = session.requests.trimInForce;
    await (await there.sessions.active()).requests.undoTrim();
    assert.equal(await session.requests.undoThisTrim(trim), 'already-undone');
  });

  test('a summary that is undone is not undone again, nor any trim with it', async () => {
    const session = await open();
    await session.requests.trim({ strategy: 'slidingWindow', turns: 9 });
    const { summary } = await trimToSummary(session);
    const id = summary?.id ?? '';
    assert.equal(await undoSummary(session, id), true);
    const before = [carried(await next(session)), session.summary?.trims];
    await session.requests.trim({ strategy: 'slidingWindow', turns: 30 - (summary?.to ?? 0) - 1 });
    assert.equal(session.summary?.contextStart, (summary?.to ?? 0) + 1, 'as the summary had left it');
    assert.equal(await undoSummary(session, id), false);
    await session.requests.undoTrim();
    assert.deepEqual([carried(await next(session)), session.summary.trims], before);
    assert.equal(await undoSummary(session, 'nobody'), false);
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
