export type CharacterKind =
  | 'space'
  | 'break'
  | 'digit'
  | 'lower'
  | 'upper'
  /** Letters beyond ASCII of the Latin alphabet. */
  | 'accented'
  | 'cyrillic'
  | 'greek'
  /** Letters of any other alphabet. */
  | 'letter'
  | 'hangul'
  | 'han'
  | 'kana'
  /** Punctuation of ASCII. */
  | 'mark'
  | 'surrogate'
  | 'symbol';

/** @param code a UTF-16 code unit */
export function characterKind(code: number): CharacterKind {
  if (code < 0x80) {
    if (code >= 0x61 && code <= 0x7a) return 'lower';
    if (code === 0x20 || code === 0x09) return 'space';
    if (code >= 0x41 && code <= 0x5a) return 'upper';
    if (code >= 0x30 && code <= 0x39) return 'digit';
    return code === 0x0a || code === 0x0d ? 'break' : 'mark';
  }
  if (code < 0xc0) return code === 0xa0 ? 'space' : 'symbol';
  if (code < 0x0250) return code === 0xd7 || code === 0xf7 ? 'symbol' : 'accented';
  if (code < 0x0370) return 'symbol';
  if (code < 0x0400) return 'greek';
  if (code < 0x0530) return 'cyrillic';
  if (code < 0x1100) return 'letter';
  if (code < 0x1200) return 'hangul';
  if (code < 0x1e00) return 'letter';
  if (code < 0x1f00) return 'accented';
  if (code < 0x2000) return 'greek';
  if (code >= 0x3040 && code < 0x3100) return 'kana';
  if (code >= 0x3400 && code < 0xa000) return 'han';
  if (code >= 0xac00 && code < 0xd7b0) return 'hangul';
  if (code >= 0xd800 && code < 0xe000) return 'surrogate';
  if (code >= 0xf900 && code < 0xfb00) return 'han';
  return 'symbol';
}
