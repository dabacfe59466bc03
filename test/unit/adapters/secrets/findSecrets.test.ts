import assert from 'node:assert/strict';
import { array, assert as always, constantFrom, integer, property, string, tuple } from 'fast-check';
import { maskTexts } from '../../../../src/adapters/secrets/secrets';
import type { MaskedText } from '../../../../src/core/secrets/maskText';
import { secretMark } from '../../../../src/core/secrets/secretMark';
import { innocentTexts, secretSamples } from '../../../support/secretSamples';

const storedKey = ['sk', 'test', 'Q7w8E9r0T1y2U3i4O5p6'].join('-');

function mask(text: string, unfinished = false, known: readonly string[] = [], rules = true): MaskedText {
  const [masked] = maskTexts({ texts: [text], known, rules, unfinished });
  assert.ok(masked);
  return masked;
}

/** So many characters of a secret in a row give it away; what keys of a service begin with is shorter. */
const telling = 12;

function tells(text: string, secret: string): boolean {
  for (let at = 0; at + telling <= secret.length; at += 1) {
    if (text.includes(secret.slice(at, at + telling))) return true;
  }
  return secret.length < telling && text.includes(secret);
}

suite('Secrets are found', () => {
  for (const { name, text, secret, kind } of secretSamples) {
    test(`${name}: masked, whole, as what it is`, () => {
      const masked = mask(text);
      assert.deepEqual(masked.kinds, [kind]);
      assert.ok(masked.text.includes(secretMark(kind)));
      // Not even a short end of it is left beside the mark.
      assert.equal(
        masked.text.includes(secret.slice(-2) + text.slice(text.indexOf(secret) + secret.length)),
        false,
      );
      assert.equal(tells(masked.text, secret), false, masked.text);
    });

    test(`${name}: wherever a text that is still written ends within it, no telling part is left`, () => {
      for (let end = 1; end <= text.length; end += 1) {
        const { text: masked } = mask(text.slice(0, end), true);
        assert.equal(tells(masked, secret), false, `${end}: ${masked}`);
      }
    });
  }

  test('several of them, in any text, and masked once masked', () => {
    const part = constantFrom(
      ...secretSamples.map(({ text }) => text),
      ...innocentTexts,
      'and',
      '\n',
      '"',
      '{',
      ': ',
    );
    always(
      property(array(tuple(part, string({ maxLength: 3 })), { maxLength: 6 }), (parts) => {
        const { text } = mask(parts.map(([one, glue]) => `${one} ${glue}\n`).join(''));
        for (const { secret, text: whole } of secretSamples) {
          if (parts.some(([one]) => one === whole)) assert.equal(text.includes(secret), false, secret);
        }
        assert.deepEqual(mask(text), { text, kinds: [] });
      }),
      { numRuns: 60 },
    );
  });

  test('in the arguments of a tool call, which stay JSON', () => {
    for (const { secret, text } of secretSamples) {
      const masked = mask(JSON.stringify({ command: text, deep: [{ text }] })).text;
      assert.equal(masked.includes(JSON.stringify(secret).slice(1, -1)), false);
      assert.deepEqual(Object.keys(JSON.parse(masked) as object), ['command', 'deep']);
    }
  });

  for (const text of innocentTexts) {
    test(`not in ${JSON.stringify(text.slice(0, 60))}`, () => {
      assert.deepEqual(mask(text), { text, kinds: [] });
    });
  }
});

suite('Keys that the product keeps', () => {
  const spellings = [
    storedKey,
    Buffer.from(storedKey).toString('base64'),
    Buffer.from(storedKey).toString('hex'),
  ];

  test('are masked in every spelling, and in parts, though the rules are off', () => {
    for (const spelling of [...spellings, storedKey.slice(3), storedKey.slice(0, -4)]) {
      const { text, kinds } = mask(`It is (${spelling}).`, false, [storedKey], false);
      assert.deepEqual(kinds, ['stored API key'], spelling);
      assert.equal(tells(text, spelling), false, text);
    }
  });

  test('nothing else is, where the rules are off', () => {
    for (const { text } of secretSamples)
      assert.deepEqual(mask(text, false, [storedKey], false), { text, kinds: [] });
  });

  test('are masked where a text that is still written ends within one', () => {
    const text = `The key is ${storedKey}`;
    for (let end = 1; end <= text.length; end += 1) {
      assert.equal(
        tells(mask(text.slice(0, end), true, [storedKey], false).text, storedKey),
        false,
        String(end),
      );
    }
  });

  test('in any text', () => {
    always(
      property(string(), string(), integer({ min: 0, max: 8 }), (before, after, cut) => {
        const { text } = mask(
          before + storedKey.slice(0, storedKey.length - cut) + after,
          false,
          [storedKey],
          false,
        );
        assert.equal(text.includes(storedKey.slice(0, 16)), false);
      }),
    );
  });

  test('a word that a server on this machine takes for a key is not taken out of what is said', () => {
    for (const word of ['ollama', 'lm-studio', 'none', 'not-needed']) {
      assert.deepEqual(mask(`We run ${word} here.`, false, [word]), {
        text: `We run ${word} here.`,
        kinds: [],
      });
    }
  });
});
