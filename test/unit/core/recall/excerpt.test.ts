import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { excerptOf, plainExcerpt, type ExcerptSource } from '../../../../src/core/recall/excerpt';
import type { Span } from '../../../../src/core/recall/passages';

function source(text: string, words: RegExp, passage: Span = { start: 0, end: text.length }): ExcerptSource {
  const highlights = [...text.matchAll(words)]
    .map(({ 0: word, index }) => ({ start: index, end: index + word.length }))
    .filter(({ start, end }) => start >= passage.start && end <= passage.end);
  return { text, passage, highlights };
}
const marked = (pieces: ReturnType<typeof excerptOf>): string =>
  pieces.map(({ text, marked: isMarked }) => (isMarked ? `[${text}]` : text)).join('');

suite('the excerpt of a hit', () => {
  test('a short text is shown whole, with what was looked for marked', () => {
    assert.equal(
      marked(excerptOf(source('The staging  server\nis bluefin.', /staging|server/g), 200)),
      'The [staging] [server] is bluefin.',
    );
  });

  test('of a long passage the stretch with most of what was looked for is shown, and cuts show', () => {
    const filler = 'nothing of the kind is told in here at all. '.repeat(20);
    const text = `The key ${filler}the spare key hangs in the boathouse ${filler}`;
    const shown = marked(excerptOf(source(text, /key|boathouse/g), 120));
    assert.match(shown, /^… .*\[key\] hangs in the \[boathouse\].* …$/);
    assert.ok(shown.length < 140, shown);
  });

  test('what stands before and after the passage shows as cut', () => {
    const text = 'Before. The passage. After.';
    assert.equal(
      marked(excerptOf(source(text, /passage/g, { start: 8, end: 20 }), 200)),
      '… The [passage]. …',
    );
    assert.equal(marked(excerptOf(source(text, /$^/g, { start: 0, end: 7 }), 200)), 'Before. …');
  });

  test('of a text of blanks there is nothing to show', () => {
    assert.deepEqual(excerptOf(source('', /x/g), 100), []);
    assert.deepEqual(excerptOf(source(' \n ', /x/g), 100), []);
  });

  test('it is bounded, is of the text, and never cuts a character in two', () => {
    const unit = fc.constantFrom('a', 'b ', '😀', '\n', '  ', 'key');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 400 }), fc.integer({ min: 20, max: 90 }), (text, length) => {
        const pieces = excerptOf(source(text, /key/g), length);
        const plain = plainExcerpt(pieces);
        assert.ok(plain.length <= length + 5, `${plain.length}`);
        assert.ok(plain.isWellFormed());
        const inner = plain.replace(/^… | …$/g, '').trim();
        assert.ok(text.replace(/\s+/g, ' ').includes(inner), plain);
        for (const { text: piece, marked: isMarked } of pieces) if (isMarked) assert.equal(piece, 'key');
      }),
    );
  });
});
