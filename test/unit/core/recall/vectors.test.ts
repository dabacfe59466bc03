import assert from 'node:assert/strict';
import fc from 'fast-check';
import { unitVector } from '../../../../src/core/embeddingModel';
import { embeddedPassages, embeddedSize } from '../../../../src/core/recall/embeddedPassages';
import { nearness } from '../../../../src/core/recall/fusion';
import { cosineWith, Highest, packVector, SignScorer, signsOf } from '../../../../src/core/recall/vectors';

const vectors = fc
  .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 70 })
  .map((values) => unitVector(Float32Array.from(values)))
  .filter((vector) => vector !== undefined);

const dot = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

suite('vectors', () => {
  test('what is kept of a vector tells its cosine with any other within a hundredth', () => {
    fc.assert(
      fc.property(vectors, vectors, (a, b) => {
        if (a.length !== b.length) assert.equal(cosineWith(a, packVector(b)), undefined);
        else assert.ok(Math.abs((cosineWith(a, packVector(b)) ?? NaN) - dot(a, b)) < 0.035);
        assert.ok(Math.abs((cosineWith(a, packVector(a)) ?? NaN) - 1) < 0.01);
      }),
    );
  });

  test('signs are scored as the query would be by a vector of ones', () => {
    fc.assert(
      fc.property(vectors, vectors, (query, vector) => {
        const padded = new Float32Array(query.length).map((_, index) => vector[index] ?? 0);
        const ones = padded.map((value) => (value > 0 ? 1 : -1));
        const signs = new Uint8Array([0, ...signsOf(padded)]);
        assert.ok(Math.abs(new SignScorer(query).score(signs, 1) - dot(query, ones)) < 1e-4);
      }),
    );
  });

  test('the highest of any scores are kept', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -99, max: 99 })), fc.integer({ min: 1, max: 9 }), (scores, count) => {
        const highest = new Highest(count);
        scores.forEach((score, key) => highest.add(key, score));
        const sorted = (all: readonly number[]): readonly number[] => [...all].sort((a, b) => b - a);
        assert.deepEqual(
          sorted(highest.keys.map((key) => scores[key] ?? NaN)),
          sorted(scores).slice(0, count),
        );
      }),
    ); // prettier-ignore
  });

  test('a vector without a direction has no unit', () => {
    for (const values of [[], [0, 0], [Infinity, 1], [NaN]]) {
      assert.equal(unitVector(Float32Array.from(values)), undefined);
    }
  });

  test('nearness goes from what is unrelated to the same, whatever the numbers', () => {
    assert.equal(nearness(0.2, 0.2), 0);
    assert.equal(nearness(-1, 0.2), 0);
    assert.equal(nearness(1.001, 0.2), 1);
    assert.equal(nearness(1, 1), 0);
    assert.ok(Math.abs(nearness(0.6, 0.2) - 0.5) < 1e-9);
  });
});

suite('what of a text is embedded', () => {
  test('any text is embedded in bounded pieces, in order, none empty, no character cut', () => {
    const word = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constant('🌍'.repeat(1_500)));
    const text = fc.array(word, { maxLength: 60 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(text, (given) => {
        let last = 0;
        for (const { start, end } of embeddedPassages(given)) {
          assert.ok(start >= last && end > start && end - start <= embeddedSize.characters);
          assert.ok(given.slice(start, end).trim() !== '');
          assert.ok(
            !/^[\udc00-\udfff]|[\ud800-\udbff]$/.test(given.slice(start, end)) || !given.isWellFormed(),
          );
          last = end;
        }
      }),
    );
  });

  test('a short text is one passage, and one without a word none', () => {
    assert.deepEqual(embeddedPassages('Two words'), [{ start: 0, end: 9 }]);
    for (const nothing of ['', ' \n', '?!', '—']) assert.deepEqual(embeddedPassages(nothing), []);
  });
});
