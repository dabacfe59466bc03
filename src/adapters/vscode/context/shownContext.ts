import { marginOf } from '../../../core/context/budget';
import type { Context, ContextItem } from '../../../core/context/context';
import type { Message } from '../../../core/message';
import type { ShownContext, ShownItem } from '../../../protocol/context';
import { countOf } from '../commands/countWords';
import { oneLine, promptLine } from '../promptLine';
import { summaryTitle, type SummaryLabel } from './summaryLabels';
import { definitionTexts, shownTexts } from './shownTexts';

/** A context as the panel shows it; texts only of the items that are open. */
export function shownContext(
  context: Context,
  open: ReadonlySet<string>,
  labels: ReadonlyMap<string, SummaryLabel>,
): ShownContext {
  const { items, request, tokens, maxTokens, reserve } = context;
  const keys = itemKeys(items);
  return {
    tokens,
    maxTokens,
    reserve,
    margin: marginOf(context),
    items: items.map((item, index): ShownItem => {
      const key = keys[index] ?? '';
      const {
        source,
        reason,
        tokens: cost,
        included,
        turnId,
        summaryId,
        messages,
        recalled,
        cut,
        turns,
      } = item;
      const label = summaryId === undefined ? undefined : labels.get(summaryId);
      const said = recalled?.createdAt ?? label?.createdAt;
      const createdAt = turnId === undefined ? said : messages[0]?.createdAt;
      const isTools = source === 'tools';
      const isOpen = open.has(key);
      return {
        key,
        source,
        title: titleOfItem(item, request.tools.length, label),
        reason,
        tokens: cost,
        included,
        opens: isTools || messages.length > 0,
        ...(turnId !== undefined && { turnId, pinned: source === 'pin' }),
        ...(summaryId !== undefined && { summaryId }),
        ...(createdAt !== undefined && { createdAt }),
        ...(turns !== undefined && { turns }),
        ...(cut !== undefined && { cut }),
        ...(isOpen && { texts: isTools ? definitionTexts(request.tools) : shownTexts(messages) }),
      };
    }),
  };
}

/** Where recall gave nothing, and the reason says why. */
export const nothingRecalled = 'Nothing recalled';

/** For each item a key that stays its own when the context is built again. */
export function itemKeys(items: readonly ContextItem[]): readonly string[] {
  const seen = new Map<string, number>();
  return items.map(({ source, turnId, summaryId, recalled, turns }) => {
    if (turnId !== undefined) return `turn:${turnId}`;
    if (summaryId !== undefined) return `summary:${summaryId}`;
    if (recalled) return `recalled:${'factId' in recalled ? recalled.factId : recalled.messageId}`;
    const name = source === 'window' && turns !== undefined ? 'unread' : source;
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return `${name}:${before}`;
  });
}

function titleOfItem(
  { source, messages, recalled, turns = 0 }: ContextItem,
  tools: number,
  label: SummaryLabel | undefined,
): string {
  if (source === 'recalled') return recalled ? firstLine(recalled.text) : nothingRecalled;
  if (source === 'tools') return countOf(tools, 'tool');
  if (source === 'summary') return summaryTitle(turns, label);
  if (messages.length === 0) return countOf(turns, 'earlier turn');
  return textLine(messages);
}

/** The prompt of a turn, or how a text begins. */
function textLine(messages: readonly Message[]): string {
  if (messages.some(({ role }) => role === 'user')) return promptLine({ messages });
  return firstLine(messages[0]?.content ?? '');
}

export function firstLine(text: string): string {
  return oneLine(text.trim().split('\n', 1)[0] ?? '', 80);
}
