import { negativeSign } from './words';
import type { BinaryOperator, Expression } from '../calculator/parseExpression';

/** Courtesies and question words before and after a sum. */
export const before = [
  ...[
    'please',
    'now',
    'then',
    'and then',
    'and',
    'so',
    'ok',
    'okay',
    'hey',
    'hi',
    'well',
    'next',
    'also',
    'finally',
    ',',
  ],
  ...[
    'after that',
    'can you',
    'could you',
    'would you',
    'will you',
    'i want you to',
    "i'd like you to",
    'let us',
    "let's",
  ],
  ...['what do you get if you', 'what do you get when you', 'what do i get if i', 'what do i get when i'],
  ...['what do we get if we', 'what happens if you', 'what if you', 'what if i', 'what about', 'how about'],
  ...[
    'what is',
    "what's",
    'whats',
    'what are',
    'what was',
    'what does',
    'what would',
    'how much is',
    'how much are',
  ],
  ...[
    'how many is',
    'how many are',
    'calculate',
    'compute',
    'evaluate',
    'solve',
    'work out',
    'figure out',
    'find',
  ],
  ...[
    'tell me',
    'give me',
    'show me',
    'the value of',
    'the result of',
    'the answer to',
    'the answer of',
    'you',
    'do',
    '=',
  ],
];
export const after = [
  ...[
    'please',
    'for me',
    'thanks',
    'thank you',
    'now',
    'then',
    'equals',
    'equal to',
    'equal',
    'make',
    'give',
    'be',
    'is',
  ],
  ...['come to', 'in total', 'altogether', 'exactly', 'again', 'instead', 'too', '=', '?', '.', '!', ','],
];
export const references = [
  ...[
    'that result',
    'this result',
    'the last result',
    'the previous result',
    'your last result',
    'the same result',
  ],
  ...[
    'that number',
    'this number',
    'the last number',
    'the previous number',
    'that value',
    'this value',
    'that sum',
  ],
  ...[
    'the last answer',
    'the previous answer',
    'your last answer',
    'that answer',
    'this answer',
    'the total',
    'the sum',
  ],
  ...[
    'the product',
    'the difference',
    'the quotient',
    'the answer',
    'the result',
    'the number',
    'that total',
  ],
  ...['result', 'answer', 'ans', 'that', 'this', 'it'],
];
export const money = ['dollars', 'dollar', 'euros', 'euro', 'pounds', 'cents', 'bucks', 'usd', 'eur'];
export const binaryWords: readonly (readonly [BinaryOperator, readonly string[]])[] = [
  ['+', ['+', 'plus', 'added to']],
  ['-', ['-', negativeSign, 'minus', 'less']],
  ['*', ['*', 'times', 'multiplied by', 'multiplied with', 'x']],
  ['/', ['/', 'divided by', 'over']],
  ['mod', ['mod', 'modulo', 'modulus']],
  ['^', ['^', 'to the power of', 'to the power', 'raised to the power of', 'raised to']],
];
export const levels: Readonly<Record<BinaryOperator, number>> = {
  '+': 1,
  '-': 1,
  '*': 2,
  '/': 2,
  mod: 2,
  '^': 4,
};
export const lists: Readonly<Record<string, (operands: readonly Expression[]) => Expression>> = {
  sum: (operands) => fold('+', operands),
  total: (operands) => fold('+', operands),
  product: (operands) => fold('*', operands),
  difference: (operands) => fold('-', operands),
  quotient: (operands) => fold('/', operands),
  ratio: (operands) => fold('/', operands),
  average: (operands) => call('mean', ...operands),
  mean: (operands) => call('mean', ...operands),
  maximum: (operands) => call('max', ...operands),
  max: (operands) => call('max', ...operands),
  largest: (operands) => call('max', ...operands),
  biggest: (operands) => call('max', ...operands),
  minimum: (operands) => call('min', ...operands),
  min: (operands) => call('min', ...operands),
  smallest: (operands) => call('min', ...operands),
};
export const ofOne: Readonly<Record<string, (operand: Expression) => Expression>> = {
  'square root': (operand) => call('sqrt', operand),
  'cube root': (operand) => call('cbrt', operand),
  root: (operand) => call('sqrt', operand),
  square: (operand) => binary('^', operand, number(2)),
  cube: (operand) => binary('^', operand, number(3)),
  double: (operand) => binary('*', operand, number(2)),
  twice: (operand) => binary('*', operand, number(2)),
  triple: (operand) => binary('*', operand, number(3)),
  quadruple: (operand) => binary('*', operand, number(4)),
  halve: (operand) => binary('/', operand, number(2)),
  negate: (operand) => ({ kind: 'negation', operand }),
  factorial: (operand) => ({ kind: 'factorial', operand }),
  'absolute value': (operand) => call('abs', operand),
  'natural logarithm': (operand) => call('ln', operand),
  'natural log': (operand) => call('ln', operand),
  logarithm: (operand) => call('log', operand),
  log: (operand) => call('log', operand),
  ln: (operand) => call('ln', operand),
  sine: (operand) => call('sin', operand),
  sin: (operand) => call('sin', operand),
  cosine: (operand) => call('cos', operand),
  cos: (operand) => call('cos', operand),
  tangent: (operand) => call('tan', operand),
  tan: (operand) => call('tan', operand),
  sqrt: (operand) => call('sqrt', operand),
  abs: (operand) => call('abs', operand),
};
export const postfix: Readonly<Record<string, (operand: Expression) => Expression>> = {
  squared: (operand) => binary('^', operand, number(2)),
  cubed: (operand) => binary('^', operand, number(3)),
  doubled: (operand) => binary('*', operand, number(2)),
  tripled: (operand) => binary('*', operand, number(3)),
  halved: (operand) => binary('/', operand, number(2)),
  factorial: (operand) => ({ kind: 'factorial', operand }),
  '!': (operand) => ({ kind: 'factorial', operand }),
  '%': (operand) => ({ kind: 'percent', operand }),
  percent: (operand) => ({ kind: 'percent', operand }),
  'per cent': (operand) => ({ kind: 'percent', operand }),
  '²': (operand) => binary('^', operand, number(2)),
  '³': (operand) => binary('^', operand, number(3)),
};

export function number(value: number): Expression {
  return { kind: 'number', text: String(value) };
}
export function binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator, left, right };
}
export function call(name: string, ...operands: readonly Expression[]): Expression {
  return { kind: 'call', name, operands };
}
export function fold(operator: BinaryOperator, operands: readonly Expression[]): Expression {
  return operands.reduce((left, right) => binary(operator, left, right));
}
