import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  fitsFilter,
  joinedFact,
  mergedFact,
  revisedFact,
  separatedFact,
  type Fact,
  type FactVersion,
} from '../../../../src/core/memory/fact';
import { anyFact, anyVersion } from '../../../support/arbitraries';

/** Every text that a fact has or had, with its time. */
function versionsOf({ history = [], ...present }: Fact): readonly string[] {
  return [...new Set([present, ...history].map(({ text, createdAt }) => `${createdAt} ${text}`))].sort();
}

const sameId = (fact: Fact): Fact => ({ ...fact, id: 'f' });

suite('A fact and its history', () => {
  const port: Fact = { id: 'f1', text: 'The port is 8080', createdAt: '2026-01-01T00:00:00.000Z' };
  const source = { sessionId: 's1', turnId: 't1' };
  const newer: FactVersion = { text: 'The port is 9090', createdAt: '2026-02-01T00:00:00.000Z', source };

  test('a newer text counts, and the older becomes history, each with its own time and source', () => {
    const revised = revisedFact(port, newer);
    const { id, ...earlier } = port;
    assert.deepEqual(revised, { id, ...newer, history: [earlier] });
    assert.deepEqual(revisedFact(revised, earlier).history, [newer, earlier]);
  });

  test('the same text again is no newer one', () => {
    assert.equal(revisedFact(port, { ...newer, text: port.text }), port);
  });

  test('revising loses no text, and keeps the id', () => {
    fc.assert(
      fc.property(anyFact, anyVersion, (fact, version) => {
        const revised = revisedFact(fact, version);
        assert.equal(revised.id, fact.id);
        assert.equal(revised.text, version.text);
        for (const known of versionsOf(fact)) assert.ok(versionsOf(revised).includes(known));
      }),
    );
  });

  test('separating makes two facts that together have every text, and neither has the id', () => {
    fc.assert(
      fc.property(anyFact, (fact) => {
        const separated = separatedFact(fact, { present: 'a', earlier: 'b' });
        if (!fact.history) {
          assert.equal(separated, undefined);
          return;
        }
        assert.ok(separated);
        assert.deepEqual([separated.present.id, separated.earlier.id], ['a', 'b']);
        assert.equal(separated.present.history, undefined);
        const both = [...versionsOf(separated.present), ...versionsOf(separated.earlier)];
        assert.deepEqual([...new Set(both)].sort(), versionsOf(fact));
      }),
    );
  });

  test('joining two states of a fact has the texts of both, and joining again changes nothing', () => {
    fc.assert(
      fc.property(anyFact.map(sameId), anyFact.map(sameId), (one, other) => {
        const joined = joinedFact(one, other);
        assert.deepEqual([joined.text, joined.createdAt], [one.text, one.createdAt]);
        assert.deepEqual(versionsOf(joined), [...new Set([...versionsOf(one), ...versionsOf(other)])].sort());
        assert.equal(joinedFact(joined, other), joined);
        assert.deepEqual(joinedFact(one, joined), joined);
      }),
    );
  });

  test('of two states the newer text counts, whichever is looked at first', () => {
    fc.assert(
      fc.property(anyFact.map(sameId), anyFact.map(sameId), (one, other) => {
        fc.pre(Date.parse(one.createdAt) !== Date.parse(other.createdAt));
        const [merged, reversed] = [mergedFact(one, other), mergedFact(other, one)];
        const newest = one.createdAt > other.createdAt ? one : other;
        assert.equal(merged.text, newest.text);
        assert.equal(reversed.text, newest.text);
        assert.deepEqual(versionsOf(merged), versionsOf(reversed));
      }),
    );
  });

  test('a filter looks for every word in any place, whatever the case and the accents', () => {
    const fact = { ...revisedFact(port, newer), text: 'The café opens at Größe 9' };
    for (const filter of ['', '  ', 'CAFE', 'opens caf', 'größe', 'grosse'.slice(0, 2), '9']) {
      assert.ok(fitsFilter(fact, filter, false), filter);
    }
    assert.equal(fitsFilter(fact, '8080', false), false);
    assert.equal(fitsFilter(fact, '8080', true), true);
    assert.equal(fitsFilter(fact, 'café 8080', true), false, 'the words of one text');
  });
});
