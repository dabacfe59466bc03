import { parseExpression, type Expression } from '../calculator/parseExpression';
import { functionNames } from '../calculator/evaluate';
import { after, before } from './arithmeticWords';
import { ArithmeticReader } from './arithmeticReader';
import { missing } from './expressionReader';
import { wordsOf } from './words';

/** Longer sentences tell something else. In characters. */
const maxLength = 600;

/**
 * The calculation that a sentence asks for. `previous` stands for "that", "it", "the result"; a calculation that needs
 * it where there is none is `missing`. Undefined where the sentence is no arithmetic.
 */
export function readArithmetic(sentence: string, previous?: Expression): Expression | 'missing' | undefined {
  if (sentence.length > maxLength) return undefined;
  // A date, a version or a time of day is no sum.
  if (/\d{4}-\d{2}-\d{2}|\d\.\d+\.\d|\d:\d\d/.test(sentence)) return undefined;
  const text = sentence.replace(/(\d)\s*[x×]\s*(?=[\d(])/gi, '$1 * ').replace(/[?.;:\s]+$/, '');
  const reader = new ArithmeticReader(wordsOf(text), previous);
  // "- 4" goes on from the last result; "-4 + 6" begins anew.
  const plain = /^\s*[-+*/^]\s/.test(text) ? undefined : readPlain(text);
  if (plain) return plain;
  const expression = reader.read();
  if (!expression || !isCalculation(expression)) return undefined;
  return holds(expression, (part) => part === missing) ? 'missing' : expression;
}

const anyOf = (phrases: readonly string[]): string =>
  phrases
    .map((phrase) => phrase.replace(/[.?+*]/g, '\\$&').replace(/ /g, '\\s+'))
    .toSorted((one, other) => other.length - one.length)
    .join('|');
const leading = new RegExp(`^[\\s,:]*(?:${anyOf(before)})(?![\\p{L}\\p{N}])[\\s,:]*`, 'iu');
const trailing = new RegExp(`[\\s,]*(?<![\\p{L}\\p{N}])(?:${anyOf(after)})$`, 'iu');

/** One at a time: a single expression over all of them could take for ever. */
function stripAll(text: string, pattern: RegExp): string {
  const stripped = text.replace(pattern, '');
  return stripped === text ? text : stripAll(stripped, pattern);
}

/** An expression as the calculator itself reads it, inside of courtesies: "What is 12 * (3 + 4)?" */
function readPlain(sentence: string): Expression | undefined {
  const text = stripAll(stripAll(sentence.replace(/[$€£]/g, ''), trailing), leading);
  if (text === '' || !/\d/.test(text)) return undefined;
  try {
    const expression = parseExpression(text);
    return isCalculation(expression) && knowsAllNames(expression) ? expression : undefined;
  } catch {
    return undefined;
  }
}

/** A bare number asks for nothing. */
function isCalculation(expression: Expression): boolean {
  return expression.kind !== 'number' && expression.kind !== 'constant' && expression.kind !== 'negation';
}

function knowsAllNames(expression: Expression): boolean {
  return !holds(
    expression,
    (part) =>
      (part.kind === 'constant' && part.name !== 'pi' && part.name !== 'e') ||
      (part.kind === 'call' && !functionNames.includes(part.name)),
  );
}

function holds(expression: Expression, is: (part: Expression) => boolean): boolean {
  if (is(expression)) return true;
  switch (expression.kind) {
    case 'number':
    case 'constant':
      return false;
    case 'negation':
    case 'percent':
    case 'factorial':
      return holds(expression.operand, is);
    case 'binary':
      return holds(expression.left, is) || holds(expression.right, is);
    case 'call':
      return expression.operands.some((operand) => holds(operand, is));
  }
}
