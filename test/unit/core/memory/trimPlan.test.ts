import assert from 'node:assert/strict';
import fc from 'fast-check';
import { noParts, type ContextParts } from '../../../../src/core/context/sessionContext';
import type { StoredTurn } from '../../../../src/core/historyLog';
import type { Summary } from '../../../../src/core/memory/summary';
import { standInPlan, trimPlan, type TrimChoice, type TrimPlan } from '../../../../src/core/memory/trimPlan';
import { exchange } from '../../../support/turns';

/** One for each letter: a plain turn, one with a Tool, or a Pinned one. Positions leave a gap after every third. */
function turnsOf(letters: string): readonly StoredTurn[] {
  return Array.from(letters).map((letter, index) => ({
    ...exchange(index + Math.floor(index / 3), letter === 'T' ? { result: 'r' } : {}),
    ...(letter === 'P' && { pinned: true }),
  }));
}

/** Those that requests carry under a plan, as they were given. */
function carriedOf(letters: string, { contextStart, contextKept }: TrimPlan): string {
  const turns = turnsOf(letters);
  return Array.from(letters)
    .map((letter, index) => {
      const { position = 0, pinned } = turns[index] ?? {};
      const isIn = position >= contextStart || pinned || contextKept.includes(position);
      return isIn ? letter : '-';
    })
    .join('');
}

const cost = ({ messages }: StoredTurn): number => messages.length * 10;
const trimmed = (letters: string, choice: TrimChoice): string =>
  carriedOf(letters, trimPlan(choice, turnsOf(letters), cost));

suite('a trim', () => {
  const ways: readonly (readonly [string, TrimChoice, string, string])[] = [
    ['the last turns', { strategy: 'slidingWindow', turns: 2 }, 'aPcTef', '-P--ef'],
    ['more turns than there are', { strategy: 'slidingWindow', turns: 9 }, 'aPcTef', 'aPcTef'],
    ['no turn', { strategy: 'slidingWindow', turns: 0 }, 'aPcTef', '-P----'],
    ['the last messages, in whole turns', { strategy: 'slidingWindow', messages: 6 }, 'abcTe', '---Te'],
    ['no message', { strategy: 'slidingWindow', messages: 0 }, 'aPc', '-P-'],
    ['tool calls and the last', { strategy: 'selectiveRetention', turns: 1 }, 'aTcTef', '-T-T-f'],
    ['what the newest cost', { strategy: 'tokenBudget', tokens: 60 }, 'abcTe', '---Te'],
    ['less than the newest costs', { strategy: 'tokenBudget', tokens: 19 }, 'abP', '--P'],
    ['more than all cost', { strategy: 'tokenBudget', tokens: 1_000 }, 'abc', 'abc'],
  ];
  for (const [what, choice, letters, expected] of ways) {
    test(`to ${what}: ${letters} is carried as ${expected}`, () => {
      assert.equal(trimmed(letters, choice), expected);
    });
  }

  test('carries what its strategy keeps and pins, nothing else, and what comes after it', () => {
    const choice = fc.oneof(
      fc.nat({ max: 12 }).map((turns): TrimChoice => ({ strategy: 'slidingWindow', turns })),
      fc.nat({ max: 40 }).map((messages): TrimChoice => ({ strategy: 'slidingWindow', messages })),
      fc.nat({ max: 400 }).map((tokens): TrimChoice => ({ strategy: 'tokenBudget', tokens })),
      fc.integer({ min: 1, max: 9 }).map((turns): TrimChoice => ({ strategy: 'selectiveRetention', turns })),
    );
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'T', 'P'), maxLength: 20 });
    fc.assert(
      fc.property(letters, choice, (text, chosen) => {
        const turns = turnsOf(text);
        const plan = trimPlan(chosen, turns, cost);
        const kept = carriedOf(text, plan);
        // What comes later stands behind all of these.
        assert.ok(plan.contextStart <= (turns.at(-1)?.position ?? -1) + 1);
        assert.deepEqual(
          plan.contextKept,
          [...plan.contextKept].sort((a, b) => a - b),
        );
        const newest = text.length - newestCount(turns, chosen);
        const isSelective = chosen.strategy === 'selectiveRetention';
        const expected = Array.from(text).map((letter, index) => {
          const isIn = index >= newest || letter === 'P' || (isSelective && letter === 'T');
          return isIn ? letter : '-';
        });
        assert.equal(kept, expected.join(''));
        // Pinned ones go anyway, whatever becomes of the trim.
        assert.ok(turns.every(({ pinned, position }) => !pinned || !plan.contextKept.includes(position)));
      }),
    );
  });
});

/** How many of the newest turns are within what is chosen. */
function newestCount(turns: readonly StoredTurn[], choice: TrimChoice): number {
  if ('turns' in choice) return choice.turns;
  const [most, costs] =
    'messages' in choice
      ? [choice.messages, turns.map(({ messages }) => messages.length)]
      : [choice.tokens, turns.map(cost)];
  let count = 0;
  for (let spent = 0; count < turns.length; count += 1) {
    spent += costs[turns.length - 1 - count] ?? 0;
    if (spent > most) break;
  }
  return 'messages' in choice && choice.messages > 0 ? Math.max(1, count) : count;
}

suite('a summary that stands in at once', () => {
  const parts = (letters: string, session: Partial<ContextParts['session']> = {}): ContextParts => ({
    ...noParts,
    turns: turnsOf(letters),
    session: { length: letters.length, contextStart: 0, ...session },
  });
  const summaryOf = (letters: string, covered: readonly number[]): Summary => {
    const turns = turnsOf(letters).filter((_, index) => covered.includes(index));
    return {
      id: 'm',
      sessionId: 's',
      createdAt: '2026-01-02T00:00:00.000Z',
      text: 'They talked.',
      by: 'template',
      turnIds: turns.map(({ id }) => id),
      from: turns[0]?.position ?? 0,
      to: turns.at(-1)?.position ?? 0,
      state: 'active',
    };
  };

  const planFor = (letters: string, covered: readonly number[], trim: Partial<TrimPlan> = {}): TrimPlan => {
    const { contextStart = 0, contextKept = [] } = trim;
    const isIn = carriedOf(letters, { contextStart, contextKept });
    const carried = turnsOf(letters).filter((_, index) => isIn[index] !== '-');
    const summary = summaryOf(letters, covered);
    return standInPlan(summary, parts(letters, trim), new Set(carried.map(({ id }) => id)));
  };

  test('leaves out its turns, and none that it does not cover', () => {
    const plan = planFor('abcdef', [0, 1, 3]);
    assert.equal(carriedOf('abcdef', plan), '--c-ef');
  });

  test('brings nothing back that is trimmed, and keeps what a trim keeps', () => {
    const trim = { contextStart: 5, contextKept: [1, 4] };
    assert.equal(carriedOf('aTcTef', trim), '-T-Tef');
    assert.equal(carriedOf('aTcTef', planFor('aTcTef', [1], trim)), '---Tef');
    assert.equal(carriedOf('aTcTef', planFor('aTcTef', [4], trim)), '-T-T-f');
  });

  test('brings nothing back that the budget leaves out', () => {
    const carried = new Set(
      turnsOf('abcdef')
        .slice(2)
        .map(({ id }) => id),
    );
    const plan = standInPlan(summaryOf('abcdef', [2, 3]), parts('abcdef'), carried);
    assert.equal(carriedOf('abcdef', plan), '----ef');
  });

  test('leaves pins to themselves', () => {
    assert.equal(carriedOf('aPcd', planFor('aPcd', [0, 2])), '-P-d');
  });
});
