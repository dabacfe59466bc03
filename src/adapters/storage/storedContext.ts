import type { ContextSource } from '../../core/context/context';
import type { SentContext, SentItem, SentStep } from '../../core/context/sentContext';
import { mapItems } from '../../core/context/sentItems';
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
export function storedContext(sent: SentContext): SentContext {
  const { maxTokens, reserve, tokens, items, later, untold } = sent;
  const stored: SentContext = {
    maxTokens,
    reserve,
    tokens,
    items: items.map(storedItem),
    ...(later && later.length > 0 && { later: later.map(storedStep) }),
    ...(untold !== undefined && { untold }),
  };
  if (sizeOf(stored) <= mostContextBytes) return stored;
  return bounded(mapItems(stored, (item) => (item.included ? item : withoutPositions(item))));
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

/** Without the last requests of very many that carried another window each. */
function bounded({ later = [], untold = 0, ...first }: SentContext): SentContext {
  let room = mostContextBytes - sizeOf(first);
  const over = later.findIndex((step) => (room -= sizeOf({ ...first, items: [], later: [step] })) < 0);
  const told = over === -1 ? later : later.slice(0, over);
  const more = untold + later.length - told.length;
  return { ...first, ...(told.length > 0 && { later: told }), ...(more > 0 && { untold: more }) };
}

/** Of its JSON without texts, in bytes. */
function sizeOf(context: SentContext): number {
  return Buffer.byteLength(JSON.stringify(mapItems(context, ({ text: _text, ...item }) => item)));
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
