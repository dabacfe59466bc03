import { readArithmetic } from '../../src/core/builtIn/arithmetic';
import { respond } from '../../src/core/builtIn/respond';
import { calculate, functionNames } from '../../src/core/calculator/evaluate';
import type { Message } from '../../src/core/message';
import { calculatorTool } from '../../src/core/tools/calculator';
import { assertCheaper, assertLinear } from '../support/growth';

const tools = [calculatorTool().definition];
const repeated =
  (text: string) =>
  (size: number): string =>
    text.repeat(Math.ceil(size / text.length));

suite('What the built-in model costs', () => {
  for (const text of [
    'a',
    'add 5 and ',
    'what did i say about ',
    '. A',
    ' ',
    '5 ',
    'my name is ',
    '(',
    '?',
  ]) {
    test(`a huge prompt of ${JSON.stringify(text)} is answered in time by its length`, () =>
      assertLinear({
        input: (size): readonly Message[] => [{ role: 'user', content: repeated(text)(size) }],
        work: (messages) => respond({ messages, tools }),
        size: 10_000,
      }));
  }

  test('a long history is answered in time by its length', () =>
    assertLinear({
      input: (size): readonly Message[] => [
        ...Array.from({ length: size }, (_, n): readonly Message[] => [
          { role: 'user', content: `My dog number ${n} is called Rex${n}.` },
          { role: 'assistant', content: `I see, ${n}.` },
        ]).flat(),
        { role: 'user', content: 'What did I say about my dog?' },
      ],
      work: (messages) => respond({ messages, tools }),
      size: 1_000,
    }));

  const words =
    'add and 5 10 to that it minus the sum of result by multiply divide half a third percent % ( ) , then square root what is -'.split(
      ' ',
    );
  for (const [kind, list] of Object.entries({
    'all its words': words,
    'sums of sums': ['the', 'sum', 'of'],
    'roots of roots': ['the', 'square', 'root', 'of'],
    'halves of halves': ['half', 'of', 'a'],
    openings: ['('],
    negations: ['-'],
    numbers: ['5'],
    thens: ['add', '5', 'then'],
  })) {
    // Longer sentences are none.
    test(`a sentence of ${kind} is read as arithmetic, or not, in time by its length`, () =>
      assertLinear({
        input: (size) =>
          Array.from({ length: size }, (_, n) => list[n % list.length])
            .join(' ')
            .slice(0, 600),
        work: (sentence) => readArithmetic(sentence, { kind: 'number', text: '15' }),
        size: 12,
      }));
  }

  const outcome = (expression: string): string => {
    try {
      return calculate(expression);
    } catch (error) {
      return String(error);
    }
  };

  for (const piece of ['1+', '2^', '-', '(1)', '5!+', 'sqrt(2)*', '9e9*', '1/3+', '7%*']) {
    test(`${JSON.stringify(piece)} over and over is calculated in time by its length`, () =>
      assertLinear({
        input: (size) => `${piece.repeat(Math.floor(size / piece.length))}1`,
        work: outcome,
        size: 120,
      }));
  }

  const expressionsOf = (numbers: readonly string[]): readonly string[] => [
    ...functionNames.flatMap((name) => numbers.map((x) => `${name}(${x})`)),
    ...['+', '-', '*', '/', '%', '^'].flatMap((sign) =>
      numbers.flatMap((a) => numbers.map((b) => `(${a}) ${sign} (${b})`)),
    ),
  ];
  test('extreme numbers cost but a few times as much as plain ones in every function and operator', async () => {
    const plain = ['0', '-1', '2', '-3', '0.5', '7', '12', '1.25', '3', '1/3'];
    const extreme = ['0', '-1', '1e9999', '-1e9999', '1e-9999', '9e49', '1e-50', '0.9999999999999999999', '1e15', '1/3']; // prettier-ignore
    await assertCheaper(
      () => expressionsOf(extreme).map(outcome),
      () => expressionsOf(plain).map(outcome),
      10,
    );
  });
});
