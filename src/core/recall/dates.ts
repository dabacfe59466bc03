/** A stretch of days that a question names. Milliseconds since 1970; `to` is exclusive. */
export interface AskedDate {
  readonly kind: 'explicit' | 'relative';
  /** Whether a moment lies in it. */
  readonly holds: (moment: number) => boolean;
}

const day = 86_400_000;
const monthNames = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const months = monthNames.split('|');
const month = `(?:${monthNames})(?:[a-z]{0,6})?\\.?`;
const fullMonths = 'january|february|march|april|may|june|july|august|september|october|november|december';
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

const smallNumbers: Readonly<Record<string, number>> = {
  a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11,
  twelve: 12, couple: 2, few: 3, several: 4,
}; // prettier-ignore

/**
 * What is told on a day is often of the day before, and a clock may be in another zone: a named day holds what was said
 * from the day before to some days after.
 */
const slackBefore = day;
const slackAfter = 2 * day;

/**
 * The dates that an English question names: "on 3 May 2023", "in March", "2023-05-03", "last Tuesday", "two weeks ago".
 * @param now milliseconds since 1970, from which relative ones are told
 */
export function readDates(text: string, now: number): readonly AskedDate[] {
  return [...explicitDates(text), ...relativeDates(text.toLowerCase(), now)];
}

function explicitDates(text: string): readonly AskedDate[] {
  const found: AskedDate[] = [];
  const take = (pattern: RegExp, read: (match: RegExpMatchArray) => AskedDate | undefined): void => {
    for (const match of text.matchAll(pattern)) {
      const date = read(match);
      if (date) found.push(date);
    }
  };
  take(/\b(\d{4})-(\d{1,2})-(\d{1,2})\b/g, ([, y, m, d]) => dayOf(Number(d), Number(m) - 1, Number(y)));
  const dayMonth = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? (${month})(?:,? (\\d{4}))?\\b`, 'gi');
  take(dayMonth, ([, d, m, y]) => dayOf(Number(d), monthIndex(m), y === undefined ? undefined : Number(y)));
  const monthDay = new RegExp(`\\b(${month}) (\\d{1,2})(?:st|nd|rd|th)?\\b(?:,? (\\d{4}))?`, 'gi');
  take(monthDay, ([, m, d, y]) => dayOf(Number(d), monthIndex(m), y === undefined ? undefined : Number(y)));
  if (found.length > 0) return found;
  const monthAlone = new RegExp(
    `\\b(?:in|of|during|since|early|late|mid|last|this|until|by)[ -](${fullMonths})\\b(?:,? (?:of )?(\\d{4}))?`,
    'gi',
  );
  take(monthAlone, ([, m, y]) => monthOf(monthIndex(m), y === undefined ? undefined : Number(y)));
  take(new RegExp(`(?<!in )\\b(${fullMonths}),? (\\d{4})\\b`, 'gi'), ([, m, y]) =>
    monthOf(monthIndex(m), Number(y)),
  );
  if (found.length > 0) return found;
  take(/\b(?:in|of|during|since) ((?:19|20)\d\d)\b/gi, ([, y]) => yearOf(Number(y)));
  return found;
}

function monthIndex(name = ''): number {
  return months.indexOf(name.slice(0, 3).toLowerCase());
}

function dayOf(date: number, monthOfYear: number, year?: number): AskedDate | undefined {
  if (date < 1 || date > 31 || monthOfYear < 0 || monthOfYear > 11) return undefined;
  return {
    kind: 'explicit',
    holds: (moment) => {
      const start = Date.UTC(year ?? nearestYear(moment, monthOfYear), monthOfYear, date);
      return moment >= start - slackBefore && moment < start + day + slackAfter;
    },
  };
}

function monthOf(monthOfYear: number, year?: number): AskedDate | undefined {
  return {
    kind: 'explicit',
    holds: (moment) => {
      const ofYear = year ?? nearestYear(moment, monthOfYear);
      return (
        moment >= Date.UTC(ofYear, monthOfYear) && moment < Date.UTC(ofYear, monthOfYear + 1) + slackAfter
      );
    },
  };
}

function yearOf(year: number): AskedDate {
  return {
    kind: 'explicit',
    holds: (moment) => moment >= Date.UTC(year) && moment < Date.UTC(year + 1) + slackAfter,
  };
}

/** A date without its year is of any year: of that which puts it nearest to the moment. */
function nearestYear(moment: number, monthOfYear: number): number {
  const at = new Date(moment);
  const difference = monthOfYear - at.getUTCMonth();
  return at.getUTCFullYear() + (difference > 6 ? -1 : difference < -6 ? 1 : 0);
}

function relativeDates(text: string, now: number): readonly AskedDate[] {
  const today = Math.floor(now / day) * day;
  const found: AskedDate[] = [];
  const add = (from: number, to: number): void => {
    found.push({ kind: 'relative', holds: (moment) => moment >= from && moment < to });
  };
  if (/\b(?:today|this (?:morning|afternoon|evening)|tonight)\b/.test(text))
    add(today - day, today + 2 * day);
  if (/\b(?:yesterday|last night)\b/.test(text)) add(today - 2 * day, today + day);
  for (const [, count = '', unit = ''] of text.matchAll(
    /\b(\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:a )?couple(?: of)?|(?:a )?few|several) (day|week|month|year)s? (?:ago|back|earlier)\b/g,
  )) {
    const many = Number(count) || (smallNumbers[count.replace(/^a (?=\w)| of$/g, '')] ?? 1);
    const length = { day: 1, week: 7, month: 30.4, year: 365.25 }[unit] ?? 1;
    // Who says "two weeks ago" may be some days wrong, and who says "ten days ago" hardly.
    const slack = { day: 1.5, week: 4, month: 16, year: 120 }[unit] ?? 1;
    const middle = today + day / 2 - many * length * day;
    add(middle - (slack + many * length * 0.05) * day, middle + (slack + many * length * 0.05) * day);
  }
  for (const [, which = '', name = ''] of text.matchAll(
    new RegExp(`\\b(last|past|this|on) (${weekdays.join('|')})\\b`, 'g'),
  )) {
    const back = (new Date(today).getUTCDay() - weekdays.indexOf(name) + 7) % 7 || 7;
    // "Last Tuesday", said on a Wednesday, may be yesterday or eight days ago.
    const from = today - back * day - (which === 'last' && back < 3 ? 7 * day : 0);
    add(from - day / 2, today - back * day + 1.5 * day);
  }
  const spans = { week: 7, month: 31, year: 365 } as const;
  for (const [, which, unit] of text.matchAll(/\b(last|past|previous|this) (week|month|year)\b/g)) {
    const length = spans[unit as keyof typeof spans] * day;
    add(today - (which === 'this' ? length : 2 * length), today + day);
  }
  if (/\blast weekend\b/.test(text)) {
    const sunday = today - (new Date(today).getUTCDay() || 7) * day;
    add(sunday - 1.5 * day, sunday + 2.5 * day);
  }
  return found;
}
