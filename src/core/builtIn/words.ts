/** A piece of a sentence. Words are lower case; numbers are plain digits. */
export type Word =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'symbol'; readonly text: string };

const pieces =
  /(?<grouped>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]*\d))|(?<number>(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)|(?<negative>(?<=^|[\s(])[-−](?=[\d.$€£]))|(?<word>[\p{L}_][\p{L}\p{N}_]*(?:['’][\p{L}]+)*)|(?<symbol>\*\*|\S)/giu;
/** Money signs and quotation marks say nothing about the sum. */
const silent = /^[$€£¥"“”'‘’`]$/;
const spellings: Readonly<Record<string, string>> = {
  '×': '*',
  '·': '*',
  '÷': '/',
  '−': '-',
  '–': '-',
  '**': '^',
};

/** The minus of a number, `-5`, which in `- 5` is that of a subtraction. */
export const negativeSign = '(-)';

export function wordsOf(sentence: string): readonly Word[] {
  return [...sentence.matchAll(pieces)].flatMap(({ groups = {} }): readonly Word[] => {
    const { grouped, number, negative, word, symbol } = groups;
    if (grouped !== undefined) return [{ kind: 'number', text: grouped.replaceAll(',', '') }];
    if (number !== undefined) return [{ kind: 'number', text: number }];
    if (negative !== undefined) return [{ kind: 'symbol', text: negativeSign }];
    if (word !== undefined) return [{ kind: 'word', text: word.toLowerCase().replaceAll('’', "'") }];
    if (symbol === undefined || silent.test(symbol)) return [];
    return [{ kind: 'symbol', text: spellings[symbol] ?? symbol }];
  });
}

/** The words that stand for something: what a search for the sentence should look for. */
export function contentWords(sentence: string): readonly string[] {
  const seen = new Set(
    (
      sentence
        .toLowerCase()
        .replaceAll('’', "'")
        .match(/[\p{L}\p{N}][\p{L}\p{N}'_-]*/gu) ?? []
    )
      .map((word) => word.replace(/'(s|re|m|ve|ll|d|t)?$/, ''))
      .filter((word) => word.length > 1 || /\p{N}/u.test(word) || !/^[a-z]$/.test(word)),
  );
  return [...seen].filter((word) => !emptyWords.has(word));
}

const emptyWords = new Set(
  (
    'a about again all also am an and any are as at be been before but by can could did do does don done ever for from ' +
    'get give had has have hello hey hi him her his how i if in into is isn it its just know last let like ll look may ' +
    'me mean mentioned mention might more most must my need no nor not now of off on once or other our ours out over ' +
    'please recall recalled re regarding remember remembered remind said saw say says search see shall she should so ' +
    'some something still talk talked tell than thank thanks that the their them then there these they thing things ' +
    'this those to told too up us use very want was wasn we were what when where which who whom whose why will with ' +
    'won would wouldn yes yet you your yours'
  ).split(' '),
);
