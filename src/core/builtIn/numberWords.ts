import type { Word } from './words';

const units = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen'
).split(' ');
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const scales: Readonly<Record<string, number>> = {
  dozen: 12,
  thousand: 1e3,
  k: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
};
const fractions: Readonly<Record<string, number>> = {
  half: 2,
  third: 3,
  quarter: 4,
  fourth: 4,
  fifth: 5,
  sixth: 6,
  seventh: 7,
  eighth: 8,
  ninth: 9,
  tenth: 10,
  hundredth: 100,
};

export interface ReadNumber {
  /** As the calculator reads it. */
  readonly text: string;
  /** How many words it took. */
  readonly length: number;
}

/** The number that `words` begin with, in digits, words or both: `1,200`, `twenty-five`, `2.5 million`, `a dozen`. */
export function readNumber(words: readonly Word[]): ReadNumber | undefined {
  const [first] = words;
  if (first?.kind === 'number') {
    const scale = scaleOf(words[1]);
    return scale === undefined
      ? { text: first.text, length: 1 }
      : { text: scaled(first.text, scale), length: 2 };
  }
  return readWords(words);
}

/** What a fraction's name divides by: 3 for `third` and `thirds`. */
export function fractionOf(word: string): number | undefined {
  const name = word === 'halves' ? 'half' : word.replace(/s$/, '');
  return Object.hasOwn(fractions, name) ? fractions[name] : undefined;
}

function readWords(words: readonly Word[]): ReadNumber | undefined {
  let total = 0;
  /** What the next scale word multiplies. */
  let group: number | undefined;
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = wordAt(words, at);
    const value = small(word);
    const scale = scaleOf(words[at]);
    if (value !== undefined && fits(group, value)) group = (group ?? 0) + value;
    else if (word === 'hundred' && group !== undefined && group > 0 && group < 100) group *= 100;
    else if (scale !== undefined && group !== undefined) {
      total += group * scale;
      group = 0;
    } else if (at === 0 && isArticle(words)) group = 1;
    else if (!joins(words, at, group ?? 0)) break;
  }
  if (group === undefined) return undefined;
  const whole = String(total + group);
  const decimals = wordAt(words, at) === 'point' ? digits(words.slice(at + 1)) : '';
  if (decimals === '') return { text: whole, length: at };
  return { text: `${whole}.${decimals}`, length: at + 1 + decimals.length };
}

/** `a hundred`, `a dozen`: an article is a number only before a scale. */
function isArticle(words: readonly Word[]): boolean {
  const first = wordAt(words, 0);
  return (
    (first === 'a' || first === 'an') && (wordAt(words, 1) === 'hundred' || scaleOf(words[1]) !== undefined)
  );
}

/** The hyphen of `twenty-five`, and the `and` of `two hundred and five`. */
function joins(words: readonly Word[], at: number, group: number): boolean {
  const [joint, next] = [words[at], small(wordAt(words, at + 1))];
  if (!joint || next === undefined || next === 0) return false;
  if (joint.text === '-') return group % 100 >= 20 && group % 10 === 0 && next < 10;
  return joint.text === 'and' && group >= 100 && group % 100 === 0 && next < 100;
}

function fits(group: number | undefined, value: number): boolean {
  if (group === undefined || group === 0) return true;
  const rest = group % 100;
  return value > 0 && (rest === 0 || (rest >= 20 && rest % 10 === 0 && value < 10)) && group >= 20;
}

function small(word: string): number | undefined {
  const unit = units.indexOf(word);
  if (unit >= 0) return unit;
  const ten = word === '' ? -1 : tens.indexOf(word);
  return ten >= 0 ? ten * 10 : undefined;
}

function digits(words: readonly Word[]): string {
  const end = words.findIndex((word) => !units.slice(0, 10).includes(word.text));
  return (end < 0 ? words : words.slice(0, end)).map(({ text }) => units.indexOf(text)).join('');
}

function scaleOf(word: Word | undefined): number | undefined {
  return word?.kind === 'word' && Object.hasOwn(scales, word.text) ? scales[word.text] : undefined;
}

/** Shifts the decimal point, so that `2.5 million` stays exact and readable; a dozen is multiplied. */
function scaled(text: string, scale: number): string {
  const zeros = Math.round(Math.log10(scale));
  if (10 ** zeros !== scale || /e/i.test(text)) return String(Number(text) * scale);
  const [whole = '', decimals = ''] = text.split('.');
  const shifted = decimals.padEnd(zeros, '0');
  const rest = shifted.slice(zeros);
  return `${whole}${shifted.slice(0, zeros)}${rest === '' ? '' : `.${rest}`}`.replace(/^0+(?=\d)/, '');
}

function wordAt(words: readonly Word[], at: number): string {
  const word = words[at];
  return word?.kind === 'word' ? word.text : '';
}
