import assert from 'node:assert/strict';
import { assert as always, constantFrom, property, array, string } from 'fast-check';
import { maskText, type FindSecrets } from '../../../../src/core/secrets/maskText';
import { secretKinds, secretMark, splitAtMarks } from '../../../../src/core/secrets/secretMark';

/** What is between stars is secret, and so is what goes by the name "pin". */
const find: FindSecrets = (text, { name }) =>
  name === 'pin' && text !== ''
    ? [{ start: 0, end: text.length, kind: 'password' }]
    : [...text.matchAll(/\*[^*]+\*/g)].map(({ index, 0: match }) => ({
        start: index,
        end: index + match.length,
        kind: 'API key',
      }));

suite('Masking a text', () => {
  const mark = secretMark('API key');

  test('puts a mark that tells the kind in place of each secret', () => {
    const masked = maskText('one *two* three *four*', find);
    assert.deepEqual(masked, { text: `one ${mark} three ${mark}`, kinds: ['API key', 'API key'] });
  });

  test('changes nothing in what is masked', () => {
    always(
      property(array(constantFrom('*', 'a', ' ', '"', ...secretKinds.map(secretMark))), (parts) => {
        const { text } = maskText(parts.join(''), find);
        assert.deepEqual(maskText(text, find), { text, kinds: [] });
      }),
    );
  });

  test('a mark of no kind that there is hides nothing', () => {
    assert.equal(maskText('[secret masked: *two*]', find).text, `[secret masked: ${mark}]`);
    assert.deepEqual(splitAtMarks('[secret masked: my key]'), ['[secret masked: my key]']);
  });

  test('JSON stays the JSON that it was but for the secrets, in its own form', () => {
    const text =
      '{ "a" : "one *two\\u00e9* \\"q\\"",  "pin":"1234", "n": 1.50, "list": ["*x*", {"pin": ["y"]}] }';
    const masked = maskText(text, find).text;
    assert.equal(
      masked,
      `{ "a" : "one ${mark} \\"q\\"",  "pin":"${secretMark('password')}", "n": 1.50, "list": ["${mark}", {"pin": ["y"]}] }`,
    );
  });

  test('JSON is JSON afterwards, whatever it says', () => {
    always(
      property(array(string()), constantFrom('*a*', '*"*', '*\\*', '*\n*'), (texts, secret) => {
        const value = { texts: texts.map((text) => text + secret), inner: JSON.stringify({ text: secret }) };
        const masked = JSON.parse(maskText(JSON.stringify(value), find).text) as typeof value;
        assert.deepEqual(
          masked.texts,
          value.texts.map((text) => maskText(text, find).text),
        );
        assert.deepEqual(JSON.parse(masked.inner), { text: mark });
      }),
    );
  });
});
