import { talk } from './constants';
import type { RecallMessage } from './rank';

/** A message as its place in the conversation tells of it. */
export interface Voice {
  /** Of people who talk with each other, and not of a user or of an assistant that writes answers. */
  readonly isPerson: boolean;
  /** Who it is, where the message's name or the beginning of its text tells. */
  readonly speaker: string | undefined;
}

/** What takes part in the conversation. */
export function isSaid({ role, text }: Pick<RecallMessage, 'role' | 'text'>): boolean {
  return (role === 'user' || role === 'assistant') && text.trim() !== '';
}

export function isQuestion(text: string): boolean {
  return /[?？؟]["'”’)\s]*$/u.test(text);
}

/** "Ada Lovelace: " at the beginning of a message, as transcripts have it. */
const label = /^\s*(\p{Lu}[\p{L}\p{M}\p{N}'’.-]{0,30}(?: \p{Lu}[\p{L}\p{M}\p{N}'’.-]{0,30}){0,2}): /u;

function labelOf(text: string): string | undefined {
  return label.exec(text)?.[1];
}

/**
 * How each of these messages of one conversation, which follow each other, is said. People talk where messages have a
 * name or begin with one, where nobody answers as an assistant, and where answers are as short as people's are.
 */
export function voicesOf(
  said: readonly { readonly message: RecallMessage; readonly words: number }[],
): readonly Voice[] {
  const labels = said.map(({ message }) => labelOf(message.text));
  const labelled = labels.filter((one) => one !== undefined).length;
  const isTranscript = labelled >= 2 && labelled >= talk.labelled * said.length;
  const replies = said.filter(({ message }) => message.role === 'assistant').map(({ words }) => words);
  const isTalk = replies.length === 0 || medianOf(replies) <= talk.words;
  return said.map(({ message: { name } }, at) => ({
    isPerson: name !== undefined || isTranscript || isTalk,
    speaker: name ?? (isTranscript ? labels[at] : undefined),
  }));
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

/**
 * Whether a turn may be one of people who talk, by itself: what stands beside it tells for sure, and is worth to be read.
 */
export function mayBeTalk(turn: readonly RecallMessage[]): boolean {
  return (
    turn.some(({ name, text }) => name !== undefined || labelOf(text) !== undefined) ||
    turn.every(({ role, text }) => role !== 'assistant' || text.length <= talk.characters)
  );
}
