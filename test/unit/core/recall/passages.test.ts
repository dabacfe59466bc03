import assert from 'node:assert/strict';
import fc from 'fast-check';
import { passagesOf } from '../../../../src/core/recall/passages';
import { readQuery } from '../../../../src/core/recall/query';
import { rankMessages } from '../../../../src/core/recall/rank';
import { rarityIn } from '../../../../src/core/recall/rarity';
import { fold, wordsOf } from '../../../../src/core/recall/words';

const piece = fc.constantFrom(
  'word ',
  'Word. ',
  '\n',
  '? ',
  'globalState ',
  '東京',
  'é',
  '\ud83d\ude00 ',
  '\ud83d',
  'x'.repeat(200),
);
const anyText = fc
  .array(fc.oneof(piece, fc.string({ unit: 'binary' })), { maxLength: 400 })
  .map((parts) => parts.join(''));

suite('Passages', () => {
  test('cover the text without a gap, in order', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const passages = passagesOf(text, wordsOf(text).length);
        assert.equal(passages.map(({ start, end }) => text.slice(start, end)).join(''), text);
        assert.ok(passages.length === 1 || passages.every(({ start, end }) => end > start));
      }),
    );
  });

  test('of a long text are short', () => {
    const text = 'A sentence of seven words stands here. '.repeat(200);
    const lengths = passagesOf(text, 1400).map(({ start, end }) => wordsOf(text.slice(start, end)).length);
    assert.ok(
      lengths.every((words) => words > 50 && words < 180),
      lengths.join(),
    );
  });

  test('highlights lie in the passage, apart and in order, and show words of the query', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('word', 'state', '東京', 'global word'), (text, query) => {
        const asked = readQuery(query, 0);
        const threads = [{ session: 1, messages: [{ role: 'user' as const, text, extra: '', at: 0 }] }];
        for (const { passage, highlights } of rankMessages(asked, threads, rarityIn(asked, threads))) {
          let last = passage.start;
          for (const { start, end } of highlights) {
            assert.ok(start >= last && end > start && end <= passage.end);
            last = end;
            assert.match(fold(text.slice(start, end)), /word|state|東京|global/);
          }
        }
      }),
    );
  });
});
