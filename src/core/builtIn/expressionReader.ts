import type { BinaryOperator, Expression } from '../calculator/parseExpression';
import * as vocabulary from './arithmeticWords';
import { binary, levels, number } from './arithmeticWords';
import { fractionOf, readNumber } from './numberWords';
import { WordReader } from './wordReader';
import { negativeSign, type Word } from './words';

const longestFirst = (phrases: readonly string[]): readonly string[] =>
  phrases.toSorted((one, other) => other.split(' ').length - one.split(' ').length);
const operandNames = longestFirst(Object.keys(vocabulary.ofOne));
const postfixNames = longestFirst(Object.keys(vocabulary.postfix));
const listNames = Object.keys(vocabulary.lists);
/** Stands for a last result that there is not. */
export const missing: Expression = { kind: 'constant', name: 'it' };

/** Operands and operators, in words or signs. */
export class ExpressionReader {
  protected readonly words: WordReader;
  /** What "it" stands for: the last result, later the steps so far. */
  #it: Expression | undefined;
  readonly #known = new Map<string, { readonly expression: Expression | undefined; readonly end: number }>();

  constructor(words: readonly Word[], previous: Expression | undefined) {
    this.words = new WordReader(words);
    this.#it = previous;
  }

  /** What is read at a place stays read: trying all readings anew would take for ever on a tangled sentence. */
  protected expression(minLevel: number): Expression | undefined {
    const place = `${this.words.position} ${minLevel}`;
    const known = this.#known.get(place);
    if (known) {
      this.words.position = known.end;
      return known.expression;
    }
    const expression = this.words.attempt(() => {
      const left = this.#operand();
      return left && this.infix(left, minLevel);
    });
    this.#known.set(place, { expression, end: this.words.position });
    return expression;
  }

  /** From here on, "it" is what was read so far. */
  protected goOnFrom(result: Expression): void {
    this.#it = result;
    this.#known.clear();
  }

  protected infix(first: Expression, minLevel: number): Expression {
    let left = first;
    for (;;) {
      const next = this.words.attempt(() => {
        const operator = this.operator(left);
        if (!operator || levels[operator] <= minLevel) return undefined;
        this.words.take(...(vocabulary.binaryWords.find(([name]) => name === operator)?.[1] ?? []), 'of');
        const right = this.expression(operator === '^' ? levels[operator] - 1 : levels[operator]);
        return right && binary(operator, left, right);
      });
      if (!next) return left;
      left = next;
    }
  }

  /** The operator that comes next, without taking it. "20% of 50" is a product. */
  protected operator(left?: Expression): BinaryOperator | undefined {
    // "-5" begins a number, unless another stands before it.
    if (!left && this.words.sees(negativeSign)) return undefined;
    const found = vocabulary.binaryWords.find(([, phrases]) => this.words.sees(...phrases));
    if (found) return found[0];
    return left?.kind === 'percent' && this.words.sees('of') ? '*' : undefined;
  }

  #operand(): Expression | undefined {
    const words = this.words;
    if (words.take(negativeSign, '-', 'minus', 'negative')) {
      const operand = this.expression(3);
      return operand && { kind: 'negation', operand };
    }
    let operand = this.#primary();
    for (;;) {
      const name = operand && words.take(...postfixNames);
      if (!operand || name === undefined) return operand && this.#offered(operand);
      operand = vocabulary.postfix[name]?.(operand);
    }
  }

  /** "20% off 80", "a 15% tip on 60" */
  #offered(operand: Expression): Expression {
    if (operand.kind !== 'percent') return operand;
    const words = this.words;
    const offered = words.attempt(() => {
      const isOff = words.take('discount on', 'off of', 'off') !== undefined;
      if (!isOff && !words.take('tip on', 'tip for', 'tax on', 'vat on', 'interest on', 'on'))
        return undefined;
      const whole = this.expression(0);
      return whole && (isOff ? binary('-', whole, operand) : binary('*', operand, whole));
    });
    return offered ?? operand;
  }

  #primary(): Expression | undefined {
    return this.words.attempt(
      () => this.#fraction() ?? this.number() ?? this.#bracketed() ?? this.#noun() ?? this.#reference(),
    );
  }

  #noun(): Expression | undefined {
    return this.words.attempt(() => {
      this.words.take('the', 'a', 'an');
      return this.#fraction() ?? this.number() ?? this.#named() ?? this.#constant();
    });
  }

  protected number(): Expression | undefined {
    const read = readNumber(this.words.rest);
    if (!read) return undefined;
    this.words.skip(read.length);
    this.words.take(...vocabulary.money);
    return { kind: 'number', text: read.text };
  }

  #constant(): Expression | undefined {
    return this.words.take('pi') === undefined ? undefined : { kind: 'constant', name: 'pi' };
  }

  /** "half of that", "two thirds of 90", "3 quarters of it" */
  #fraction(): Expression | undefined {
    const words = this.words;
    return words.attempt(() => {
      const counted = this.number();
      const divisor = fractionOf(words.rest[0]?.text ?? '');
      if (divisor === undefined) return undefined;
      words.skip(1);
      if (!words.take('of') && divisor !== 2) return undefined;
      const whole = this.expression(2);
      if (!whole) return undefined;
      return counted
        ? binary('*', binary('/', counted, number(divisor)), whole)
        : binary('/', whole, number(divisor));
    });
  }

  #bracketed(): Expression | undefined {
    const words = this.words;
    return words.attempt(() => {
      if (!words.take('(')) return undefined;
      const inner = this.expression(0);
      return inner && words.take(')') ? inner : undefined;
    });
  }

  #reference(): Expression | undefined {
    return this.words.take(...vocabulary.references) === undefined ? undefined : this.previous();
  }

  /** "sum of 2, 3 and 4", "square root of 16" */
  #named(): Expression | undefined {
    const words = this.words;
    const listed = words.attempt(() => {
      const name = words.take(...listNames);
      if (name === undefined || !words.take('of', 'between', 'from')) return undefined;
      const operands = this.list(['and', ',', ', and', 'to'], 1);
      return operands && operands.length > 1 ? vocabulary.lists[name]?.(operands) : undefined;
    });
    return listed ?? this.#remainder() ?? this.#ofOne();
  }

  #remainder(): Expression | undefined {
    const words = this.words;
    return words.attempt(() => {
      const left = words.take('remainder of', 'remainder when') && this.expression(levels['/']);
      const right = left && words.take('is divided by', 'divided by') && this.expression(levels['/']);
      return left && right ? binary('mod', left, right) : undefined;
    });
  }

  #ofOne(): Expression | undefined {
    const words = this.words;
    return words.attempt(() => {
      const name = words.take(...operandNames);
      if (name === undefined) return undefined;
      words.take('of');
      const operand = this.expression(levels['^']);
      return operand && vocabulary.ofOne[name]?.(operand);
    });
  }

  protected list(joints: readonly string[], minLevel = 0): readonly Expression[] | undefined {
    this.words.take('the numbers', 'the number', 'both');
    const first = this.expression(minLevel);
    if (!first) return undefined;
    const operands = [first];
    for (;;) {
      const next = this.words.attempt(() => {
        if (this.words.take(...longestFirst(joints)) === undefined || this.words.sees('then'))
          return undefined;
        return this.expression(minLevel);
      });
      if (!next) return operands;
      operands.push(next);
    }
  }

  protected previous(): Expression {
    return this.#it ?? missing;
  }
}
