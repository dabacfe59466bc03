import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readArithmetic } from '../../../../src/core/builtIn/arithmetic';
import { calculate } from '../../../../src/core/calculator/evaluate';
import type { Expression } from '../../../../src/core/calculator/parseExpression';
import { printExpression } from '../../../../src/core/calculator/printExpression';

const fifteen: Expression = { kind: 'number', text: '15' };

/** The value of what a sentence asks for; the result before it was 15. */
function valueOf(sentence: string): string | undefined {
  const expression = readArithmetic(sentence, fifteen);
  return expression === undefined || expression === 'missing'
    ? expression
    : calculate(printExpression(expression));
}

const alone: readonly (readonly [string, string])[] = [
  ['Add 5 and 10 for me.', '15'],
  ['add 1, 2, 3 and 4', '10'],
  ['Please add the numbers 5 and 10', '15'],
  ['add twenty five and thirty-seven', '62'],
  ['add -5 and -10', '-15'],
  ['add 5 dollars and $10', '15'],
  ['what is 12 * (3 + 4)?', '84'],
  ["What's 3x4?", '12'],
  ['5+5', '10'],
  ['5 + 10 =', '15'],
  ['-5 + 3', '-2'],
  ['how much is 19.99 times 3?', '59.97'],
  ['5 plus 3 times 2', '11'],
  ['Could you please calculate 10 / 4 for me?', '2.5'],
  ['what do you get if you multiply 6 by 7?', '42'],
  ['so what is 8 times 9?', '72'],
  ['what would 8 times 9 be', '72'],
  ['what does 5 plus 3 equal?', '8'],
  ['multiply 2, 3 and 4', '24'],
  ['divide 100 by 8', '12.5'],
  ['100 divided by 8', '12.5'],
  ['split 90 between 3', '30'],
  ['subtract 4 from 10', '6'],
  ['take 3 away from 10', '7'],
  ['ten minus four', '6'],
  ["what's the sum of 5 and 7 please", '12'],
  ['the difference between 10 and 4', '6'],
  ['the product of 3 and 4 plus 1', '13'],
  ['average of 2, 4 and 9', '5'],
  ['what is the largest of 3, 9 and 4?', '9'],
  ["What's 5 and 10 added together?", '15'],
  ['add 5 and 10 and multiply by 2', '30'],
  ['Add 5 and 10, then multiply the result by 2', '30'],
  ['2 to the power of 10', '1024'],
  ['raise 2 to the 8th power', '256'],
  ['5 squared', '25'],
  ['the square root of 16 plus 1', '5'],
  ['what is the cube root of 27', '3'],
  ['double 21', '42'],
  ['half of 90', '45'],
  ['a third of 90', '30'],
  ['two thirds of 90', '60'],
  ['3 quarters of 80', '60'],
  ["what's 20% of 50", '10'],
  ['What is fifteen percent of two hundred?', '30'],
  ['20% off 80', '64'],
  ["what's a 15% tip on $60?", '9'],
  ['increase 80 by 15%', '92'],
  ['decrease 80 by 15%', '68'],
  ['what percentage of 80 is 20?', '25'],
  ['20 is what percent of 80', '25'],
  ['round 2.567 to 2 decimal places', '2.57'],
  ['round 2.4 up', '3'],
  ['factorial of 5', '120'],
  ['5!', '120'],
  ['remainder of 7 divided by 3', '1'],
  ['7 mod 3', '1'],
  ['what is 1,234 + 1', '1235'],
  ['max(1,200)', '200'],
  ['2.5 million plus 1', '2500001'],
  ['one hundred and five plus ten', '115'],
  ['nine hundred ninety nine thousand plus one', '999001'],
  ['three point five times two', '7'],
  ['a dozen times 12', '144'],
];
const goingOn: readonly (readonly [string, string])[] = [
  ['Now multiply that result by 2.', '30'],
  ['multiply by 2', '30'],
  ['divide it by 3', '5'],
  ['half of that', '7.5'],
  ['square it', '225'],
  ['that squared', '225'],
  ['double it', '30'],
  ['minus 4', '11'],
  ['- 4', '11'],
  ['* 2', '30'],
  ['times 3', '45'],
  ['and plus 10?', '25'],
  ['what about minus 7', '8'],
  ['subtract 4', '11'],
  ['add 5 to that', '20'],
  ['add 5', '20'],
  ['add it to 5', '20'],
  ['add ten to the result', '25'],
  ['10 - that', '-5'],
  ['the result plus 1', '16'],
  ['three times that', '45'],
  ['and 20% of that?', '3'],
  ['increase it by 10%', '16.5'],
  ['round it', '15'],
  ['then divide the last result by 4', '3.75'],
];
const noArithmetic = [
  'hello',
  'what is 5',
  'what is that',
  'my name is Ada',
  'I have 3 cats and 2 dogs',
  '5 apples plus 3',
  'call me at 555-1234',
  '2026-05-12',
  'Version 1.2.3 is out',
  'meet at 10:30 - 11:00',
  'what did I say about 5 + 3?',
  'Remember that 5 + 3 is my code',
  'and 5',
  'add a test for the parser',
  'Multiply your efforts',
  'Divide and conquer',
  'double check that',
  '',
];

suite('built-in model: arithmetic in words', () => {
  for (const [sentence, value] of alone) {
    test(`${sentence} -> ${value}`, () => assert.equal(valueOf(sentence), value));
  }
  for (const [sentence, value] of goingOn) {
    test(`after 15: ${sentence} -> ${value}`, () => {
      assert.equal(valueOf(sentence), value);
      assert.equal(readArithmetic(sentence), 'missing', 'without a result before');
    });
  }
  for (const sentence of noArithmetic) {
    test(`no arithmetic: ${sentence}`, () => assert.equal(readArithmetic(sentence, fifteen), undefined));
  }

  const integer = fc.integer();
  const operations: readonly (readonly [
    string,
    (a: bigint, b: bigint) => bigint,
    (a: number, b: number) => string,
  ])[] = [
    ['sum', (a, b) => a + b, (a, b) => `Add ${a} and ${b} for me.`],
    ['sum with plus', (a, b) => a + b, (a, b) => `what is ${a} plus ${b}?`],
    ['difference', (a, b) => b - a, (a, b) => `Subtract ${a} from ${b}`],
    ['product', (a, b) => a * b, (a, b) => `Please multiply ${a} by ${b}`],
    ['product with a sign', (a, b) => a * b, (a, b) => `${a} * ${b}`],
  ];
  for (const [name, expected, sentence] of operations) {
    test(`the ${name} of any two whole numbers is exact`, () =>
      fc.assert(
        fc.property(integer, integer, (a, b) => {
          assert.equal(valueOf(sentence(a, b)), expected(BigInt(a), BigInt(b)).toString());
        }),
      ));
  }

  test('any number in words is read as its digits', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), (n) => {
        assert.equal(valueOf(`${inWords(n)} plus 1`), String(n + 1));
      }),
    ));

  test('any sentence is read to its end, as arithmetic or not', () => {
    const word = fc.constantFrom(
      ...'add and 5 10 to that it minus the sum of result by multiply divide half a third percent % ( ) , then square root what is -'.split(
        ' ',
      ),
    );
    const sentence = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.array(word, { maxLength: 40 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(sentence, (text) => {
        readArithmetic(text, fifteen);
      }),
      { numRuns: 300 },
    );
  });
});

const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

function inWords(n: number): string {
  if (n < 20) return small[n] ?? '';
  if (n < 100) return `${tens[Math.floor(n / 10)] ?? ''}${n % 10 === 0 ? '' : `-${small[n % 10] ?? ''}`}`;
  const [unit, name] = n < 1000 ? [100, 'hundred'] : [1000, 'thousand'];
  const rest = n % unit === 0 ? '' : ` ${inWords(n % unit)}`;
  return `${inWords(Math.floor(n / unit))} ${name}${rest}`;
}
