/** CJK, kana, hangul and emoji: close to one token a character in o200k_base. */
const dense =
  /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]|\p{Extended_Pictographic}/gu;

/** Tokens of a text in o200k_base, by its scripts. */
export function estimateTokens(text: string): number {
  const denseCount = text.match(dense)?.length ?? 0;
  return Math.ceil(denseCount + (text.length - denseCount) / 3.7);
}
