import type { Context } from '../../../core/context/context';
import type { ContextDifference, ShownContext } from '../../../protocol/context';
import { itemKeys } from './shownContext';

/**
 * What sending `after` instead of `before` changes. `before` is undefined where nothing fits under the settings in
 * force: then everything would come in, and nothing is marked.
 */
export function differenceOf(
  before: Context | undefined,
  after: Context,
): { readonly difference: ContextDifference; readonly changes: ReadonlyMap<string, 'in' | 'out'> } {
  if (!before) return { difference: { after: after.tokens, cameIn: 0, wentOut: 0 }, changes: new Map() };
  const [was, is] = [includedKeys(before), includedKeys(after)];
  const cameIn = [...is].filter((key) => !was.has(key));
  const wentOut = [...was].filter((key) => !is.has(key));
  return {
    difference: {
      before: before.tokens,
      after: after.tokens,
      cameIn: cameIn.filter(isTurn).length,
      wentOut: wentOut.filter(isTurn).length,
    },
    changes: new Map([
      ...cameIn.map((key) => [key, 'in'] as const),
      ...wentOut.map((key) => [key, 'out'] as const),
    ]),
  };
}

export function withChanges(context: ShownContext, changes: ReadonlyMap<string, 'in' | 'out'>): ShownContext {
  const items = context.items.map((item) => {
    const change = changes.get(item.key);
    return change ? { ...item, change } : item;
  });
  return { ...context, items };
}

const isTurn = (key: string): boolean => key.startsWith('turn:');

/** Of turns and summaries. */
function includedKeys({ items }: Context): ReadonlySet<string> {
  const keys = itemKeys(items);
  const moves = items.flatMap(({ included, turnId, summaryId }, index) =>
    included && (turnId !== undefined || summaryId !== undefined) ? [keys[index] ?? ''] : [],
  );
  return new Set(moves);
}
