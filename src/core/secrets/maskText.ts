import { splitAtMarks, withMarks, type SecretKind, type SecretSpan } from './secretMark';

export interface MaskedText {
  readonly text: string;
  /** Of what was masked now, one for each mark. */
  readonly kinds: readonly SecretKind[];
}

/** Of a stretch of text that is looked at by itself. */
export interface Place {
  /** What it is the whole value of, where that is known. */
  readonly name?: string;
  /** Whether the text ends with it. */
  readonly isEnd: boolean;
}

/** Finds what is secret in a stretch without marks. Spans are in order and do not overlap. */
export type FindSecrets = (text: string, place: Place) => readonly SecretSpan[];

/** What is masked changes what stands beside it: looked at again, but not for ever. */
const mostRounds = 8;
/** JSON in a string of JSON, and so on. */
const deepest = 4;

/** Masks every secret. JSON stays JSON. Masking what is masked changes nothing. */
export function maskText(text: string, find: FindSecrets): MaskedText {
  return maskAt(text, find, { isEnd: true }, 0);
}

function maskAt(text: string, find: FindSecrets, place: Place, depth: number): MaskedText {
  return (depth < deepest ? maskJson(text, find, depth) : undefined) ?? maskPlain(text, find, place);
}

function maskPlain(text: string, find: FindSecrets, { name, isEnd }: Place): MaskedText {
  const kinds: SecretKind[] = [];
  let masked = text;
  for (let round = 0; round < mostRounds; round += 1) {
    const parts = splitAtMarks(masked);
    const found = parts.map((part, index) => {
      if (index % 2 === 1 || part === '') return [];
      const isWhole = name !== undefined && parts.length === 1;
      return find(part, { isEnd: isEnd && index === parts.length - 1, ...(isWhole && { name }) });
    });
    if (found.every((spans) => spans.length === 0)) break;
    masked = parts.map((part, index) => withMarks(part, found[index] ?? [])).join('');
    kinds.push(...found.flatMap((spans) => spans.map(({ kind }) => kind)));
  }
  return { text: masked, kinds };
}

const literals = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/** String by string, each with its name, in the form that it has. @returns undefined for what is not JSON */
function maskJson(text: string, find: FindSecrets, depth: number): MaskedText | undefined {
  if (!/^\s*[[{"]/.test(text) || !isJson(text)) return undefined;
  const kinds: SecretKind[] = [];
  let name: string | undefined;
  let end = 0;
  const masked = text.replace(literals, (literal: string, colon: string | undefined, at: number) => {
    // The name is that of the value right behind it, not of what is in a list or an object.
    const isValue = name !== undefined && text.slice(end, at).trim() === '';
    const quoted = colon === undefined ? literal : literal.slice(0, -colon.length);
    const value = JSON.parse(quoted) as string;
    const place = { isEnd: false, ...(name !== undefined && colon === undefined && isValue && { name }) };
    const found = maskAt(value, find, place, depth + 1);
    name = colon === undefined ? undefined : value;
    end = at + literal.length;
    kinds.push(...found.kinds);
    return found.kinds.length === 0 ? literal : JSON.stringify(found.text) + (colon ?? '');
  });
  return { text: masked, kinds };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
