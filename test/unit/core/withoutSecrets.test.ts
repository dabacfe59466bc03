import assert from 'node:assert/strict';
import { withoutSecrets } from '../../../src/core/withoutSecrets';

suite('secrets', () => {
  test('are taken out of a text, and what only begins like one stays', () => {
    assert.equal(withoutSecrets('Bearer   abcdef123456'), 'Bearer   [key removed]');
    for (const text of [' '.repeat(1_000), 'Bearer ', 'sk-sk-', 'key-'])
      assert.equal(withoutSecrets(text, ['sk-a1b2c3d4e5f60718']), text);
  });
});
