import assert from 'node:assert/strict';
import { mergePlan } from '../../../../src/core/memory/mergePlan';
import { inPlace, standing } from '../../../../src/core/memory/standing';
import type { Summary } from '../../../../src/core/memory/summary';

/** Of one turn at its place in the alphabet; a merged one of those that it names. */
function made(id: string, more: Partial<Summary> = {}): Summary {
  const letters = Array.from(id.toLowerCase());
  const positions = letters.map((letter) => letter.charCodeAt(0) - 97);
  return {
    id,
    sessionId: 's',
    createdAt: '2026-01-01T00:00:00.000Z',
    text: 'They talked.',
    by: 'template',
    turnIds: letters.map((letter) => `t-${letter}`),
    from: Math.min(...positions),
    to: Math.max(...positions),
    state: 'active',
    ...(id.length > 1 && { replaces: letters }),
    ...more,
  };
}

const cost = ({ id }: Summary): number => (id.length > 1 ? 30 : 40);
const ids = (summaries: Iterable<Summary>): string => [...summaries].map(({ id }) => id).join(' ');
const placed = (summaries: readonly Summary[], limit: number, inForce?: string): string => {
  const now = standing(summaries);
  const forced = now.single.filter(({ id }) => inForce?.includes(id) ?? true);
  return ids([...inPlace(now, forced, { cost, limit })].sort((a, b) => a.from - b.from));
};
const merge = (summaries: readonly Summary[], limit = 100, mostTurns = 50): string | undefined => {
  const plan = mergePlan(summaries, { cost, limit, mostTurns });
  return plan && `${ids(plan.replaces)}: ${plan.tokens}`;
};

const four = ['a', 'b', 'c', 'd'].map((id) => made(id));

suite('the summaries that stand', () => {
  test('are the single ones as long as they fit together, then the merged one in place of its own', () => {
    const all = [made('a'), made('ABC'), made('b'), made('c'), made('d')];
    assert.equal(placed(all, 160), 'a b c d');
    assert.equal(placed(all, 159), 'ABC d');
    assert.equal(placed(all, 10), 'ABC d');
  });

  test('are no merged one while one that it replaces still waits for its turns to be left out', () => {
    assert.equal(placed([made('a'), made('ABC'), made('b'), made('c')], 10, 'a b'), 'a b');
  });

  test('are no merged one that was undone, or of which one was', () => {
    assert.equal(placed([made('a'), made('AB', { state: 'undone' }), made('b')], 10), 'a b');
    assert.equal(placed([made('a', { state: 'undone' }), made('AB'), made('b')], 10), 'b');
    const later = [made('a'), made('AB'), made('b'), made('BC'), made('c', { state: 'undone' })];
    assert.equal(placed(later, 10), 'AB', 'nor does it keep another from standing');
  });

  test('of two merged ones that share, the later', () => {
    const all = [made('a'), made('AB'), made('b'), made('BCD'), made('c'), made('d')];
    assert.equal(placed(all, 10), 'a BCD');
    const undone = all.map((one) => (one.id === 'BCD' ? { ...one, state: 'undone' as const } : one));
    assert.equal(placed(undone, 10), 'AB c d');
  });

  test('of which one is lost: the merged one stands for all of them by itself', () => {
    assert.equal(placed([made('a'), made('ABC'), made('c'), made('d')], 1_000), 'ABC d');
  });
});

suite('which summaries are merged', () => {
  test('none while they fit, and none where there is but one', () => {
    assert.equal(merge(four, 160), undefined);
    assert.equal(merge(four.slice(0, 1), 10), undefined);
  });

  test('as many of the oldest as leave space for the next', () => {
    // 33 is wished for the merged one, and 66 are left to all.
    assert.equal(merge(four), 'a b c d: 160');
    assert.equal(merge(four, 150), 'a b c: 120');
    assert.equal(merge([...four, made('e')], 199), 'a b c d: 160');
  });

  test('with what a merged one stands for already, all from the turns', () => {
    const all = [made('a'), made('AB'), made('b'), made('c'), made('d'), made('e')];
    assert.equal(merge(all, 149), 'a b c d: 110');
    assert.equal(merge(all, 150), undefined);
  });

  test('none that the user has changed or brought back, nor any before it', () => {
    const edited = four.map((one) => (one.id === 'b' ? { ...one, edited: true } : one));
    assert.equal(merge(edited, 70), 'c d: 80');
    assert.equal(merge([made('a'), made('AB', { state: 'undone' }), ...four.slice(1)], 70), 'c d: 80');
    assert.equal(merge([made('a'), made('AB', { edited: true }), ...four.slice(1)], 70), 'c d: 80');
  });

  test('none too far back to be read with the others', () => {
    assert.equal(merge(four, 100, 3), 'b c d: 120');
  });
});
