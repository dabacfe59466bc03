import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { estimateTokens } from '../../../../src/core/tokens/estimateTokens';
import { anyText } from '../../../support/arbitraries';
import { textSamples } from '../../../support/textSamples';

const withinShare = 0.25;

suite('Estimating tokens without a tokenizer', () => {
  for (const [kind, text] of Object.entries(textSamples)) {
    const counted = countTokens(text);
    const off = estimateTokens(text) / counted - 1;
    const shown = `${off > 0 ? '+' : ''}${(off * 100).toFixed(0)} % of ${counted}`;
    test(`${kind}: no more than ${withinShare * 100} % off (${shown})`, () => {
      assert.ok(Math.abs(off) <= withinShare, shown);
    });
  }

  test('nothing costs nothing, anything costs something, and never a number that is none', () => {
    assert.equal(estimateTokens(''), 0);
    fc.assert(
      fc.property(
        anyText.filter((text) => text !== ''),
        (text) => {
          const tokens = estimateTokens(text);
          assert.ok(
            Number.isSafeInteger(tokens) && tokens >= 0 && tokens <= 6 + 3 * text.length,
            String(tokens),
          );
        },
      ),
    );
  });

  test('a long text is estimated from slices of it', () => {
    const part = Object.values(textSamples).join('\n\n');
    const one = estimateTokens(part.repeat(2));
    const many = estimateTokens(part.repeat(400));
    assert.ok(Math.abs(many / (one * 200) - 1) < 0.15, `${many} for ${one * 200}`);
  });
});
