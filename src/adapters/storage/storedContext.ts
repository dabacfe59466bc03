import type { ContextSource } from '../../core/context/context';
import type { SentContext, SentItem, SentStep } from '../../core/context/sentContext';
import type { RecalledSource } from '../../core/memory/recalled';
import { boundedContext } from './boundedContext';
import { storedText } from './storedShape';

/** Of one text; a longer one is stored cut. */
export const mostTextBytes = 1_048_576;
/** Ends a text that was stored cut. */
export const textCutMark = '\n[Cut: too long to be stored]';

/** What no turn and no fact holds. A text of any other source would outlive the delete of what it came from. */
const withText: ReadonlySet<ContextSource> = new Set(['instructions', 'environment', 'tools']);

/** What a log keeps of what was sent: the known fields in one fixed order, within bounds. */
export function storedContext(sent: SentContext): SentContext {
  const { maxTokens, reserve, margin, tokens, items, later, untold } = sent;
  return boundedContext({
    maxTokens,
    reserve,
    ...(margin !== undefined && { margin }),
    tokens,
    items: items.map(storedItem),
    ...(later && later.length > 0 && { later: later.map(storedStep) }),
    ...(untold !== undefined && { untold }),
  });
}

function storedStep({ tokens, own, items, maxTokens, reserve }: SentStep): SentStep {
  const { messages, tokens: cost, cuts } = own;
  return {
    tokens,
    own: {
      messages,
      tokens: cost,
      ...(cuts && { cuts: cuts.map(([index, length]) => [index, length] as const) }),
    },
    ...(items && { items: items.map(storedItem) }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(reserve !== undefined && { reserve }),
  };
}

function storedItem(item: SentItem): SentItem {
  const { source, included, reason, tokens, text, summaryId, recalled, positions, each, turns, count, cut } =
    item;
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
    ...(count !== undefined && { count }),
    ...(cut !== undefined && { cut }),
  };
}

function storedSource(recalled: RecalledSource): RecalledSource {
  if ('factId' in recalled) {
    return { factId: storedText(recalled.factId), createdAt: storedText(recalled.createdAt) };
  }
  const { messageId, turnId, sessionId, role, name, createdAt, passage } = recalled;
  return {
    messageId: storedText(messageId),
    turnId: storedText(turnId),
    sessionId: storedText(sessionId),
    role,
    ...(name !== undefined && { name: storedText(name) }),
    createdAt: storedText(createdAt),
    passage: { start: passage.start, end: passage.end },
  };
}

function cutText(text: string): string {
  if (text.length * 3 <= mostTextBytes || Buffer.byteLength(text) <= mostTextBytes) return text;
  const kept = Buffer.from(text).toString('utf8', 0, mostTextBytes - textCutMark.length);
  // The last character may have been cut in two.
  return kept.replace(/\ufffd+$/u, '') + textCutMark;
}
