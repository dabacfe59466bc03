import type { Span } from '../recall/passages';

/** Words of a text as search sees them: letters and digits, lower case. */
export function searchWords(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/**
 * At most `maxLength` characters of `text`, whole words, around the first that `query` names; cuts show as `…`.
 * Line breaks and runs of spaces become one space.
 */
export function quoteAround(text: string, query: string, maxLength: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= maxLength) return line;
  const wanted = new Set(searchWords(query));
  const hit = [...line.matchAll(/[\p{L}\p{N}]+/gu)].find(([word]) => wanted.has(word.toLowerCase()));
  const start = Math.max(0, Math.min((hit?.index ?? 0) - Math.floor(maxLength / 4), line.length - maxLength));
  const end = start + maxLength;
  const from = start === 0 ? 0 : line.indexOf(' ', start) + 1 || start;
  const to = end >= line.length ? line.length : line.lastIndexOf(' ', end);
  const cut = line.slice(from, to > from ? to : end);
  return `${from > 0 ? '… ' : ''}${cut}${to < line.length ? ' …' : ''}`;
}

/** `quoteAround` within a passage of the text; what is cut on either side of it shows as `…`, too. */
export function quotePassage(text: string, { start, end }: Span, query: string, maxLength: number): string {
  const quote = quoteAround(text.slice(start, end), query, maxLength);
  const before = text.slice(0, start).trim() !== '' && !quote.startsWith('…') ? '… ' : '';
  const after = text.slice(end).trim() !== '' && !quote.endsWith('…') ? ' …' : '';
  return `${before}${quote}${after}`;
}
