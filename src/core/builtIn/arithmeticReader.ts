import type { Expression } from '../calculator/parseExpression';
import * as vocabulary from './arithmeticWords';
import { binary, call, fold, levels, number } from './arithmeticWords';
import { ExpressionReader } from './expressionReader';

/** These may be said alone: "square it", "double". */
const verbs = ['double', 'triple', 'quadruple', 'halve', 'square', 'cube', 'negate'];
const links = [', and then', ', then', 'and then', 'then', ', and', 'and', ','];

/** A small grammar of spoken arithmetic, by recursive descent. */
export class ArithmeticReader extends ExpressionReader {
  /** The whole sentence, or undefined. */
  read(): Expression | undefined {
    this.words.skipAll(vocabulary.before);
    let result = this.#question() ?? this.#command() ?? this.#continuation() ?? this.#stated();
    while (result) {
      this.goOnFrom(result);
      const next = this.words.attempt(() => {
        this.words.skipAll(links);
        return this.#command() ?? this.#continuation();
      });
      if (!next) break;
      result = next;
    }
    this.words.skipAll(vocabulary.after);
    return this.words.atEnd ? result : undefined;
  }

  #stated(): Expression | undefined {
    this.words.take('take');
    return this.expression(0);
  }

  /** "What percentage of 80 is 20?" */
  #question(): Expression | undefined {
    const words = this.words;
    const share = (part: Expression, whole: Expression): Expression =>
      binary('*', binary('/', part, whole), number(100));
    return words.attempt(() => {
      words.take('what', 'which');
      if (words.take('percentage of', 'percent of')) {
        const whole = this.expression(0);
        const part = whole && words.take('is') && this.expression(0);
        return whole && part ? share(part, whole) : undefined;
      }
      const listed = words.attempt(() => {
        const operands = this.list(['and', ',', ', and']);
        const sign = operands && words.take('added', 'summed', 'combined', 'multiplied');
        if (!sign) return undefined;
        words.take('together', 'up');
        return fold(sign === 'multiplied' ? '*' : '+', operands);
      });
      if (listed) return listed;
      words.take('percentage is', 'percent is');
      const part = this.expression(1);
      const link = part && words.take('is what percentage of', 'is what percent of', 'of');
      const whole = link && this.expression(0);
      return part && whole ? share(part, whole) : undefined;
    });
  }

  #command(): Expression | undefined {
    return this.words.attempt(
      () =>
        this.#add() ??
        this.#subtract() ??
        this.#multiplyOrDivide() ??
        this.#change() ??
        this.#round() ??
        this.#verb(),
    );
  }

  #add(): Expression | undefined {
    const words = this.words;
    return words.attempt(() => {
      if (!words.take('add up', 'add together', 'add', 'sum up', 'sum')) return undefined;
      words.take('of');
      const operands = this.list(['and', ',', 'with', ', and']);
      if (!operands) return undefined;
      const target = words.take('to', 'onto') ? this.expression(0) : undefined;
      if (target) return fold('+', [target, ...operands]);
      return operands.length > 1 ? fold('+', operands) : fold('+', [this.previous(), ...operands]);
    });
  }

  #subtract(): Expression | undefined {
    const words = this.words;
    return words.attempt(() => {
      const verb = words.take('subtract', 'deduct', 'take away', 'take', 'remove');
      if (!verb) return undefined;
      const operands = this.list(['and', ',', ', and']);
      if (!operands) return undefined;
      const isTaken = words.take('away from', 'from', 'off', 'away');
      // "take half of it" is no subtraction.
      if (verb === 'take' && !isTaken) return undefined;
      const target = isTaken !== undefined && isTaken !== 'away' ? this.expression(0) : this.previous();
      return target && fold('-', [target, ...operands]);
    });
  }

  #multiplyOrDivide(): Expression | undefined {
    const words = this.words;
    return words.attempt(() => {
      const verb = words.take('multiply', 'divide', 'split');
      if (!verb) return undefined;
      const joints =
        verb === 'multiply' ? ['by', 'with', 'times', 'and', ','] : ['by', 'into', 'between', 'in', 'among'];
      const operator = verb === 'multiply' ? '*' : '/';
      if (words.take(...joints)) {
        const operand = this.expression(0);
        return operand && binary(operator, this.previous(), operand);
      }
      const operands = this.list(joints);
      if (!operands) return undefined;
      return fold(operator, operands.length > 1 ? operands : [this.previous(), ...operands]);
    });
  }

  /** "increase 80 by 15%", "raise it to the 3rd power" */
  #change(): Expression | undefined {
    const words = this.words;
    return words.attempt(() => {
      const verb = words.take('increase', 'decrease', 'reduce', 'lower', 'discount', 'raise');
      if (!verb) return undefined;
      const target = words.sees('by', 'to') ? this.previous() : this.expression(0);
      if (!target) return undefined;
      if (verb === 'raise' && words.take('to the power of', 'to the power', 'to the', 'to')) {
        const exponent = this.expression(4);
        words.take('st', 'nd', 'rd', 'th');
        words.take('power');
        return exponent && binary('^', target, exponent);
      }
      const amount = words.take('by') && this.expression(0);
      return amount ? binary(verb === 'increase' || verb === 'raise' ? '+' : '-', target, amount) : undefined;
    });
  }

  #round(): Expression | undefined {
    const words = this.words;
    return words.attempt(() => {
      if (!words.take('round')) return undefined;
      const before = words.take('up', 'down', 'off');
      const target = this.expression(0) ?? this.previous();
      const direction = before ?? words.take('up', 'down', 'off');
      const name = direction === 'up' ? 'ceil' : direction === 'down' ? 'floor' : 'round';
      if (!words.take('to')) return call(name, target);
      if (words.take('the nearest integer', 'the nearest whole number', 'a whole number', 'an integer')) {
        return call(name, target);
      }
      const places = this.number();
      const unit = words.take('decimal places', 'decimal place', 'decimals', 'decimal', 'places', 'digits');
      return places && unit ? call('round', target, places) : undefined;
    });
  }

  #verb(): Expression | undefined {
    const words = this.words;
    return words.attempt(() => {
      const verb = words.sees('square root', 'cube root') ? undefined : words.take(...verbs);
      if (!verb) return undefined;
      words.take('of');
      return vocabulary.ofOne[verb]?.(this.expression(levels['^']) ?? this.previous());
    });
  }

  /** "times 3", "- 4": goes on from what there is. */
  #continuation(): Expression | undefined {
    return this.words.attempt(() => {
      if (this.operator() === undefined) return undefined;
      const start = this.words.position;
      const result = this.infix(this.previous(), 0);
      return this.words.position > start ? result : undefined;
    });
  }
}
