import assert from 'node:assert/strict';
import type { Message } from '../../../../src/core/message';
import { rulesMasking } from '../../../support/rulesMasker';

suite('Masking of an unfinished turn', () => {
  const content = 'Why does the parser stop at token = abc';
  const mark = '[secret masked: cut off]';

  for (const role of ['user', 'tool'] as const) {
    test(`what is whole from the start is kept to its end: a message of the role ${role}`, async () => {
      const message: Message = { id: 'm1', role, content };
      const { value, kinds } = await rulesMasking.messages([message], { unfinished: true });
      assert.deepEqual([value, kinds], [[message], []]);
    });
  }

  test('what the model is still writing is masked where it may be the start of a secret', async () => {
    const prompt: Message = { id: 'm1', role: 'user', content };
    const answer: Message = { id: 'm2', role: 'assistant', content };
    const { value } = await rulesMasking.messages([prompt, answer], { unfinished: true });
    assert.deepEqual(
      value.map((message) => message.content),
      [content, content.replace('abc', mark)],
    );
  });
});
