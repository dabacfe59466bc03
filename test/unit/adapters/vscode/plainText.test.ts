import assert from 'node:assert/strict';
import { plainLabel } from '../../../../src/adapters/vscode/plainText';

suite('text from elsewhere in a list of VS Code', () => {
  test('is shown as written: what would be an icon stays text', () => {
    assert.equal(plainLabel('$(trash) all $(sync~spin) $5 $()'), '\\$(trash) all \\$(sync~spin) $5 $()');
  });

  test('is one line of bearable length', () => {
    assert.equal(plainLabel('a\n\tb  c '), 'a b c');
    assert.equal(plainLabel('x'.repeat(1_000_000)).length, 300);
  });
});
