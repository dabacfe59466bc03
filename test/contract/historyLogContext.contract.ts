import assert from 'node:assert/strict';
import type { SentContext } from '../../src/core/context/sentContext';
import type { HistoryLog } from '../../src/core/historyLog';
import type { Summary } from '../../src/core/memory/summary';
import {
  append,
  assistant,
  complete,
  createdAt,
  leaseMs,
  type LogFixture,
  openSession,
  owner,
  rejectsWith,
  start,
  user,
} from './logFixture';

export function summary(id: string, turnIds: readonly string[], more: Partial<Summary> = {}): Summary {
  return {
    id,
    sessionId: 's1',
    createdAt,
    text: `What ${turnIds.join(' and ')} said`,
    by: 'template',
    turnIds,
    from: 0,
    to: turnIds.length - 1,
    state: 'active',
    ...more,
  };
}

export const sent: SentContext = {
  maxTokens: 16_000,
  reserve: 1_600,
  tokens: 420,
  items: [
    { source: 'instructions', included: true, reason: 'Always sent', tokens: 7, text: 'Be kind.' },
    { source: 'tools', included: true, reason: 'Always sent', tokens: 90, text: '[{"name":"calculator"}]' },
    { source: 'summary', included: true, reason: 'In place of 2 turns', tokens: 20, summaryId: 'a' },
    { source: 'window', included: false, reason: 'Too old', tokens: 0, turns: 12 },
    {
      source: 'window',
      included: true,
      reason: 'Recent',
      tokens: 60,
      positions: [2, 3],
      each: [20, 40],
      cut: 1,
    },
    { source: 'prompt', included: true, reason: 'Always sent', tokens: 12 },
  ],
};

export function historyLogContext(fixture: () => LogFixture): void {
  suite('for requests', () => contextSuites(fixture));
}

function contextSuites(fixture: () => LogFixture): void {
  let log: HistoryLog;

  setup(async () => {
    log = fixture().log;
    await openSession(log, 's1');
  });

  async function finish(id: string, context: SentContext | undefined, sessionId = 's1'): Promise<void> {
    const expectedLength = (await log.session(sessionId))?.length ?? 0;
    await log.begin(start(id, sessionId), { expectedLength, owner, leaseMs });
    await log.finish(id, owner, { ...complete(id), ...(context && { context }) });
  }

  suite('what was sent', () => {
    test('is told for the turn that it was sent with, texts and all', async () => {
      await finish('t1', sent);
      await finish('t2', undefined);
      await finish('t3', { ...sent, tokens: 500 });
      assert.deepEqual(await log.sentContext('t1'), sent);
      assert.equal(await log.sentContext('t2'), undefined);
      assert.deepEqual(await log.sentContext('t3'), { ...sent, tokens: 500 });
      assert.equal(await log.sentContext('nobody'), undefined);
    });

    test('is told of every request of the turn, in so many bytes however many these were', async () => {
      const [instructions, tools, ...rest] = sent.items;
      const items = [{ ...instructions, text: 'Be brief.' } as never, tools as never, ...rest.slice(0, -1)];
      const step = { tokens: 480, own: { messages: 3, tokens: 70, cuts: [[2, 400]] as const } };
      const later = [step, { ...step, tokens: 900, items, maxTokens: 8_000, reserve: 800 }];
      await finish('t1', { ...sent, later });
      assert.deepEqual(await log.sentContext('t1'), { ...sent, later });
      const positions = Array.from({ length: 2_000 }, (_, n) => n);
      const window = { source: 'window', included: true, reason: 'Recent', tokens: 1 } as const;
      const many = Array.from({ length: 100 }, (_, n) => ({
        ...step,
        tokens: n,
        items: [{ ...window, positions, each: positions }],
      }));
      await finish('t2', { ...sent, later: many });
      const stored = await log.sentContext('t2');
      const told = stored?.later?.length ?? 0;
      assert.ok(told > 0 && told + (stored?.untold ?? 0) === 100);
      assert.deepEqual(stored?.later, many.slice(0, told));
      assert.ok(JSON.stringify(stored).length < 70_000);
    });

    test('is in no turn that is read, and in no export', async () => {
      await finish('t1', sent);
      await finish('t2', undefined);
      const keys = (turn: object | undefined): string[] => Object.keys(turn ?? {});
      assert.deepEqual(keys(await log.turn('t1')), keys(await log.turn('t2')));
      for (const turn of (await log.turns('s1', { limit: 9 })).turns) assert.ok(!('context' in turn));
      const { sessions } = await log.dump();
      assert.ok(!JSON.stringify(sessions).includes('Be kind.'));
      for (const turn of sessions.flatMap(({ turns }) => turns)) assert.ok(!('context' in turn));
    });

    test('is no obstacle to finishing again, unless it is another', async () => {
      await finish('t1', sent);
      await log.finish('t1', owner, { ...complete('t1'), context: sent });
      await log.finish('t1', owner, complete('t1'));
      const other = { ...complete('t1'), context: { ...sent, tokens: 1 } };
      await rejectsWith(log.finish('t1', owner, other), 'exists');
      const reworded = { ...sent, items: [{ ...sent.items[0], text: 'Be rude.' } as never] };
      await rejectsWith(log.finish('t1', owner, { ...complete('t1'), context: reworded }), 'exists');
      assert.deepEqual(await log.sentContext('t1'), sent);
    });

    test('goes with its turn', async () => {
      await finish('t1', sent);
      await finish('t2', sent);
      await log.deleteTurn('t1');
      assert.equal(await log.sentContext('t1'), undefined);
      assert.deepEqual(await log.sentContext('t2'), sent);
      await log.clear();
      assert.equal(await log.sentContext('t2'), undefined);
    });

    test('keeps no text of what is deleted elsewhere: recalled passages are named, not copied', async () => {
      const recalled = { source: 'recalled', included: true, reason: 'Found', tokens: 5 } as const;
      await finish('t1', { ...sent, items: [{ ...recalled, text: 'from another turn' }] });
      assert.deepEqual((await log.sentContext('t1'))?.items, [recalled]);
    });

    test('names what it recalled, and the turn tells how many there were; no dump does', async () => {
      const passage = { messageId: 'a.0', turnId: 'a', sessionId: 's9', role: 'user', createdAt } as const;
      const item = { source: 'recalled', included: true, reason: 'Fits', tokens: 5 } as const;
      const items = [
        { ...item, recalled: { ...passage, passage: { start: 3, end: 9 } } },
        { ...item, recalled: { factId: 'f', createdAt } },
        { ...item, included: false, recalled: { factId: 'g', createdAt } },
      ];
      await finish('t1', { ...sent, items });
      assert.deepEqual((await log.sentContext('t1'))?.items, items);
      assert.equal((await log.turn('t1'))?.recalled, 2);
      assert.equal((await log.turns('s1', { limit: 1 })).turns[0]?.recalled, 2);
      await finish('t2', sent);
      assert.ok(!('recalled' in ((await log.turn('t2')) ?? {})));
      const dump = await log.dump();
      assert.ok(!JSON.stringify(dump).includes('recalled'));
      assert.equal((await log.load(dump, 'update')).updated.turns, 0);
      assert.equal((await log.turn('t1'))?.recalled, 2);
    });

    test('is kept by an import of the same turn, and not by one of another turn of that id', async () => {
      await finish('t1', sent);
      await finish('t2', sent);
      const dump = await log.dump();
      assert.deepEqual((await log.load(dump, 'update')).updated.turns, 0);
      const sessions = dump.sessions.map((session) => ({
        ...session,
        turns: session.turns.map((turn) =>
          turn.id === 't1' ? { ...turn, model: 'm' } : { ...turn, messages: [user('else'), assistant('x')] },
        ),
      }));
      assert.deepEqual((await log.load({ ...dump, sessions }, 'update')).updated.turns, 2);
      assert.deepEqual(await log.sentContext('t1'), sent);
      assert.equal(await log.sentContext('t2'), undefined);
    });

    test('is bounded: of very many turns left out only the number is kept, and a huge text is cut', async () => {
      const positions = Array.from({ length: 20_000 }, (_, n) => n);
      const leftOut = { source: 'window', included: false, reason: 'Too old', tokens: 9 } as const;
      const items = [
        { ...leftOut, positions, each: positions },
        { ...leftOut, included: true, positions: [20_000], each: [9] },
        { ...leftOut, source: 'instructions', included: true, text: 'ä'.repeat(1_000_000) } as const,
      ];
      await finish('t1', { ...sent, items });
      const stored = (await log.sentContext('t1'))?.items ?? [];
      assert.deepEqual(stored.slice(0, 2), [{ ...leftOut, turns: 20_000 }, items[1]]);
      const text = stored[2]?.text ?? '';
      assert.match(text, /^ä+\n\[Cut/u);
      assert.ok(Buffer.byteLength(text) <= 2 ** 20 && text.length > 2 ** 19 - 100);
    });
  });

  suite('usage', () => {
    test('is that of all of the session’s turns that tell of theirs, and of no other’s', async () => {
      await append(log, 't1');
      assert.equal(await log.usage('s1'), undefined);
      assert.equal(await log.usage('nobody'), undefined);
      const usages = [
        { prompt_tokens: 100, completion_tokens: 5 },
        { prompt_tokens: 200, completion_tokens: 7, cached_tokens: 64 },
      ];
      for (const [index, usage] of usages.entries()) {
        await log.begin(start(`u${index}`), { expectedLength: index + 1, owner, leaseMs });
        await log.finish(`u${index}`, owner, { ...complete(`u${index}`), usage });
        if (index === 0) assert.deepEqual(await log.usage('s1'), usages[0]);
      }
      assert.deepEqual(await log.usage('s1'), {
        prompt_tokens: 300,
        completion_tokens: 12,
        cached_tokens: 64,
      });
      await log.deleteTurn('u0');
      assert.deepEqual(await log.usage('s1'), usages[1]);
    });
  });

  suite('pins', () => {
    setup(async () => {
      for (const id of ['t1', 't2', 't3']) await append(log, id);
    });
    const pinned = async (id = 's1'): Promise<readonly string[]> =>
      (await log.pinned(id)).map((turn) => turn.id);

    test('are listed oldest first, whatever the order they were made in, each with the whole turn', async () => {
      await log.pin('t3', true);
      await log.pin('t1', true);
      assert.deepEqual(await pinned(), ['t1', 't3']);
      assert.deepEqual((await log.pinned('s1'))[0], await log.turn('t1'));
      assert.equal((await log.turn('t1'))?.pinned, true);
      assert.ok(!('pinned' in ((await log.turn('t2')) ?? {})));
      assert.deepEqual(await pinned('nobody'), []);
    });

    test('may be made and taken back again and again', async () => {
      const before = await log.turns('s1', { limit: 9 });
      for (const on of [true, true, false, false]) await log.pin('t2', on);
      assert.deepEqual(await log.turns('s1', { limit: 9 }), before);
      assert.deepEqual(await pinned(), []);
    });

    test('are told to those who listen', async () => {
      let told = 0;
      log.onChange(() => (told += 1));
      await log.pin('t2', true);
      assert.equal(told, 1);
    });

    test('are of turns that there are, and that have ended', async () => {
      await rejectsWith(log.pin('nobody', true), 'not-found');
      await log.begin(start('t4'), { expectedLength: 3, owner, leaseMs });
      await rejectsWith(log.pin('t4', true), 'busy');
      fixture().advance(leaseMs);
      await log.pin('t4', true);
      assert.deepEqual(await pinned(), []);
      await log.recover();
      assert.deepEqual(await pinned(), ['t4']);
    });

    test('stay when the turn’s owner finishes late, and what was sent stays when a turn is pinned', async () => {
      await log.begin(start('t4'), { expectedLength: 3, owner, leaseMs });
      fixture().advance(leaseMs);
      await log.recover();
      await log.pin('t4', true);
      await log.finish('t4', owner, { ...complete('t4'), context: sent });
      assert.deepEqual(await pinned(), ['t4']);
      await log.pin('t4', false);
      await log.finish('t4', owner, { ...complete('t4'), context: sent });
      assert.deepEqual(await log.sentContext('t4'), sent);
    });

    test('go with their turns', async () => {
      for (const id of ['t1', 't2']) await log.pin(id, true);
      await log.deleteTurn('t1');
      assert.deepEqual(await pinned(), ['t2']);
      await log.deleteSession('s1');
      assert.deepEqual(await pinned(), []);
    });
  });
}
