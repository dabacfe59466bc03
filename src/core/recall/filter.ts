import type { RecallOptions } from '../memory/longTermMemory';
import type { Span } from './passages';
import type { RecallMessage } from './rank';
import { wordsOf } from './words';

/** Of the options, what is asked of each message alone. */
export type MessageFilter = (message: RecallMessage) => boolean;

export function messageFilter({ role, after, before, hasToolCall, path }: RecallOptions): MessageFilter {
  const from = after === undefined ? undefined : Date.parse(after);
  const until = before === undefined ? undefined : Date.parse(before);
  const wanted = path === undefined ? undefined : slashed(path);
  return (message) =>
    (role === undefined || message.role === role) &&
    (from === undefined || message.at >= from) &&
    (until === undefined || message.at < until) &&
    (hasToolCall === undefined || isOfTools(message) === hasToolCall) &&
    (wanted === undefined || namesPath(message, wanted));
}

/** Where a text names the path, ascending; also where it writes it with backslashes, or one that ends so. */
export function pathSpans(text: string, path: string): readonly Span[] {
  const parts = path.split(/[\\/]+/).map((part) => part.replace(/[$.*+?()[\]{}|^]/g, '\\$&'));
  const named = new RegExp(`(?<![\\p{L}\\p{N}_-])${parts.join('[\\\\/]+')}(?![\\p{L}\\p{N}_-])`, 'giu');
  return [...text.matchAll(named)]
    .filter(([found]) => found !== '')
    .map(({ index, 0: found }) => ({ start: index, end: index + found.length }));
}

/** The words of a path, to be looked up as a phrase. */
export function pathWords(path: string): readonly string[] {
  return wordsOf(path.toLowerCase());
}

function isOfTools({ role, extra }: RecallMessage): boolean {
  return role === 'tool' || extra !== '';
}

function namesPath({ text, extra }: RecallMessage, path: string): boolean {
  return [text, extra].some((one) => {
    const within = slashed(one);
    for (let at = within.indexOf(path); at >= 0; at = within.indexOf(path, at + 1)) {
      if (!isOfName(within.charAt(at - 1)) && !isOfName(within.charAt(at + path.length))) return true;
    }
    return false;
  });
}

function isOfName(character: string): boolean {
  return /[\p{L}\p{N}_-]/u.test(character);
}

/** JSON doubles a backslash. */
function slashed(path: string): string {
  return path.toLowerCase().replace(/\\+/g, '/');
}
