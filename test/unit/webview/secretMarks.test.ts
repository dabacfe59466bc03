import assert from 'node:assert/strict';
import { secretKinds, secretMark } from '../../../src/core/secrets/secretMark';
import { secretMarkAt, withSecretMarks } from '../../../src/webview/secretMarks';

suite('Marks in place of secrets', () => {
  test('every one that is stored is drawn as one', () => {
    for (const kind of secretKinds) {
      const mark = secretMark(kind);
      assert.equal(secretMarkAt(`a${mark}b`, 1), mark);
      const parts = withSecretMarks(`a${mark}b`);
      assert.deepEqual([parts[0], parts[2], parts.length], ['a', 'b', 3]);
    }
  });

  test('nothing else is', () => {
    for (const text of ['[secret masked: <b>]', '[secret masked:', 'masked: password]', '']) {
      assert.deepEqual(withSecretMarks(text), text === '' ? [] : [text]);
      assert.equal(secretMarkAt(text, 0), undefined);
    }
  });
});
