import type { SentItem } from '../../../core/context/sentContext';
import { recallReceipt, type ReceiptEntry, type ReceiptSources } from '../../../core/memory/recallReceipt';
import { shownTitle } from '../../../core/shownTitle';
import type { ShownContext, ShownItem } from '../../../protocol/context';

export type CarriedItem = Pick<SentItem, 'source' | 'included' | 'reason' | 'tokens' | 'recalled'>;

/**
 * The context with where what is recalled was said, and how it is marked, for what is still there.
 * @param items what the shown ones are made of, those that are recalled in the same order
 */
export async function withRecalled(
  shown: ShownContext,
  items: readonly CarriedItem[],
  sources: ReceiptSources,
): Promise<ShownContext> {
  const recalled = items.filter(({ source }) => source === 'recalled');
  if (recalled.length === 0) return shown;
  const { entries } = await recallReceipt({ id: '', prompt: '' }, { items }, sources);
  const told = [...entries];
  const byItem = recalled.map((item) => (item.recalled ? told.shift() : undefined));
  return {
    ...shown,
    items: shown.items.map((item): ShownItem => {
      const entry = item.source === 'recalled' ? byItem.shift() : undefined;
      return entry?.text === undefined ? item : { ...item, recalled: placeOf(entry) };
    }),
  };
}

function placeOf(entry: ReceiptEntry): NonNullable<ShownItem['recalled']> {
  const { messageId, turnId, sessionId, sessionTitle, factId, passage, mark } = entry;
  return {
    ...(messageId !== undefined && { messageId }),
    ...(turnId !== undefined && { turnId }),
    ...(sessionId !== undefined && { sessionId }),
    ...(sessionTitle !== undefined && { sessionTitle: shownTitle(sessionTitle) }),
    ...(factId !== undefined && { factId }),
    ...(passage && { passage: { ...passage } }),
    ...(mark && { mark }),
  };
}
