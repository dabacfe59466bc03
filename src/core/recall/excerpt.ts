import type { Span } from './passages';

/** A stretch of an excerpt, and whether it is what was looked for. */
export interface ExcerptPiece {
  readonly text: string;
  readonly marked: boolean;
}

export interface ExcerptSource {
  readonly text: string;
  readonly passage: Span;
  /** Within the passage, ascending. */
  readonly highlights: readonly Span[];
}

/** Words are not cut where a space is so near, in characters. */
const wordReach = 24;

/**
 * What a hit shows of its passage: at most about `maxLength` characters, the stretch that holds most of what was looked
 * for, the first of several. Cuts show as `…`; line breaks and runs of spaces become one space.
 */
export function excerptOf(source: ExcerptSource, maxLength: number): readonly ExcerptPiece[] {
  const { text, passage, highlights } = source;
  const { start, end } = stretchOf(source, maxLength);
  const pieces: ExcerptPiece[] = [];
  let at = start;
  const add = (to: number, marked: boolean): void => {
    const part = text.slice(at, to).replace(/\s+/g, ' ');
    if (part !== '') pieces.push({ text: part, marked });
    at = Math.max(at, to);
  };
  for (const highlight of highlights) {
    if (highlight.start < at || highlight.end > end) continue;
    add(highlight.start, false);
    add(highlight.end, true);
  }
  add(end, false);
  const before = start > passage.start || text.slice(0, passage.start).trim() !== '';
  const after = end < passage.end || text.slice(passage.end).trim() !== '';
  return withCuts(pieces, before, after);
}

/** The excerpt as one line of plain text. */
export function plainExcerpt(pieces: readonly ExcerptPiece[]): string {
  return pieces.map(({ text }) => text).join('');
}

function stretchOf({ text, passage, highlights }: ExcerptSource, maxLength: number): Span {
  if (passage.end - passage.start <= maxLength) return passage;
  const lead = Math.floor(maxLength / 5);
  let best: Span = { start: passage.start, end: passage.start + maxLength };
  let most = 0;
  let last = 0;
  highlights.forEach(({ start }, first) => {
    const from = Math.max(passage.start, Math.min(start - lead, passage.end - maxLength));
    const to = from + maxLength;
    last = Math.max(last, first);
    while (last < highlights.length && (highlights[last]?.end ?? 0) <= to) last += 1;
    if (last - first > most) [best, most] = [{ start: from, end: to }, last - first];
  });
  return atWords(text, passage, best);
}

/** Never within a pair of surrogates, and not within a word if a space is near. */
function atWords(text: string, passage: Span, { start, end }: Span): Span {
  const space = text.slice(start, start + wordReach).search(/\s/);
  const from = start === passage.start ? start : space >= 0 ? start + space + 1 : afterPair(text, start);
  const tail = text.slice(Math.max(from, end - wordReach), end);
  const lastSpace = tail.search(/\s\S*$/);
  const to = end >= passage.end ? end : lastSpace >= 0 ? end - tail.length + lastSpace : afterPair(text, end);
  return { start: from, end: Math.max(from, to) };
}

function afterPair(text: string, at: number): number {
  return /[\udc00-\udfff]/.test(text.charAt(at)) && /[\ud800-\udbff]/.test(text.charAt(at - 1)) ? at + 1 : at;
}

function withCuts(pieces: readonly ExcerptPiece[], before: boolean, after: boolean): readonly ExcerptPiece[] {
  const trimmed = pieces
    .map(({ text, marked }, index) => {
      const begun = index === 0 ? text.trimStart() : text;
      return { text: index === pieces.length - 1 ? begun.trimEnd() : begun, marked };
    })
    .filter(({ text }) => text !== '');
  return [
    ...(before && trimmed.length > 0 ? [{ text: '… ', marked: false }] : []),
    ...trimmed,
    ...(after && trimmed.length > 0 ? [{ text: ' …', marked: false }] : []),
  ];
}
