import assert from 'node:assert/strict';
import { ask, history, run } from './support/throughline';

interface Item {
  readonly source: string;
  readonly turnId?: string;
  readonly summaryId?: string;
  readonly included: boolean;
  readonly tokens: number;
}

interface Trimmed {
  readonly sessionId: string;
  readonly trimmed: number;
  readonly kept: number;
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  readonly summary?: { readonly id: string; readonly turnIds: readonly string[] };
}

const items = async (): Promise<readonly Item[]> =>
  (await run<{ items: readonly Item[] }>('inspectContext', { prompt: 'x' })).items;
const carried = async (): Promise<readonly (string | undefined)[]> =>
  (await items()).filter(({ included, turnId }) => included && turnId).map(({ turnId }) => turnId);
const filler = 'It is a long story about a release that slipped by a week. '.repeat(8);

suite('pins and trims, scripted', () => {
  let turns: readonly string[];
  suiteSetup(async () => {
    await run('clearMemory', { scope: 'workspace', confirm: true });
  });
  setup(async () => {
    await run('newSession', {});
    const ids: string[] = [];
    for (const number of [1, 2, 3]) ids.push((await ask(`${filler} What is ${number} + 1?`)).turnId);
    ids.push((await ask('Tell me a joke without numbers.')).turnId);
    turns = ids;
  });

  test('a pinned turn is carried through a trim, says so in an export, and is unpinned again', async () => {
    const [first = ''] = turns;
    const { sessionId } = await history().then(({ id }) => ({ sessionId: id }));
    assert.deepEqual(await run('pinTurn', { turnId: first }), { turnId: first, sessionId, pinned: true });
    assert.deepEqual(await run('pinTurn', { turnId: first, pinned: true }), {
      turnId: first,
      sessionId,
      pinned: true,
    });
    const pin = (await items()).find(({ turnId }) => turnId === first);
    assert.ok(pin?.source === 'pin' && pin.tokens > 0);
    await run('trimMemory', { strategy: 'slidingWindow', turns: 1 });
    assert.deepEqual(await carried(), [first, turns.at(-1)]);
    await run('unpinTurn', { turnId: first });
    assert.deepEqual(await carried(), [turns.at(-1)]);
    await run('undoTrim', {});
    assert.deepEqual(await carried(), turns);
  });

  const ways: readonly (readonly [string, object, (ids: readonly string[]) => readonly string[]])[] = [
    ['the last turns', { strategy: 'slidingWindow', turns: 2 }, (ids) => ids.slice(-2)],
    ['the last messages', { strategy: 'slidingWindow', messages: 2 }, (ids) => ids.slice(-1)],
    ['selective retention', { strategy: 'selectiveRetention', turns: 1 }, (ids) => ids],
    ['nothing', { strategy: 'slidingWindow', turns: 0 }, () => []],
  ];
  for (const [name, argument, expected] of ways) {
    test(`trimming to ${name}: the preview changes nothing and tells the truth, and it is undone`, async () => {
      const preview = await run<Trimmed>('trimMemory', { ...argument, preview: true });
      assert.deepEqual(await carried(), turns);
      const done = await run<Trimmed>('trimMemory', argument);
      assert.deepEqual([done.kept, done.trimmed], [preview.kept, preview.trimmed]);
      assert.deepEqual(await carried(), expected(turns));
      assert.deepEqual([done.kept, done.trimmed], [expected(turns).length, 4 - expected(turns).length]);
      assert.ok(done.tokensAfter <= done.tokensBefore);
      assert.equal((await history()).turns.length, 4);
      if (done.trimmed === 0) return;
      await run('undoTrim', {});
      assert.deepEqual(await carried(), turns);
    });
  }

  test('trimming to a token budget carries the newest turns that cost no more', async () => {
    const costs = (await items()).filter(({ turnId }) => turnId).map(({ tokens }) => tokens);
    // In the middle between one turn and two, as estimates become counts.
    const tokens = Math.round((costs.at(-1) ?? 0) + (costs.at(-2) ?? 0) / 2);
    const preview = await run<Trimmed>('trimMemory', { strategy: 'tokenBudget', tokens, preview: true });
    assert.deepEqual([preview.kept, preview.trimmed], [1, 3]);
    assert.deepEqual(await carried(), turns);
    await run('trimMemory', { strategy: 'tokenBudget', tokens });
    assert.deepEqual(await carried(), turns.slice(-1));
    await run('undoTrim', {});
    assert.deepEqual(await carried(), turns);
  });

  test('summarising older turns takes their place at once, costs less, and is undone', async () => {
    const preview = await run<Trimmed>('trimMemory', { strategy: 'summarisation', preview: true });
    assert.deepEqual(await run('summaries', {}), []);
    const done = await run<Trimmed>('trimMemory', { strategy: 'summarisation' });
    assert.deepEqual([done.trimmed, done.kept], [preview.trimmed, preview.kept]);
    assert.deepEqual(done.summary?.turnIds, turns.slice(0, 3));
    assert.deepEqual(await carried(), turns.slice(-1));
    const sent = (await items()).filter(
      ({ included, turnId, summaryId }) => included && (turnId ?? summaryId),
    );
    assert.ok(sent.some(({ summaryId }) => summaryId === done.summary?.id));
    const next = await run<{ readonly tokens: number }>('inspectContext', { prompt: '' });
    assert.equal(next.tokens, done.tokensAfter);
    assert.ok(done.tokensAfter < done.tokensBefore);
    await run('changeSummary', { summaryId: done.summary.id, state: 'undone' });
    await run('undoTrim', {});
    assert.deepEqual(await carried(), turns);
  });

  test('what does not fit is refused with a reason, and changes nothing', async () => {
    const wrong: readonly (readonly [string, unknown])[] = [
      ['trimMemory', { strategy: 'slidingWindo', turns: 1 }],
      ['trimMemory', { strategy: 'slidingWindow' }],
      ['trimMemory', { strategy: 'slidingWindow', turns: 1, messages: 1 }],
      ['trimMemory', { strategy: 'tokenBudget', tokens: -1 }],
      ['trimMemory', { strategy: 'tokenBudget', tokens: '100' }],
      ['trimMemory', { strategy: 'selectiveRetention', turns: 1.5 }],
      ['trimMemory', { strategy: 'summarisation', turns: 1 }],
      ['trimMemory', {}],
      ['pinTurn', { turnId: 'none' }],
      ['pinTurn', { turnId: '' }],
      ['pinTurn', { turnId: turns[0], pinned: 'yes' }],
      ['unpinTurn', { turnId: 'none' }],
      ['changeSummary', { summaryId: 'none', state: 'undone' }],
    ];
    for (const [name, argument] of wrong) {
      await assert.rejects(run(name, argument), (error: Error & { reason?: string }) => {
        assert.equal(
          error.reason,
          'invalid-argument',
          `${name} ${JSON.stringify(argument)}: ${error.message}`,
        );
        return error.message.length > 10;
      });
    }
    await run('newSession', {});
    await assert.rejects(run('trimMemory', { strategy: 'summarisation' }), { reason: 'nothing-to-compact' });
    const { tokens } = await run<{ readonly tokens: number }>('inspectContext', { prompt: '' });
    assert.ok(tokens > 0, 'instructions and tools');
    assert.deepEqual(
      await run<Trimmed>('trimMemory', { strategy: 'slidingWindow', turns: 1, preview: true }),
      {
        sessionId: (await history()).id,
        trimmed: 0,
        kept: 0,
        added: 0,
        tokensBefore: tokens,
        tokensAfter: tokens,
      },
    );
  });
});
