import type { Message } from '../../core/message';

/** The prompt, in one line. */
export function promptLine({ messages }: { readonly messages: readonly Message[] }): string {
  return oneLine(messages.find(({ role }) => role === 'user')?.content ?? '', 80) || '(empty)';
}

export function oneLine(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
