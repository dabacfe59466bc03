import assert from 'node:assert/strict';
import { maskTexts } from '../../../../src/adapters/secrets/secrets';
import { secretSamples } from '../../../support/secretSamples';

const masked = (text: string, unfinished = false): string =>
  maskTexts({ texts: [text], known: [], rules: true, unfinished })[0]?.text ?? text;
const prefix = 'Some words before it. ';

suite('Secrets where texts are cut, long or odd', () => {
  test('of a stream, no part of a secret that tells it is kept, wherever the stream is cut', () => {
    for (const { text, secret } of secretSamples) {
      const start = text.indexOf(secret);
      for (let end = start + 8; end < start + secret.length; end += 3) {
        const kept = masked(prefix + text.slice(0, end), true);
        const shown = secret.slice(0, end - start);
        assert.ok(shown.length < 20 || !kept.includes(shown), `${end - start} of ${secret.length}: ${kept}`);
      }
    }
  });

  for (const [name, wrap] of Object.entries({
    'with CRLF': (text: string) => `One\r\n${text}\r\nTwo\r\n`,
    'in the middle of a megabyte': (text: string) =>
      `${'word and more\n'.repeat(40_000)}${text}\n${'word and more\n'.repeat(40_000)}`,
    'beside other scripts': (text: string) => `鍵は ${text} です\u2028👩‍👩‍👧 ${text}`,
    'in arguments of a tool': (text: string) => JSON.stringify({ command: `run ${text}`, list: [text] }),
    'in a result that is JSON in JSON': (text: string) => JSON.stringify({ out: JSON.stringify({ text }) }),
  }))
    test(`${name}, every sample is masked`, () => {
      const samples = name.includes('megabyte') ? secretSamples.slice(0, 3) : secretSamples;
      for (const { text, secret } of samples) {
        if (/\n/.test(secret) && name !== 'with CRLF') continue;
        const kept = masked(wrap(text));
        assert.ok(!kept.includes(secret), `${name}: ${secret.slice(0, 8)}…`);
      }
    });
});
