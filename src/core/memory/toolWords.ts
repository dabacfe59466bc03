import type { ToolCall } from '../message';
import { readRecallResult, type RecallResult } from './recallResult';

/** Of a text no more is looked at. In characters. */
const mostRead = 20_000;
const mostScanned = 4_000;
const mostValues = 12;

/** A tool call for a person to read, such as "calculator (5 + 10)": without punctuation of JSON, and without ids. */
export function callWords({ function: { name, arguments: text } }: ToolCall): string {
  const values = valuesIn(text);
  const tool = oneLine(name);
  if (values === undefined) return text.trim() === '' ? tool : `${tool} (${oneLine(text)})`;
  const told = values.map(({ key, value }) =>
    values.length === 1 || key === '' ? value : `${key}: ${value}`,
  );
  return told.length === 0 ? tool : `${tool} (${told.join(', ')})`;
}

/** What a tool's result says, for a person to read. */
export function resultWords(text: string): string {
  const recalled = text.length <= mostRead ? readRecallResult(text) : undefined;
  if (recalled) return recalledWords(recalled);
  const values = valuesIn(text);
  if (values === undefined) return oneLine(text);
  return values.length === 0
    ? 'nothing'
    : values.map(({ key, value }) => (key === '' ? value : `${key}: ${value}`)).join(', ');
}

function recalledWords({ facts, messages }: RecallResult): string {
  const told = [
    ...facts.map(({ text, date }) => `${oneLine(text)} (remembered on ${date})`),
    ...messages.map(
      ({ quote, role, date }) =>
        `“${oneLine(quote)}” (${role === 'user' ? 'the user' : `the ${role}`}, ${date})`,
    ),
  ];
  return told.length === 0 ? 'nothing found' : told.join('; ');
}

interface Value {
  /** Of the innermost object that holds it; empty where there is none. */
  readonly key: string;
  readonly value: string;
}

const token = /"((?:[^"\\]|\\.)*)"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false/g;
const idKey = /^(?:id|ids|uuid|guid|hash|checksum|.*(?:_id|Id|_ids|Ids))$/;
const idValue =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,}|(?=.*\d)[0-9a-f]{16,}|(?=.*\d)[0-9A-HJKMNP-TV-Z]{26})$/i;

/** What JSON says, the first of it, however it ends; undefined where the text is none. */
function valuesIn(text: string): readonly Value[] | undefined {
  const begin = text.slice(0, mostScanned).trim();
  if (!begin.startsWith('{') && !begin.startsWith('[')) return undefined;
  if (!/^[{[]\s*(?:[\]}"[{\d-]|true|false|null)/.test(begin)) return undefined;
  const values: Value[] = [];
  let key = '';
  for (const [whole, quoted, colon] of begin.matchAll(token)) {
    if (colon !== undefined) {
      key = oneLine(unescaped(quoted ?? ''));
      continue;
    }
    const value = quoted === undefined ? whole : oneLine(unescaped(quoted));
    if (value === '' || idKey.test(key) || idValue.test(value)) continue;
    values.push({ key, value });
    if (values.length === mostValues) break;
  }
  return values;
}

function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(`"${quoted}"`));
  } catch {
    return quoted;
  }
}

/** The beginning of a text, in one line. */
export function oneLine(text: string): string {
  return text.slice(0, 4_000).replace(/\s+/g, ' ').trim();
}
