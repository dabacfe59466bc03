import type { BinaryOperator, Expression } from './parseExpression';

const levels: Readonly<Record<BinaryOperator, number>> = { '+': 1, '-': 1, '*': 2, '/': 2, mod: 2, '^': 4 };
const negationLevel = 3;
const atomLevel = 5;

/** As the calculator reads it; `forPeople`: with × and ÷, which no markdown takes for emphasis. */
export function printExpression(expression: Expression, forPeople = false): string {
  const print = (inner: Expression, level: number): string => {
    const text = printExpression(inner, forPeople);
    return levelOf(inner) < level ? `(${text})` : text;
  };
  switch (expression.kind) {
    case 'number':
      return expression.text;
    case 'constant':
      return expression.name;
    case 'negation':
      return `-${print(expression.operand, negationLevel + 1)}`;
    case 'percent':
      return `${print(expression.operand, atomLevel)}%`;
    case 'factorial':
      return `${print(expression.operand, atomLevel)}!`;
    case 'call':
      return `${expression.name}(${expression.operands.map((operand) => print(operand, 0)).join(', ')})`;
    case 'binary': {
      const { operator, left, right } = expression;
      const level = levels[operator];
      const isPower = operator === '^';
      const sign = forPeople ? (signs[operator] ?? operator) : operator;
      const [before, after] = [
        print(left, isPower ? level + 1 : level),
        print(right, isPower ? level : level + 1),
      ];
      return isPower ? `${before}^${after}` : `${before} ${sign} ${after}`;
    }
  }
}

const signs: Readonly<Partial<Record<BinaryOperator, string>>> = { '*': '×', '/': '÷' };

function levelOf(expression: Expression): number {
  if (expression.kind === 'binary') return levels[expression.operator];
  if (expression.kind === 'negation') return negationLevel;
  return expression.kind === 'number' && expression.text.startsWith('-') ? negationLevel : atomLevel;
}
