import assert from 'node:assert/strict';
import fc from 'fast-check';
import { summaryLimit } from '../../../../src/core/context/budget';
import type { Context } from '../../../../src/core/context/context';
import { buildContext } from '../../../../src/core/context/contextBuilder';
import { InputError } from '../../../../src/core/errors';
import type { StoredTurn } from '../../../../src/core/historyLog';
import { chosenPolicy } from '../../../../src/core/memory/chosenPolicy';
import type { Summary } from '../../../../src/core/memory/summary';
import { estimatingTokenCounter } from '../../../../src/core/tokenCounter';
import { faultsOf } from '../../../support/checkRequest';
import { exchange } from '../../../support/turns';

const counter = estimatingTokenCounter();

const words = fc.integer({ min: 1, max: 400 }).map((count) => 'word '.repeat(count));
const turn = fc.record({
  answer: words,
  result: fc.option(words, { nil: undefined }),
  kind: fc.constantFrom('plain', 'plain', 'plain', 'pinned', 'failed'),
});

const history = fc.array(turn, { minLength: 1, maxLength: 25 }).map((shapes) =>
  shapes.map(({ answer, result, kind }, position): StoredTurn => {
    const made = exchange(position, { answer, ...(result !== undefined && { result }) });
    if (kind === 'failed') return { ...made, status: 'failed', messages: made.messages.slice(0, 1) };
    return kind === 'pinned' ? { ...made, pinned: true } : made;
  }),
);

/** Of stretches of the turns, the second half of them undone, and one merged of the first two. */
function summariesOf(
  turns: readonly StoredTurn[],
  ends: readonly number[],
  text: string,
): readonly Summary[] {
  const stops = [...new Set(ends.map((end) => end % turns.length))].sort((a, b) => a - b);
  const made = (id: string, from: number, to: number): Summary => ({
    id,
    sessionId: 's',
    createdAt: '2026-01-02T00:00:00.000Z',
    text,
    by: 'template',
    turnIds: turns.slice(from, to + 1).map((one) => one.id),
    from,
    to,
    state: 'active',
  });
  const singles = stops.map((to, index) => made(`m${index}`, (stops[index - 1] ?? -1) + 1, to));
  const [first, second] = singles;
  const merged = first && second ? [{ ...made('both', first.from, second.to), replaces: ['m0', 'm1'] }] : [];
  return [...singles, ...merged].sort((a, b) => a.from - b.from || a.to - b.to);
}

const cases = fc.record({
  turns: history,
  ends: fc.array(fc.nat({ max: 24 }), { maxLength: 4 }),
  summary: words,
  undone: fc.constantFrom('', 'm0', 'both'),
  contextStart: fc.nat({ max: 10 }),
  contextKept: fc.array(fc.nat({ max: 10 }), { maxLength: 3 }),
  start: fc.option(fc.nat({ max: 25 }), { nil: undefined }),
  maxTokens: fc.integer({ min: 400, max: 6_000 }),
  margin: fc.constantFrom(1, 1.3),
  policies: fc.subarray(['slidingWindow', 'selectiveRetention'] as const),
});

/** @returns the context, or the words in which it is refused */
function built({ turns, ends, summary, undone, maxTokens, policies, ...rest }: Case): Context | string {
  const summaries = summariesOf(turns, ends, summary).map((one) =>
    one.id === undone ? { ...one, state: 'undone' as const } : one,
  );
  try {
    return buildContext({
      ...rest,
      counter,
      policy: chosenPolicy({ policies, windowTurns: 8, windowMessages: 0, recentTurns: 3 }),
      instructions: [{ source: 'instructions', text: 'Be brief.', reason: 'Test' }],
      tools: [],
      turns,
      summaries,
      current: [{ role: 'user', content: 'And now?' }],
      maxTokens,
    });
  } catch (error) {
    assert.ok(error instanceof InputError && error.reason === 'cannot-fit');
    return error.message;
  }
}

type Case = (typeof cases extends fc.Arbitrary<infer T> ? T : never) & object;

suite('any request', () => {
  test('is within the budget, or names what does not fit; it is whole, in order, and gives each turn its reason', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const context = built(given);
        const { turns, maxTokens, margin } = given;
        if (typeof context === 'string') {
          assert.match(context, /^The pinned turn "p\d+" needs about \d+ tokens.*Unpin it/);
          assert.equal(typeof built({ ...given, ends: [] }), 'string', 'no summary keeps a pin out');
          return;
        }
        const { messages } = context.request;
        const cost = messages.reduce((sum, message) => sum + counter.message(message), 0);
        assert.ok(cost <= context.tokens && context.tokens <= (maxTokens * 0.75) / margin + 1);
        assert.deepEqual(faultsOf({ messages, tools: [] }), []);
        const ofTurns = context.items.filter(({ source }) => source === 'window' || source === 'pin');
        assert.deepEqual(
          ofTurns.map(({ turnId }) => turnId),
          turns.map(({ id }) => id),
        );
        const sent = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
        const included = ofTurns
          .filter((item) => item.included)
          .map(({ messages: [prompt] }) => prompt?.content);
        assert.deepEqual(sent, [...included, 'And now?']);
        const inWindow = ofTurns.filter((item) => item.source === 'window' && item.included);
        if (given.policies.includes('slidingWindow')) assert.ok(inWindow.length <= 8);
        for (const { turnId } of inWindow) {
          assert.notEqual(turns.find(({ id }) => id === turnId)?.status, 'failed');
        }
        for (const item of ofTurns) {
          assert.notEqual(item.reason, '');
          assert.equal(item.leftOut === undefined, item.included);
          if (item.source === 'pin') assert.ok(item.included);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('carries summaries within their share, tells no turn twice, and says of each why', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const context = built(given);
        if (typeof context === 'string') return;
        const summaries = new Map(
          summariesOf(given.turns, given.ends, given.summary).map((one) => [one.id, one.turnIds]),
        );
        const carried = context.items.filter(({ source, included }) => source === 'summary' && included);
        const cost = carried.reduce((sum, { tokens }) => sum + tokens, 0);
        assert.ok(cost <= summaryLimit(given.maxTokens));
        const toldBy = carried.flatMap(({ summaryId = '' }) => summaries.get(summaryId) ?? []);
        assert.equal(new Set(toldBy).size, toldBy.length, 'by no two summaries');
        for (const { source, turnId = '', included, leftOut } of context.items) {
          if (source === 'window' && toldBy.includes(turnId)) assert.ok(!included);
          if (leftOut === 'summarised') {
            assert.ok([...summaries].some(([id, ids]) => id !== given.undone && ids.includes(turnId)));
          }
        }
        assert.ok(!carried.some(({ summaryId }) => summaryId === given.undone));
        for (const item of context.items) assert.notEqual(item.reason, '');
      }),
      { numRuns: 150 },
    );
  });

  test('carries the newest turns without a hole, and every reason is true', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const context = built({ ...given, policies: [] });
        if (typeof context === 'string') return;
        const { items, budget } = context;
        const costs = (wanted: (item: (typeof items)[number]) => boolean): number =>
          items.filter(wanted).reduce((sum, { tokens }) => sum + tokens, 0);
        const told = summariesOf(given.turns, given.ends, given.summary);
        const partOf = new Map(items.map((item) => [item.summaryId, item.summaryPart]));
        const elsewhere = new Set(['trimmed', 'failed', 'summarised', 'summary-left-out']);
        const window = items.filter(
          ({ source, leftOut = '' }) => source === 'window' && !elsewhere.has(leftOut),
        );
        const first = window.findIndex(({ included }) => included);
        const carried = window.filter(({ included }) => included);
        assert.deepEqual(first === -1 ? [] : window.slice(first), carried, 'a suffix');
        const rest = costs((item) => item.included && item.source !== 'window' && item.source !== 'summary');
        const newest = window.at(-1);
        if (newest && !newest.included) {
          assert.ok(rest + newest.tokens > budget, 'summaries give way for it');
        }
        const last = items.findLast(
          ({ source, turnId, leftOut }) =>
            source === 'window' &&
            leftOut !== 'failed' &&
            given.turns.findIndex(({ id }) => id === turnId) >= given.contextStart,
        );
        if (last?.leftOut === 'summary-left-out') assert.deepEqual(carried, []);
        for (const { source, turnId = '', tokens, leftOut, reason } of items) {
          const own = told.filter(({ id, turnIds }) => id !== given.undone && turnIds.includes(turnId));
          const parts = own.map(({ id }) => partOf.get(id));
          if (source !== 'window' || leftOut === undefined) continue;
          if (reason === 'Longer than the whole token budget') assert.ok(tokens > budget);
          if (leftOut === 'no-room') assert.ok(tokens <= budget && rest + tokens > budget && !carried.length);
          if (leftOut === 'no-room' || leftOut === 'cannot-fit') assert.equal(turnId, newest?.turnId);
          if (leftOut === 'summarised') assert.ok(parts.includes('sent'));
          if (leftOut === 'summary-left-out') {
            assert.ok(parts.includes('left-out') && !parts.includes('sent'));
          }
          if (leftOut === 'over-budget') {
            const newer = items.slice(items.findIndex((item) => item.turnId === turnId));
            const all = newer
              .filter((item) => item.source === 'window')
              .filter((item) => item.leftOut === 'summary-left-out' || !elsewhere.has(item.leftOut ?? ''))
              .reduce((sum, item) => sum + item.tokens, 0);
            assert.ok(all + costs((item) => item.included && item.source !== 'window') > budget);
          }
        }
        for (const { source, included, summaryPart } of items) {
          assert.equal(summaryPart !== undefined, source === 'summary');
          if (source === 'summary') assert.equal(summaryPart === 'sent', included);
        }
      }),
      { numRuns: 150 },
    );
  });
});
