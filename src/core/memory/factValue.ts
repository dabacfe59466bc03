/** Kinds of values of which a thing has one at a time: two that differ cannot both hold. */
export type ValueKind = 'number' | 'clock' | 'weekday' | 'month' | 'day' | 'date' | 'address' | 'code';

const weekday = /^(?:mon|tues|wednes|thurs|fri|satur|sun)days?$/i;
const monthName = '(?:january|february|march|april|may|june|july|august|september|october|november|december)';
const month = new RegExp(`^${monthName}$`, 'i');
const date = new RegExp(
  `^(?:(?:the )?\\d{1,2}(?:st|nd|rd|th)?(?: of)? ${monthName}(?: \\d{4})?|${monthName} \\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?)$`,
  'i',
);
const clock = /^(?:\d{1,2}:\d\d(?: ?[ap]\.?m\.?)?|\d{1,2} ?[ap]\.?m\.?|noon|midnight)$/i;
const number = /^[~€$£#]?v?[-−]?\d[\d.,_]*(?:[-+][\p{L}\p{N}.]+)?(?<unit>%|[\p{L}°]{0,3})$/u;
const address = /^(?:[a-z][a-z0-9+.-]*:\/\/\S+|[^\s@]+@[^\s@]+\.[^\s@]+|localhost(?::\d+)?|(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:\/\S*)?)$/i; // prettier-ignore
/** Identifiers, paths, model names: no plain word, and no words joined by hyphens. */
const code = /^(?=\S*(?:\d|_|\/|\\|\p{Ll}\p{Lu}|::))[\p{L}\p{N}_./\\:#@~+-]+$/u;

/** Undefined for words and names. Of numbers, the unit belongs to the kind: 30s and 500ms are no two of one kind. */
export function kindOfValue(value: string): ValueKind | `number in ${string}` | undefined {
  if (weekday.test(value)) return 'weekday';
  if (month.test(value)) return 'month';
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return 'date';
  if (date.test(value)) return 'day';
  if (clock.test(value)) return 'clock';
  const unit = number.exec(value)?.groups?.unit;
  if (unit !== undefined) return unit === '' ? 'number' : `number in ${unit.toLowerCase()}`;
  if (address.test(value)) return 'address';
  return code.test(value) ? 'code' : undefined;
}

/** Whether two values cannot mean the same, nor one of them tell the other more precisely (2 and 2.1, Ada and Ada Byron). */
export function areDifferent(one: string, other: string): boolean {
  const [a, b] = [plain(one), plain(other)];
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long === short || (long.startsWith(short) && !/[\p{L}\p{N}]/u.test(long.charAt(short.length))))
    return false;
  if (long.endsWith(short) && !/[\p{L}\p{N}]/u.test(long.charAt(long.length - short.length - 1)))
    return false;
  const words = (text: string): string => [...text.split(/\s+/)].sort().join(' ');
  return words(short) !== words(long);
}

function plain(value: string): string {
  return value
    .toLowerCase()
    .replace(/(?<=\d)[,_](?=\d)/g, '')
    .replace(/(?<=\d)(?:st|nd|rd|th)\b/g, '')
    .replace(/\b(?:the|of)\b/g, '')
    .replace(/^[v~#]\s*(?=\d)/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const opposites = [
  ['on', 'off'],
  ['enabled', 'disabled'],
  ['true', 'false'],
  ['yes', 'no'],
  ['allowed', 'forbidden'],
  ['required', 'optional'],
  ['public', 'private'],
  ['aktiviert', 'deaktiviert'],
  ['activé', 'désactivé'],
] as const;

export function areOpposites(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return opposites.some(([yes, no]) => (a === yes && b === no) || (a === no && b === yes));
}
