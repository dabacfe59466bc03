import assert from 'node:assert/strict';
import { matchExpression } from '../../../../src/adapters/storage/engine/recall';
import { extraWordsOf, queryTerms, searchableText } from '../../../../src/adapters/storage/searchText';

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

  test('a query loses its stop words unless there is nothing else', () => {
    assert.deepEqual(queryTerms('What is the Plan?').words, ['plan']);
    assert.deepEqual(queryTerms('what is the').words, ['what', 'is', 'the']);
    assert.deepEqual(queryTerms('  "!?" ').words, []);
  });

  test('a path is also looked for as one piece', () => {
    assert.equal(matchExpression('src/core/a.ts'), '"src" OR "core" OR "ts" OR "src core a ts"');
    assert.equal(matchExpression('"a" OR *'), '"a" OR "or"');
  });

  test('a query is bounded however long it is', () => {
    const words = Array.from({ length: 5000 }, (_, n) => `word${n}`).join(' ');
    assert.ok(queryTerms(words).words.length <= 48);
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
