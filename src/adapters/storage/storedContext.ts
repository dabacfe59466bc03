import type { ContextSource } from '../../core/context/context';
import type { SentContext, SentItem } from '../../core/context/sentContext';
import type { RecalledSource } from '../../core/memory/recalled';
import { storedText } from './storedShape';

/** Of its JSON without texts. A larger context names no turns that it left out. */
export const mostContextBytes = 65_536;
/** Of one text; a longer one is stored cut. */
export const mostTextBytes = 1_048_576;
/** Ends a text that was stored cut. */
export const textCutMark = '\n[Cut: too long to be stored]';

/** What no turn and no fact holds. A text of any other source would outlive the delete of what it came from. */
const withText: ReadonlySet<ContextSource> = new Set(['instructions', 'environment', 'tools']);

/** What a log keeps of what was sent: the known fields in one fixed order, within bounds. */
export function storedContext({ maxTokens, reserve, tokens, items }: SentContext): SentContext {
  const stored = { maxTokens, reserve, tokens, items: items.map(storedItem) };
  const plain = { ...stored, items: stored.items.map(({ text: _text, ...item }) => item) };
  if (Buffer.byteLength(JSON.stringify(plain)) <= mostContextBytes) return stored;
  return { ...stored, items: stored.items.map((item) => (item.included ? item : withoutPositions(item))) };
}

function storedItem(item: SentItem): SentItem {
  const { source, included, reason, tokens, text, summaryId, recalled, positions, each, turns, cut } = item;
  return {
    source,
    included,
    reason: storedText(reason),
    tokens,
    ...(text !== undefined && withText.has(source) && { text: cutText(storedText(text)) }),
    ...(summaryId !== undefined && { summaryId: storedText(summaryId) }),
    ...(recalled !== undefined && { recalled: storedSource(recalled) }),
    ...(positions !== undefined && { positions: [...positions] }),
    ...(each !== undefined && { each: [...each] }),
    ...(turns !== undefined && { turns }),
    ...(cut !== undefined && { cut }),
  };
}

function storedSource(recalled: RecalledSource): RecalledSource {
  if ('factId' in recalled) {
    return { factId: storedText(recalled.factId), createdAt: storedText(recalled.createdAt) };
  }
  const { messageId, turnId, sessionId, role, createdAt, passage } = recalled;
  return {
    messageId: storedText(messageId),
    turnId: storedText(turnId),
    sessionId: storedText(sessionId),
    role,
    createdAt: storedText(createdAt),
    passage: { start: passage.start, end: passage.end },
  };
}

/** How many they were stays. */
function withoutPositions({ positions, each: _each, turns, cut, ...item }: SentItem): SentItem {
  const count = (turns ?? 0) + (positions?.length ?? 0);
  return { ...item, ...(count > 0 && { turns: count }), ...(cut !== undefined && { cut }) };
}

function cutText(text: string): string {
  if (text.length * 3 <= mostTextBytes || Buffer.byteLength(text) <= mostTextBytes) return text;
  const kept = Buffer.from(text).toString('utf8', 0, mostTextBytes - textCutMark.length);
  // The last character may have been cut in two.
  return kept.replace(/\ufffd+$/u, '') + textCutMark;
}
