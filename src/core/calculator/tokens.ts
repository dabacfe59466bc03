import { CalculationError } from './calculationError';

export type Token =
  | { readonly kind: 'number'; readonly text: string; readonly at: number }
  | { readonly kind: 'name'; readonly text: string; readonly at: number }
  | { readonly kind: 'symbol'; readonly text: string; readonly at: number };

const number = /(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy;
/** 1,234,567.8 as people write it; not inside a function's parentheses, where a comma separates. */
const groupedNumber = /\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?/y;
const name = /[a-z][a-z0-9]*/iy;
const symbol = /\*\*|[-+*/%^!(),]/y;
const spellings: Readonly<Record<string, string>> = {
  '×': '*',
  '·': '*',
  '÷': '/',
  '−': '-',
  '–': '-',
  '²': '^2',
};

/** @throws CalculationError at the first character that belongs to no token */
export function tokenize(source: string): readonly Token[] {
  const text = source.replace(/[×·÷−–²]/g, (mark) => spellings[mark] ?? mark).replace(/π/g, ' pi ');
  const tokens: Token[] = [];
  /** For each open parenthesis: does it hold a function's arguments? */
  const open: boolean[] = [];
  let at = 0;

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };

  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const start = at;
    const digits = (open.at(-1) === true ? undefined : take(groupedNumber)) ?? take(number);
    if (digits !== undefined) {
      tokens.push({ kind: 'number', text: digits.replaceAll(',', ''), at: start });
      continue;
    }
    const word = take(name);
    if (word !== undefined) {
      tokens.push({ kind: 'name', text: word.toLowerCase(), at: start });
      continue;
    }
    const mark = take(symbol);
    if (mark === undefined) {
      throw new CalculationError(`"${text.charAt(at)}" at position ${at + 1} is not part of an expression.`);
    }
    if (mark === '(') open.push(tokens.at(-1)?.kind === 'name');
    if (mark === ')') open.pop();
    tokens.push({ kind: 'symbol', text: mark === '**' ? '^' : mark, at: start });
  }
  return tokens;
}
