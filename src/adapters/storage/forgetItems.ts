import type { ForgetItem, ForgetReason } from '../../core/forgetting/forgetting';

const order: readonly ForgetReason[] = ['target', 'copy', 'same', 'quotes', 'recalled', 'from'];

/** Each once, for the best of its reasons; the best reasons first, and within them as they came. */
export function mergedItems(items: readonly ForgetItem[]): readonly ForgetItem[] {
  const best = new Map<string, ForgetItem>();
  for (const item of items) {
    const key = `${item.kind} ${item.id}`;
    const known = best.get(key);
    if (!known || order.indexOf(item.why) < order.indexOf(known.why)) best.set(key, item);
  }
  return [...best.values()].sort((a, b) => order.indexOf(a.why) - order.indexOf(b.why));
}
