import { calledText, type Message } from '../../core/message';
import { identifierParts, segments, wordsOf } from '../../core/recall/words';

/**
 * What else a text is found by: the parts of identifiers (`globalState`: global, State) and the words of scripts that
 * are written without spaces. '' for most texts.
 */
export function extraWordsOf(text: string): string {
  // Words first: looking for the change of case in one pattern takes quadratic time on a long run.
  const parts = /[\p{Ll}\p{N}]\p{Lu}/u.test(text) ? wordsOf(text).flatMap(identifierParts) : [];
  return [...new Set([...parts, ...segments(text)])].join(' ');
}

/** The text of a message that search looks at. Tool calls are found by name and arguments. */
export function searchableText(message: Message): { content: string; extra: string } {
  const { content } = message;
  const called = calledText(message);
  const extra = [called, extraWordsOf(`${content} ${called}`)].filter(Boolean).join(' ');
  // Kept in a text column, which Node 22 cuts at a NUL.
  return { content, extra: extra.replaceAll('\0', ' ') };
}
