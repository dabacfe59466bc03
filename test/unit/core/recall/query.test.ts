import assert from 'node:assert/strict';
import { readQuery } from '../../../../src/core/recall/query';
import { wordsOf } from '../../../../src/core/recall/words';

const now = Date.UTC(2026, 2, 20);

function weights(text: string): Record<string, number> {
  return Object.fromEntries(readQuery(text, now).terms.map((term) => [term.text, term.weight]));
}

suite('What a question looks for', () => {
  test('a query loses its stop words unless there is nothing else', () => {
    assert.deepEqual(Object.keys(weights('What is the Plan?')), ['plan']);
    assert.deepEqual(Object.keys(weights('what is the')), ['what', 'is', 'the']);
    assert.deepEqual(weights('  "!?" '), {});
  });

  test('names count for more, words about asking for less', () => {
    assert.deepEqual(weights('remind me what Ada baked'), { remind: 0.4, ada: 1.15, bake: 1 });
    assert.deepEqual(weights('remind me'), { remind: 1 });
  });

  test('forms that no rule brings together are looked up together', () => {
    const [term] = readQuery('bought', now).terms;
    assert.equal(term?.text, 'bui');
    assert.deepEqual(term.forms, [['buy'], ['bought']]);
  });

  test('a path is looked for as one piece, and its words in part', () => {
    assert.deepEqual(weights('src/core/session.ts?'), {
      src: 0.5,
      core: 0.5,
      session: 0.5,
      ts: 0.5,
      'src/core/session.ts': 1,
    });
  });

  for (const [text, piece] of [
    ['what was v1.2.3 about', 'v1.2.3'],
    ['set max_tokens', 'max_tokens'],
    ['(see README.md).', 'readme.md'],
  ] as const) {
    test(`"${text}" asks for ${piece} as one piece`, () => {
      assert.ok(piece in weights(text));
    });
  }

  test('words joined by an apostrophe or a hyphen are words', () => {
    assert.ok(!Object.keys(weights("Ada's well-known tea")).some((term) => /['-]/.test(term)));
  });

  test('an identifier is looked for whole, and by its parts', () => {
    assert.deepEqual(weights('globalState'), { globalst: 1, global: 0.5, state: 0.5 });
  });

  test('words without spaces are told apart', () => {
    assert.ok(
      readQuery('東京で会議', now).terms.some(({ text, kind }) => text === '東京' && kind === 'unspaced'),
    );
  });

  for (const [text, asks] of [
    ['What did you recommend for the beds?', true],
    ['the recipe you gave me', true],
    ['Can you remind me which paint was the washable one?', true],
    ['In our previous conversation about tea, which was the strongest?', true],
    ['Can you recommend a book?', false],
    ['Can you remind me where I left my keys?', false],
    ['What did I say about the plan you made?', false],
    ['Where do I work?', false],
  ] as const) {
    test(`"${text}" asks for the ${asks ? "assistant's" : "user's"} words`, () => {
      assert.equal(readQuery(text, now).asksAssistant, asks);
    });
  }

  test('a query is bounded however long it is', () => {
    const words = Array.from({ length: 5000 }, (_, n) => `word${n}`).join(' ');
    assert.ok(readQuery(words, now).terms.length <= 60);
  });

  for (const text of ['x', 'xY', 'X', '東', 'a1', 'é', '\u0301', '"', ' ', '_', '/a', 'in ', '1 ']) {
    test(`a megabyte of ${JSON.stringify(text)} takes no longer than its length deserves`, () => {
      const long = text.repeat(1_000_000 / text.length);
      wordsOf(long);
      readQuery(long, now);
    });
  }
});
