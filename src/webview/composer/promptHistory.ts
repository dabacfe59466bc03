/**
 * Walks through earlier prompts as a shell does, from an empty composer or from one that shows an earlier prompt
 * unchanged, so that nothing that was typed is ever replaced.
 * @param prompts oldest first
 * @returns the text to show, or undefined where the key should do what it always does
 */
export function recallPrompt(
  prompts: readonly string[],
  draft: string,
  direction: 'older' | 'newer',
): string | undefined {
  const distinct = [...new Set(prompts.toReversed())].toReversed();
  if (draft === '') return direction === 'older' ? distinct.at(-1) : undefined;
  const at = distinct.indexOf(draft);
  if (at === -1) return undefined;
  if (direction === 'older') return distinct[at - 1];
  return distinct[at + 1] ?? '';
}
