import { CalculationError } from './calculationError';
import { tokenize, type Token } from './tokens';

export type BinaryOperator = '+' | '-' | '*' | '/' | 'mod' | '^';

export type Expression =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'constant'; readonly name: string }
  | { readonly kind: 'negation'; readonly operand: Expression }
  | { readonly kind: 'percent'; readonly operand: Expression }
  | { readonly kind: 'factorial'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Expression[] };

/** The longest expression that is read, in characters. */
export const maxExpressionLength = 1000;
const maxDepth = 60;

const binaryOperators: ReadonlyMap<string, BinaryOperator> = new Map([
  ['+', '+'],
  ['-', '-'],
  ['*', '*'],
  ['/', '/'],
  ['%', 'mod'],
  ['^', '^'],
  ['mod', 'mod'],
  ['of', '*'],
]);
const binding: Readonly<Record<BinaryOperator, number>> = { '+': 1, '-': 1, '*': 2, '/': 2, mod: 2, '^': 4 };
/** Tighter than a product, looser than a power: -2^2 is -(2^2). */
const negationBinding = 3;

/**
 * Reads the arithmetic that people and models write: + - * / ^ or **, % (remainder between two numbers, per cent after
 * one), n!, parentheses, `2(3 + 4)`, functions and constants by name.
 * @throws CalculationError
 */
export function parseExpression(source: string): Expression {
  const text = source.trim().replace(/^=|=\s*\??$/g, '');
  if (text === '') throw new CalculationError('There is nothing to calculate.');
  if (text.length > maxExpressionLength) {
    throw new CalculationError(`The expression is longer than ${maxExpressionLength} characters.`);
  }
  const parser = new Parser(tokenize(text));
  const expression = parser.expression(0, 0);
  parser.end();
  return expression;
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  expression(minBinding: number, depth: number): Expression {
    if (depth > maxDepth) throw new CalculationError('The expression is nested too deeply.');
    let left = this.#postfix(this.#operand(depth));
    for (;;) {
      const operator = this.#binaryOperator();
      if (operator === undefined) return left;
      const { name, implied } = operator;
      if (binding[name] <= minBinding) return left;
      if (!implied) this.#next += 1;
      // A power binds to the right: 2^3^2 is 2^(3^2).
      const right = this.expression(name === '^' ? binding[name] - 1 : binding[name], depth + 1);
      left = { kind: 'binary', operator: name, left, right };
    }
  }

  end(): void {
    const token = this.#tokens[this.#next];
    if (token) throw unexpected(token);
  }

  #operand(depth: number): Expression {
    const token = this.#tokens[this.#next];
    if (!token) throw new CalculationError('The expression ends where a number should be.');
    this.#next += 1;
    if (token.kind === 'number') return { kind: 'number', text: token.text };
    if (token.kind === 'name') return this.#named(token.text, depth);
    if (token.text === '-') {
      return { kind: 'negation', operand: this.expression(negationBinding, depth + 1) };
    }
    if (token.text === '+') return this.expression(negationBinding, depth + 1);
    if (token.text !== '(') throw unexpected(token);
    const inner = this.expression(0, depth + 1);
    this.#expect(')');
    return inner;
  }

  #named(name: string, depth: number): Expression {
    if (!this.#take('(')) return { kind: 'constant', name };
    const operands: Expression[] = [];
    if (this.#take(')')) return { kind: 'call', name, operands };
    do operands.push(this.expression(0, depth + 1));
    while (this.#take(','));
    this.#expect(')');
    return { kind: 'call', name, operands };
  }

  #postfix(operand: Expression): Expression {
    if (this.#take('!')) return this.#postfix({ kind: 'factorial', operand });
    if (this.#isPercent()) {
      this.#next += 1;
      return this.#postfix({ kind: 'percent', operand });
    }
    return operand;
  }

  /** `7 % 3` is a remainder; `7%`, `7% of 3`, `7% + 3` are per cent. */
  #isPercent(): boolean {
    const [token, after] = this.#tokens.slice(this.#next, this.#next + 2);
    if (token?.text !== '%') return false;
    return after?.kind === 'name'
      ? binaryOperators.has(after.text)
      : after?.kind !== 'number' && after?.text !== '(';
  }

  #binaryOperator(): { readonly name: BinaryOperator; readonly implied: boolean } | undefined {
    const token = this.#tokens[this.#next];
    if (!token || token.kind === 'number') return undefined;
    const name = binaryOperators.get(token.text);
    if (name !== undefined) return { name, implied: false };
    // 2(3 + 4), 2 pi
    return token.kind === 'name' || token.text === '(' ? { name: '*', implied: true } : undefined;
  }

  #take(symbol: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'symbol' || token.text !== symbol) return false;
    this.#next += 1;
    return true;
  }

  #expect(symbol: string): void {
    if (this.#take(symbol)) return;
    const token = this.#tokens[this.#next];
    throw token ? unexpected(token) : new CalculationError(`A "${symbol}" is missing at the end.`);
  }
}

function unexpected(token: Token): CalculationError {
  return new CalculationError(`"${token.text}" does not fit at position ${token.at + 1}.`);
}
