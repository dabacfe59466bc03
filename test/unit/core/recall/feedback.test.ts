import assert from 'node:assert/strict';
import fc from 'fast-check';
import { withFeedback } from '../../../../src/core/recall/feedback';
import { readQuery } from '../../../../src/core/recall/query';
import { rankMessages, type RecallMessage } from '../../../../src/core/recall/rank';
import { rarityIn } from '../../../../src/core/recall/rarity';

const said = (text: string, name?: string): RecallMessage => ({
  ...{ role: 'user', text, extra: '', at: NaN },
  ...(name !== undefined && { name }),
});

function rank(question: string, messages: readonly RecallMessage[]) {
  // Each in a session of its own: nothing is lent.
  const threads = messages.map((message, session) => ({ session, messages: [message] }));
  const query = readQuery(question, 0);
  return rankMessages(query, threads, rarityIn(query, threads)).map(({ message }) => message.text);
}

suite('Feedback of what was found', () => {
  const texts = [
    'The race took place in Lisbon: the marathon was hot',
    'A marathon begins as a hot race along the river, they say',
    'Life is a race, they say',
    'We saw a marathon on the way',
    'Bread is in the oven',
    'The oven is hot again',
  ];
  const query = readQuery('Which race in Lisbon?', 0);
  const rarity = { messages: 6, holding: () => 1 };

  test('adds the rarest words of the best, each once, for less than the question’s own', () => {
    const asked = withFeedback(query, rarity, [{ text: texts[0] ?? '', score: 2 }], texts);
    const words = asked?.query.terms.slice(query.terms.length).map(({ text }) => text);
    assert.deepEqual(words, ['marathon', 'hot'], 'not what the question has, nor what stands nowhere else');
    for (const { weight } of asked?.query.terms.slice(query.terms.length) ?? []) assert.ok(weight < 0.4);
    assert.equal(asked?.rarity.holding(0), 1);
    assert.equal(asked.rarity.holding(query.terms.length + 1), 3);
  });

  test('adds nothing where nothing was found, or nothing else holds its words', () => {
    assert.equal(withFeedback(query, rarity, [], texts), undefined);
    assert.equal(withFeedback(query, rarity, [{ text: 'Zebras yawn', score: 1 }], texts), undefined);
    assert.equal(withFeedback(query, rarity, [{ text: texts[0] ?? '', score: 1 }], []), undefined);
  });

  test('brings what people say of the same before what only has the word', () => {
    const people = texts.map((text, index) => said(text, index % 2 ? 'Ada' : 'Ben'));
    const found = rank('Which race was in Lisbon?', people);
    assert.deepEqual(found, [texts[0], texts[1], texts[2]], 'and no hit that has none of the question');
  });

  test('leaves a user and an assistant alone: the words of an answer lead away', () => {
    // One of them is of people: they are few.
    const prompts = texts.slice(0, 4).map((text, index) => said(text, index === 0 ? 'Ben' : undefined));
    const answer = (n: number): RecallMessage => ({
      ...said(`Long answer ${n}. `.repeat(60)),
      role: 'assistant',
    });
    const threads = prompts.map((prompt, session) => ({ session, messages: [prompt, answer(session)] }));
    const query = readQuery('Which race was in Lisbon?', 0);
    const found = rankMessages(query, threads, rarityIn(query, threads)).map(({ message }) => message.text);
    assert.deepEqual(found.slice(0, 3), [texts[0], texts[2], texts[1]]);
  });

  test('finds nothing that has no word of the question, whatever is said', () => {
    const word = fc.constantFrom('race', 'lisbon', 'marathon', 'hot', 'oven', 'the', 'Ada', '東京', '', '!');
    const text = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 12 }), text, (all, question) => {
        const { terms } = readQuery(question, 0);
        for (const one of rank(
          question,
          all.map((text, index) => said(text, `P${index % 3}`)),
        )) {
          assert.ok(
            terms.some(({ text: term }) => one.toLowerCase().includes(term.slice(0, 3))),
            one,
          );
        }
      }),
    );
  });
});
