import type { SecretSpan } from '../../core/secrets/secretMark';
import type { MaskChoice } from '../../protocol/secrets';
import { assignedSecrets } from './assignments';
import { joinedSpans } from './joinedSpans';
import { knownSecrets } from './knownSecrets';
import { secretValue } from './namedValues';
import { isPlaceholder } from './placeholders';
import { privateKeys } from './privateKeys';
import { secretlintSecrets } from './secretlintRules';
import { tokenRules, tokenStarts } from './tokenRules';

/** What is secret in the text. Takes time by its length. In order, without overlaps. */
export function findSecrets(
  text: string,
  { known, rules }: MaskChoice,
  unfinished: boolean,
  name?: string,
): readonly SecretSpan[] {
  const found = [...knownSecrets(text, known, unfinished)];
  if (rules) {
    const named = name === undefined ? undefined : secretValue(name, text);
    if (named) found.push({ start: 0, end: text.length, kind: named });
    found.push(...outsideData(text, foundByRules(text, unfinished)));
  }
  return joinedSpans(found);
}

function foundByRules(text: string, unfinished: boolean): readonly SecretSpan[] {
  const start = unfinished ? tokenStart(text) : undefined;
  return [
    ...privateKeys(text, unfinished),
    ...providersTokens(text),
    ...secretlintSecrets(text).filter(({ start, end }) => !isPlaceholder(text.slice(start, end))),
    ...assignedSecrets(text, unfinished),
    ...(start ? [start] : []),
  ];
}

function providersTokens(text: string): readonly SecretSpan[] {
  return tokenRules.flatMap(({ kind, pattern, check }) => {
    const spans: SecretSpan[] = [];
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.groups?.['secret'] ?? [match.index, match.index + match[0].length];
      const secret = text.slice(start, end);
      if (!isPlaceholder(secret) && check?.(secret) !== false) spans.push({ start, end, kind });
    }
    return spans;
  });
}

/** The longest end of a text that may be the beginning of a key. */
const longestStart = 20_300;
/** What stands before a key without a beginning of its own. */
const announced = /(?<![A-Za-z0-9])(?:Bearer|Basic|-u|--user)[ \t=]{1,4}["']?$/i;

function tokenStart(text: string): SecretSpan | undefined {
  const end = text.length;
  let from = end;
  while (from > 0 && end - from < longestStart && !/[\s"'`<>]/.test(text.charAt(from - 1))) from -= 1;
  if (end - from >= 4 && announced.test(text.slice(Math.max(0, from - 20), from))) {
    return { start: from, end, kind: 'cut off' };
  }
  const match = tokenStarts.exec(text.slice(from));
  return match ? { start: from + match.index, end, kind: 'cut off' } : undefined;
}

/** Images and checksums are long and random: what looks like a key in them is chance. */
const data = /data:[\w/+.;=-]{0,80};base64,[A-Za-z0-9+/=]+|\bsha(?:1|256|384|512)-[A-Za-z0-9+/=]{20,100}/g;

function outsideData(text: string, spans: readonly SecretSpan[]): readonly SecretSpan[] {
  if (spans.length === 0) return spans;
  const places = text.matchAll(data);
  let place = places.next().value;
  const endOf = (match: RegExpExecArray): number => match.index + match[0].length;
  const inside = new Set<SecretSpan>();
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    while (place && endOf(place) <= span.start) place = places.next().value;
    if (place && span.start >= place.index && span.end <= endOf(place)) inside.add(span);
  }
  return spans.filter((span) => !inside.has(span));
}
