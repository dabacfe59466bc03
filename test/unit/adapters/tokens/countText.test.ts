import assert from 'node:assert/strict';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { countText } from '../../../../src/adapters/tokens/countText';
import { textSamples } from '../../../support/textSamples';

const count = (text: string): number => countTokens(text, { disallowedSpecial: new Set() });

suite('Counting a text in bounded time', () => {
  test('text of every kind is counted as the tokenizer counts it', () => {
    for (const [kind, text] of Object.entries(textSamples)) {
      const exact = count(text);
      const difference = countText(text, count) - exact;
      assert.ok(Math.abs(difference) <= 0.01 * exact + 1, `${kind}: ${difference} of ${exact}`);
    }
  });

  test('cuts stand only in runs of hundreds of characters, and lose nothing', () => {
    const parts: string[] = [];
    const text = `${'word '.repeat(500)}${'x'.repeat(1_000)} ${'😀'.repeat(400)}\n${'word '.repeat(500)}`;
    countText(text, (part) => parts.push(part));
    assert.equal(parts.join(''), text);
    assert.ok(parts.length >= 5 && parts.length <= 10, String(parts.length));
    for (const part of parts) assert.equal(Buffer.from(part).toString(), part, 'no pair is halved');
  });

  test('a megabyte of the worst there is costs no more than 200 kB of it', () => {
    const worst = {
      letters: 'a'.repeat(1_000_000),
      han: '龘'.repeat(1_000_000),
      marks: '\u0301'.repeat(1_000_000),
    };
    for (const [kind, text] of Object.entries(worst)) {
      let characters = 0;
      let longest = 0;
      const tokens = countText(text, (part) => {
        characters += part.length;
        longest = Math.max(longest, part.length);
        return part.length;
      });
      assert.ok(characters <= 200_000 && longest <= 257, `${kind}: ${characters}, ${longest}`);
      assert.equal(tokens, text.length);
    }
  });

  test('a long text is taken to be like its slices', () => {
    const text = Object.values(textSamples).join('\n\n').repeat(40);
    const exact = count(text.slice(0, text.length / 40)) * 40;
    assert.ok(Math.abs(countText(text, count) / exact - 1) < 0.05);
  });
});
