import assert from 'node:assert/strict';
import { extraWordsOf, searchableText } from '../../../../src/adapters/storage/searchText';

suite('What search makes of text', () => {
  test('identifiers are found by their parts', () => {
    assert.equal(
      extraWordsOf('globalState and parseHTTPResponse, not CAPS or plain'),
      'global State parse HTTP Response',
    );
  });

  test('words that are written without spaces are told apart', () => {
    assert.match(extraWordsOf('明日は東京'), /東京/);
  });

  test('a tool call is found by name and arguments, and holds no NUL', () => {
    const call = {
      id: 'c',
      type: 'function',
      function: { name: 'readFile', arguments: '{"a":"\0"}' },
    } as const;
    const { extra } = searchableText({ role: 'assistant', content: 'x\0', tool_calls: [call] });
    assert.match(extra, /readFile/);
    assert.ok(!extra.includes('\0'));
  });
});
