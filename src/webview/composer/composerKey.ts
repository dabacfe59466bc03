export type ComposerKey = 'send' | 'older-prompt' | 'newer-prompt';

/** What a key pressed in the composer means; undefined: what it always does. */
export function composerKey(
  event: Pick<
    KeyboardEvent,
    'key' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey' | 'isComposing' | 'keyCode'
  >,
): ComposerKey | undefined {
  // While an input method composes, Enter picks a candidate. Some report it only as key code 229.
  if (isComposing(event)) return undefined;
  const bare = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
  if (event.key === 'Enter' && !event.shiftKey && !event.altKey) return 'send';
  if (event.key === 'ArrowUp' && bare) return 'older-prompt';
  if (event.key === 'ArrowDown' && bare) return 'newer-prompt';
  return undefined;
}

export const isComposing = (event: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean =>
  // Deprecated, and the only sign there is.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  event.isComposing || event.keyCode === 229;
