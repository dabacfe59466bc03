import assert from 'node:assert/strict';
import { isEcho, quotedTexts, repeatsQuoted } from '../../../../src/core/memory/echo';

const passage =
  'Last spring my dog Rex chased the postman across the yard, and we moved to the new flat in June.';

suite('What was recalled is not stored again', () => {
  for (const text of [
    passage,
    'my dog Rex chased the postman across the yard',
    'The user’s dog Rex chased the postman across the yard.',
    '"…we moved to the new flat in June"',
    'MOVED TO THE NEW FLAT IN JUNE',
  ]) {
    test(`"${text}" repeats the passage`, () => assert.equal(repeatsQuoted(text, [passage], ''), true));
  }

  for (const text of [
    'My dog is called Rex',
    'The postman lives in the new flat',
    'The release is on Friday',
    'June, yard, flat, postman, dog',
  ]) {
    test(`"${text}" does not`, () => assert.equal(repeatsQuoted(text, [passage], ''), false));
  }

  test('what the user says in this turn may be stored, whatever was recalled for it', () => {
    const said = 'Remember that my dog Rex chased the postman across the yard!';
    assert.equal(repeatsQuoted('My dog Rex chased the postman across the yard', [passage], said), false);
    assert.equal(repeatsQuoted('We moved to the new flat in June', [passage], said), true);
  });

  test('a single word is no passage unless it stands there, and nothing repeats nothing', () => {
    assert.equal(repeatsQuoted('Rex', [passage], ''), true);
    assert.equal(repeatsQuoted('Bella', [passage], ''), false);
    assert.equal(repeatsQuoted('the and of', [passage], ''), false);
    assert.equal(repeatsQuoted('anything', [], ''), false);
  });

  test('results of the memory tools are read for what they quote; any other message is none', () => {
    const message = { date: '', session: 's', turn: 't', role: 'user', quote: 'tea' };
    const recall = JSON.stringify({ facts: [{ id: 'f', date: '', text: 'coffee' }], messages: [message] });
    const list = JSON.stringify({ facts: [{ text: 'water', history: [{ text: 'milk' }] }], more: false });
    const tool = (name: string, content: string) => ({ role: 'tool' as const, name, content });
    assert.deepEqual(
      quotedTexts([
        { role: 'user', content: recall },
        tool('recall', recall),
        tool('list_facts', list),
        tool('recall', 'Error: none'),
        tool('calculator', '4'),
      ]),
      ['coffee', 'tea', 'water', 'milk'],
    );
    assert.equal(isEcho({ role: 'user', text: recall }), false, 'a user may say anything');
    assert.equal(isEcho({ role: 'tool', name: 'recall', text: '' }), true);
  });
});
