import assert from 'node:assert/strict';
import fc from 'fast-check';
import { contentWords } from '../../../../src/core/builtIn/words';
import { respond } from '../../../../src/core/builtIn/respond';
import { readIntents } from '../../../../src/core/builtIn/intent';
import type { Message } from '../../../../src/core/message';
import { calculatorTool } from '../../../../src/core/tools/calculator';

const tools = [calculatorTool().definition];
const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string): Message => ({ role: 'assistant', content });

function expressionFor(...messages: Message[]): string | undefined {
  const step = respond({ messages, tools });
  return step.kind === 'call' ? step.calls[0]?.function.arguments : undefined;
}

suite('built-in model: reading a history', () => {
  test('"that" is the number that another model gave, where it gave one', () => {
    const answers: readonly (readonly [string, string])[] = [
      ['4', '4'],
      ['The sum is **15**.', '15'],
      ['2 + 2 = 4', '4'],
      ['That makes $1,234.50 in total.', '1234.50'],
      ['The result of adding 5 and 10 is 15.', '15'],
      ['It is -7.', '-7'],
    ];
    for (const [answer, number] of answers) {
      const asked = expressionFor(user('Add them'), assistant(answer), user('multiply that by 3'));
      assert.equal(asked, JSON.stringify({ expression: `${number} * 3` }), answer);
    }
  });

  test('"that" is no number out of a text that names several', () => {
    const answer = 'There are 3 ways to do it, the 2nd of which takes 10 minutes';
    assert.equal(expressionFor(user('How?'), assistant(answer), user('multiply that by 3')), undefined);
  });

  test('a system message, an empty history and a missing prompt are no trouble', () => {
    assert.equal(respond({ messages: [], tools }).kind, 'answer');
    assert.equal(respond({ messages: [{ role: 'system', content: 'x' }], tools }).kind, 'answer');
    assert.equal(
      expressionFor({ role: 'system', content: 'You are 3.' }, user('2 + 2')),
      '{"expression":"2 + 2"}',
    );
  });

  test('the last thing said is told from history', () => {
    const step = respond({
      messages: [user('The sky is blue'), assistant('Yes'), user('What did I just say?')],
      tools,
    });
    assert.deepEqual(step, { kind: 'answer', text: 'You said: “The sky is blue”' });
  });

  test('any history ends in a step, and asks only for tools that are offered', () => {
    const message = fc.record({
      role: fc.constantFrom('system', 'user', 'assistant', 'tool'),
      content: fc.oneof(
        fc.string({ maxLength: 200 }),
        fc.constantFrom('double it', 'forget my name', 'what is my name?', '{"facts":[],"messages":[]}'),
      ),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
        const step = respond({ messages, tools });
        if (step.kind === 'call') assert.ok(step.calls.every((call) => call.function.name === 'calculator'));
        else assert.notEqual(step.text.trim(), '');
      }),
    );
  });

  test('what a search should look for', () => {
    assert.deepEqual(contentWords('What did I say about the Deployment on Friday?'), [
      'deployment',
      'friday',
    ]);
    assert.deepEqual(contentWords("What's my dog's name again?"), ['dog', 'name']);
    assert.deepEqual(contentWords('Was habe ich über Köln gesagt?').includes('köln'), true);
  });

  test('questions about the past are told from questions about the world', () => {
    const kinds = (prompt: string): string[] => readIntents(prompt).map(({ kind }) => kind);
    for (const prompt of [
      'What did we decide on storage?',
      'where do I live?',
      'Did I mention the budget?',
      'remind me what my budget is',
    ]) {
      assert.deepEqual(kinds(prompt), ['recall'], prompt);
    }
    for (const prompt of [
      'What is the capital of France?',
      'How do I sort an array?',
      'Write a poem about spring',
      'My tests are failing with an error',
    ]) {
      assert.deepEqual(kinds(prompt), ['other'], prompt);
    }
    for (const prompt of [
      'note: the demo is at noon',
      "don't forget to call Anna",
      'keep in mind that I am vegan',
    ]) {
      assert.deepEqual(kinds(prompt), ['remember'], prompt);
    }
  });
});
