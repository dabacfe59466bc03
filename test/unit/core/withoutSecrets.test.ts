import assert from 'node:assert/strict';
import { withoutSecrets } from '../../../src/core/withoutSecrets';

suite('secrets', () => {
  test('are taken out of a long text in time that grows with its length alone', () => {
    for (const text of [
      ' '.repeat(100_000),
      `Bearer${' '.repeat(100_000)}`,
      'Bearer '.repeat(15_000),
      'sk-'.repeat(30_000),
      `key-${'*'.repeat(100_000)}`,
    ]) {
      withoutSecrets(text, ['sk-a1b2c3d4e5f60718']);
    }
    assert.equal(withoutSecrets('Bearer   abcdef123456'), 'Bearer   [key removed]');
  });
});
