import { Decimal as BaseDecimal } from 'decimal.js';
import { CalculationError } from './calculationError';
import { parseExpression, type BinaryOperator, type Expression } from './parseExpression';

/** Digits that a calculation works with: whole numbers of up to this many digits are exact. */
const precision = 100;
/** Digits that are shown of a number that does not fit into `exactDigits`. */
const roundedDigits = 20;
const exactDigits = 30;
const maxFactorial = 1000;

/**
 * No intermediate value is larger, or closer to zero, than this power of ten. decimal.js's own series never end where
 * they meet its own limits (measured: cos(1e-9999) with minE -9999), so ours are far inside of those.
 */
const maxExponent = 9999;

/** A class of its own: decimal.js keeps its settings on the class. */
const Decimal = BaseDecimal.clone({ precision, toExpNeg: -20, toExpPos: precision });
type Decimal = BaseDecimal;
const pi = Decimal.acos(-1);
/** What a sine misses zero by, for want of more digits of pi, is none. */
const trigonometric = (value: Decimal): Decimal => value.toDecimalPlaces(precision - 20);

/**
 * The value of an expression as text: exact where it has at most 30 digits (whole numbers: 100), else rounded to 20.
 * @throws CalculationError where it cannot be read or has no value
 */
export function calculate(source: string): string {
  return format(evaluate(parseExpression(source)));
}

/** Reducing a huge angle needs as many digits of pi as it has itself. */
function angle(value: Decimal): Decimal {
  if (value.abs().gt('1e50')) throw new CalculationError('The angle is too large.');
  return trigonometric(value);
}

function format(value: Decimal): string {
  if (value.isInteger() && value.e < precision) return value.toFixed();
  return value.toSignificantDigits(value.precision() <= exactDigits ? exactDigits : roundedDigits).toString();
}

function evaluate(expression: Expression): Decimal {
  const value = evaluateUnbounded(expression);
  if (value.isNaN()) throw new CalculationError('The result is not a real number.');
  if (!value.isFinite() || value.e > maxExponent) throw new CalculationError('The result is too large.');
  return value.e < -maxExponent ? new Decimal(0) : value;
}

function evaluateUnbounded(expression: Expression): Decimal {
  switch (expression.kind) {
    case 'number':
      return new Decimal(expression.text);
    case 'constant':
      return constant(expression.name);
    case 'negation':
      return evaluate(expression.operand).neg();
    case 'percent':
      return evaluate(expression.operand).div(100);
    case 'factorial':
      return factorial(evaluate(expression.operand));
    case 'binary':
      return binary(expression.operator, evaluate(expression.left), expression.right);
    case 'call':
      return call(expression.name, expression.operands.map(evaluate));
  }
}

function binary(operator: BinaryOperator, left: Decimal, rightExpression: Expression): Decimal {
  const right = evaluate(rightExpression);
  // As on a pocket calculator: 200 + 10% is 220.
  const added = rightExpression.kind === 'percent' ? left.mul(right) : right;
  switch (operator) {
    case '+':
      return left.plus(added);
    case '-':
      return left.minus(added);
    case '*':
      return left.mul(right);
    case '/':
      return left.div(notZero(right));
    case 'mod':
      return left.mod(notZero(right));
    case '^':
      if (left.isZero() && right.isNegative()) throw new CalculationError('Division by zero.');
      return left.pow(right);
  }
}

function notZero(divisor: Decimal): Decimal {
  if (divisor.isZero()) throw new CalculationError('Division by zero.');
  return divisor;
}

function factorial(value: Decimal): Decimal {
  if (!value.isInteger() || value.isNegative() || value.gt(maxFactorial)) {
    throw new CalculationError(`A factorial takes a whole number from 0 to ${maxFactorial}.`);
  }
  let product = new Decimal(1);
  for (let factor = 2; factor <= value.toNumber(); factor += 1) product = product.mul(factor);
  return product;
}

function constant(name: string): Decimal {
  if (name === 'pi') return pi;
  if (name === 'e') return Decimal.exp(1);
  if (Object.hasOwn(functions, name)) throw new CalculationError(`${name} needs parentheses: ${name}(…).`);
  throw new CalculationError(`"${name}" is not known here.`);
}

interface NamedFunction {
  readonly operands: readonly [least: number, most: number];
  readonly apply: (operands: readonly [Decimal, ...Decimal[]]) => Decimal;
}
const ofOne = (apply: (value: Decimal) => Decimal): NamedFunction => ({
  operands: [1, 1],
  apply: ([value]) => apply(value),
});
const ofMany = (apply: (values: readonly Decimal[]) => Decimal): NamedFunction => ({
  operands: [1, Infinity],
  apply,
});
const sum = (values: readonly Decimal[]): Decimal => Decimal.sum(...values);

const functions: Readonly<Record<string, NamedFunction>> = {
  sqrt: ofOne((x) => x.sqrt()),
  cbrt: ofOne((x) => x.cbrt()),
  abs: ofOne((x) => x.abs()),
  floor: ofOne((x) => x.floor()),
  ceil: ofOne((x) => x.ceil()),
  trunc: ofOne((x) => x.trunc()),
  round: {
    operands: [1, 2],
    apply: ([x, places]) => x.toDecimalPlaces(wholeNumber(places ?? new Decimal(0)), Decimal.ROUND_HALF_UP),
  },
  min: ofMany((values) => Decimal.min(...values)),
  max: ofMany((values) => Decimal.max(...values)),
  sum: ofMany(sum),
  mean: ofMany((values) => sum(values).div(values.length)),
  pow: { operands: [2, 2], apply: ([x, y]) => x.pow(y ?? 1) },
  exp: ofOne((x) => x.exp()),
  ln: ofOne((x) => positive(x).ln()),
  log: { operands: [1, 2], apply: ([x, base]) => positive(x).log(base ? positive(base) : 10) },
  log10: ofOne((x) => positive(x).log(10)),
  log2: ofOne((x) => positive(x).log(2)),
  sin: ofOne((x) => trigonometric(angle(x).sin())),
  cos: ofOne((x) => trigonometric(angle(x).cos())),
  tan: ofOne((x) => {
    if (trigonometric(angle(x).cos()).isZero()) throw new CalculationError('The tangent has no value there.');
    return trigonometric(x.tan());
  }),
  asin: ofOne((x) => angle(x).asin()),
  acos: ofOne((x) => angle(x).acos()),
  atan: ofOne((x) => trigonometric(x).atan()),
};

export const functionNames: readonly string[] = Object.keys(functions);

function call(name: string, operands: readonly Decimal[]): Decimal {
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  const [first, ...others] = operands;
  if (!found)
    throw new CalculationError(`There is no function "${name}". Functions: ${functionNames.join(', ')}.`);
  const [least, most] = found.operands;
  if (!first || operands.length < least || operands.length > most) {
    const count =
      least === most ? `${least}` : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
    throw new CalculationError(`${name} takes ${count} ${count === '1' ? 'number' : 'numbers'}.`);
  }
  return found.apply([first, ...others]);
}

function positive(value: Decimal): Decimal {
  if (value.lte(0)) throw new CalculationError('A logarithm takes a number above zero.');
  return value;
}

function wholeNumber(value: Decimal): number {
  if (!value.isInteger() || value.isNegative() || value.gt(precision)) {
    throw new CalculationError(`The decimal places are a whole number from 0 to ${precision}.`);
  }
  return value.toNumber();
}
