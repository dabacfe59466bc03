import type { SecretSpan } from '../../core/secrets/secretMark';

const begin = /-----BEGIN[ ](?:[A-Z0-9 ]{1,40} )?PRIVATE KEY(?: BLOCK)?-----|Private-Lines:/g;
const end = /^-----END[ ](?:[A-Z0-9 ]{1,40} )?PRIVATE KEY(?: BLOCK)?-----/;
/** No key is longer, in characters. */
const longest = 20_000;
/** Lines of a key, its headers included, and how they are broken in source code. */
const body = /(?:[A-Za-z-]{1,30}: [^\n]{0,200}\n|[A-Za-z0-9+/=]+|(?:\\r)?\\n|\s|["'+,])*/y;

/** Private keys from their first line to their last, or as far as they go. */
export function privateKeys(text: string, unfinished: boolean): readonly SecretSpan[] {
  const spans: SecretSpan[] = [];
  let from = 0;
  begin.lastIndex = 0;
  for (let match = begin.exec(text); match; match = begin.exec(text)) {
    if (match.index < from) continue;
    const start = match.index + match[0].length;
    const { stop, closed } = endOf(text, start);
    const content = text.slice(start, stop);
    const cut = unfinished && !closed && stop === text.length;
    if (!/[A-Za-z0-9+/]{16}/.test(content) && !cut) continue;
    const kept = closed ? content.length : content.trimEnd().length;
    from = start + kept;
    if (from > match.index) spans.push({ start: match.index, end: from, kind: 'private key' });
    begin.lastIndex = Math.max(begin.lastIndex, from);
  }
  return spans;
}

function endOf(text: string, start: number): { readonly stop: number; readonly closed: boolean } {
  body.lastIndex = 0;
  const length = body.exec(text.slice(start, start + longest))?.[0].length ?? 0;
  const rest = text.slice(start + length, start + length + 100);
  const last = end.exec(rest);
  return last
    ? { stop: start + length + last[0].length, closed: true }
    : { stop: start + length, closed: false };
}
