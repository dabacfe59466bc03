import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CalculationError } from '../../../../src/core/calculator/calculationError';
import { calculate, functionNames } from '../../../../src/core/calculator/evaluate';
import { parseExpression, type Expression } from '../../../../src/core/calculator/parseExpression';
import { printExpression } from '../../../../src/core/calculator/printExpression';

const values: readonly (readonly [string, string])[] = [
  ['5 + 10', '15'],
  ['12 * (3 + 4)', '84'],
  ['0.1 + 0.2', '0.3'],
  ['10 / 4', '2.5'],
  ['1 / 3', '0.33333333333333333333'],
  ['1 / 3 * 3', '1'],
  ['sqrt(2) ^ 2', '2'],
  ['-2 ^ 2', '-4'],
  ['(-2) ^ 2', '4'],
  ['2 ^ -1', '0.5'],
  ['2 ^ 3 ^ 2', '512'],
  ['2 ** 10', '1024'],
  ['2^200', (2n ** 200n).toString()],
  ['7 % 3', '1'],
  ['7 mod 3', '1'],
  ['-7 % 3', '-1'],
  ['50%', '0.5'],
  ['10% of 200', '20'],
  ['200 + 10%', '220'],
  ['200 - 10% + 5', '185'],
  ['5!', '120'],
  ['3!!', '720'],
  ['2(3 + 4)', '14'],
  ['2 pi', '6.2831853071795864769'],
  ['sin(pi)', '0'],
  ['cos(0) + tan(0)', '1'],
  ['ln(e)', '1'],
  ['log(1000)', '3'],
  ['log(8, 2)', '3'],
  ['max(1,200)', '200'],
  ['min(3, 1, 2)', '1'],
  ['1,234.5 + 1', '1235.5'],
  ['round(2.345, 2)', '2.35'],
  ['round(-2.5)', '-3'],
  ['floor(-1.5) + ceil(1.2)', '0'],
  ['abs(-3) × 4 ÷ 2', '6'],
  ['5 − 3', '2'],
  ['= 5 + 3', '8'],
  ['5 + 3 =', '8'],
  ['1e3 + .5', '1000.5'],
  ['--3', '3'],
  ['1000!', '4.0238726007709377354e+2567'],
];

const refused: readonly (readonly [string, RegExp])[] = [
  ['', /nothing/],
  ['1 / 0', /Division by zero/],
  ['1 % 0', /Division by zero/],
  ['0 ^ -1', /Division by zero/],
  ['sqrt(-1)', /not a real number/],
  ['(-8) ^ 0.5', /not a real number/],
  ['ln(0)', /above zero/],
  ['tan(pi / 2)', /tangent/],
  ['9^9^9', /too large/],
  ['1e99999', /too large/],
  ['sin(1e60)', /angle/],
  ['1.5!', /whole number/],
  ['2000!', /0 to 1000/],
  ['2 +', /ends/],
  ['(2', /missing/],
  ['2)', /does not fit/],
  ['2 3', /does not fit/],
  ['foo(1)', /no function "foo"/],
  ['constructor', /not known/],
  ['__proto__', /not part/],
  ['sqrt', /parentheses/],
  ['sqrt()', /takes 1 number/],
  ['log(1, 2, 3)', /takes 1 to 2/],
  ['2 & 3', /"&" at position 3/],
  ['1 + '.repeat(400) + '1', /longer than/],
  ['('.repeat(200) + '1' + ')'.repeat(200), /nested/],
];

suite('calculate', () => {
  for (const [expression, value] of values) {
    test(`${expression} is ${value.slice(0, 30)}`, () => assert.equal(calculate(expression), value));
  }
  for (const [expression, message] of refused) {
    test(`${expression.slice(0, 20)} is refused with a reason`, () =>
      assert.throws(
        () => calculate(expression),
        (error) => error instanceof CalculationError && message.test(error.message),
      ));
  }

  test('whole numbers are exact', () => {
    const whole = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        assert.equal(calculate(`(${a}) + (${b})`), (a + b).toString());
        assert.equal(calculate(`(${a}) - (${b})`), (a - b).toString());
        assert.equal(calculate(`(${a}) * (${b})`), (a * b).toString());
        if (b !== 0n) assert.equal(calculate(`(${a}) % (${b})`), (a % b).toString());
      }),
    );
  });

  test('any text ends soon, in a value or a reason', () => {
    const piece = fc.constantFrom(
      ...'0123456789+-*/%^!(),. e'.split(''),
      ...functionNames,
      'pi',
      '1e9999',
      '9^',
      '!!',
      'of',
    );
    const text = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (source) => {
        try {
          assert.match(calculate(source), /^-?\d+(\.\d+)?(e[+-]\d+)?$/);
        } catch (error) {
          assert.ok(error instanceof CalculationError, `${source}: ${String(error)}`);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('extreme numbers end soon in every function and operator', () => {
    const extremes = [
      '0',
      '-1',
      '1e9999',
      '-1e9999',
      '1e-9999',
      '9e49',
      '1e-50',
      '0.9999999999999999999',
      '1e15',
      '1/3',
    ];
    const expressions = [
      ...functionNames.flatMap((name) => extremes.map((x) => `${name}(${x})`)),
      ...['+', '-', '*', '/', '%', '^'].flatMap((sign) =>
        extremes.flatMap((a) => extremes.map((b) => `(${a}) ${sign} (${b})`)),
      ),
    ];
    for (const expression of expressions) {
      try {
        calculate(expression);
      } catch (error) {
        assert.ok(error instanceof CalculationError, `${expression}: ${String(error)}`);
      }
    }
  });

  test('what is printed reads as the same expression', () => {
    const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4 },
        fc.nat().map((n): Expression => ({ kind: 'number', text: String(n) })),
        fc.record({
          kind: fc.constant('binary' as const),
          operator: fc.constantFrom('+', '-', '*', '/', 'mod', '^'),
          left: tie('expression'),
          right: tie('expression'),
        }),
        fc.record({ kind: fc.constantFrom('negation', 'percent', 'factorial'), operand: tie('expression') }),
        fc.record({
          kind: fc.constant('call' as const),
          name: fc.constantFrom('sqrt', 'max'),
          operands: fc.tuple(tie('expression')),
        }),
      ),
    }));
    fc.assert(
      fc.property(expression, (made) => {
        assert.deepEqual(parseExpression(printExpression(made)), structuredClone(made));
        assert.deepEqual(parseExpression(printExpression(made, true)), structuredClone(made));
      }),
    );
  });
});
