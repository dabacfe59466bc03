import { passageSize } from './constants';

/** A stretch of a text, in UTF-16 code units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * A long text in passages of about equal length, cut where a line ends, and in long lines where a sentence does. A
 * short one is one passage.
 * @param words how many the text has
 */
export function passagesOf(text: string, words: number): readonly Span[] {
  const count = Math.round(words / passageSize.words);
  if (count <= 1) return [{ start: 0, end: text.length }];
  const length = text.length / count;
  const cuts = cutsOf(text);
  const passages: Span[] = [];
  let start = 0;
  cuts.forEach((cut, index) => {
    const wanted = length * (passages.length + 1);
    const next = cuts[index + 1] ?? text.length;
    // The nearest cut to where a passage should end is taken.
    if (passages.length + 1 >= count || Math.abs(next - wanted) < Math.abs(cut - wanted)) return;
    passages.push({ start, end: cut });
    start = cut;
  });
  return [...passages, { start, end: text.length }];
}

/** Where the text may be cut, ascending; its end is not one of them. */
function cutsOf(text: string): readonly number[] {
  const cuts: number[] = [];
  let line = 0;
  while (line < text.length) {
    const at = text.indexOf('\n', line);
    const end = at < 0 ? text.length : at + 1;
    if (end - line > passageSize.line) {
      const sentences = /[.?!。！？]["'”’)\]]*\s+|[。！？]/gu;
      for (const { 0: stop, index } of text.slice(line, end).matchAll(sentences)) {
        cuts.push(line + index + stop.length);
      }
    }
    if (end < text.length && cuts.at(-1) !== end) cuts.push(end);
    line = end;
  }
  return cuts.filter((cut) => cut < text.length);
}
