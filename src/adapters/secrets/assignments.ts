import type { SecretKind, SecretSpan } from '../../core/secrets/secretMark';
import { secretNames, secretValue } from './namedValues';

/** `password = "…"`, `"apiKey": "…"`, `DB_PASSWORD=…`, `--token …`, `the password is …`. */
const assignment = new RegExp(
  String.raw`(${secretNames}\d*)` +
    String.raw`((?:\\?["'\`])?\]?(?:[ \t]{0,8}(?:=>|:=|={1,3}|:(?!:))(?:\*\*)?|[ \t](?:is|was)(?=[ \t])|(?<=--[\w-]{1,40})(?=[ \t]))[ \t]{0,8})` +
    String.raw`(?:(\\?["'\`])((?:(?!\3)(?:[^\n\\]|\\.)){1,400})(\3?)|([^\s"'\`,;<>(){}[\]|\\]{1,400}))`,
  'gi',
);

/** Secrets by the names that they are given. `unfinished`: also where the text ends within one. */
export function assignedSecrets(text: string, unfinished: boolean): readonly SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (const match of text.matchAll(assignment)) {
    const [, name = '', operator = '', quote = '', quoted = '', closing = '', bare = ''] = match;
    const start = match.index + name.length + operator.length + quote.length;
    const inUrl = /[?&][\w.-]{0,40}$/.test(text.slice(Math.max(0, match.index - 41), match.index));
    const unclosed = quote !== '' && closing === '';
    const value = valueOf(quoted || bare, { isQuoted: quote !== '', unclosed, inUrl });
    const end = start + (quoted || bare).length;
    const isCut = unfinished && closing === '' && end === text.length;
    const kind = isCut ? cutOff(operator, value) : kindOf(match, text[end], value);
    if (kind) spans.push({ start, end: isCut ? end : start + value.length, kind });
  }
  return spans;
}

function kindOf(
  [, name = '', operator = '', quote = '', , , bare = '']: RegExpMatchArray,
  next: string | undefined,
  value: string,
): SecretKind | undefined {
  if (bare !== '' && (next === '(' || next === '[')) return undefined;
  if (isSaid(operator) && (!/\d/.test(value) || /^(?:base\d|sha-?\d|md5|utf|bcrypt|argon)/i.test(value)))
    return undefined;
  return secretValue(name, value, quote === '' && operator === '=' && isEnvironmentName(name));
}

function cutOff(operator: string, value: string): SecretKind | undefined {
  return value.length >= (isSaid(operator) ? 6 : 3) ? 'cut off' : undefined;
}

/** "is", "was" */
function isSaid(operator: string): boolean {
  return operator.includes('s');
}

function valueOf(
  given: string,
  { isQuoted, unclosed, inUrl }: Readonly<Record<'isQuoted' | 'unclosed' | 'inUrl', boolean>>,
): string {
  if (inUrl) return given.split(/[&#]/, 1)[0] ?? '';
  if (unclosed) return given.split(/\s/, 1)[0] ?? '';
  return isQuoted ? given : given.replace(/[.:?]$/, '');
}

function isEnvironmentName(name: string): boolean {
  return /^[A-Z\d_]+$/.test(name);
}
