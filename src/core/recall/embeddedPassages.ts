import { passagesOf, type Span } from './passages';
import { wordsOf } from './words';

/**
 * What of a message is embedded. Smaller models read a few hundred tokens and cut off the rest, so what has no spaces is
 * cut, too; and what is longer than a long article (a log that was pasted) is found by its words alone.
 */
export const embeddedSize = {
  /** UTF-16 code units of a passage. */
  characters: 2_000,
  /** Of one message. */
  passages: 200,
  /** UTF-16 code units of a message that are looked at. */
  message: 200_000,
} as const;

/** The passages of a text that are embedded, in order; none of a text without a word. */
export function embeddedPassages(whole: string): readonly Span[] {
  const text = whole.slice(0, embeddedSize.message).replace(/[\ud800-\udbff]$/, '');
  const words = wordsOf(text).length;
  if (words === 0) return [];
  return passagesOf(text, words)
    .flatMap((passage) => cut(text, passage))
    .filter(({ start, end }) => text.slice(start, end).trim() !== '')
    .slice(0, embeddedSize.passages);
}

function cut(text: string, { start, end }: Span): readonly Span[] {
  const pieces: Span[] = [];
  for (let from = start; from < end;) {
    let to = Math.min(end, from + embeddedSize.characters);
    // A pair of surrogates stays one character.
    if (to < end && /[\ud800-\udbff]/.test(text.charAt(to - 1))) to -= 1;
    pieces.push({ start: from, end: to });
    from = to;
  }
  return pieces;
}
