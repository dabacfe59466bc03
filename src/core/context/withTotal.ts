import type { Context } from './context';

/** The context with items that add up to what the whole request is known to cost, which is more exact than their sum. */
export function withTotal(context: Context, total: number): Context {
  const { tokens, items } = context;
  if (total === tokens || tokens <= 0 || total <= 0) return context;
  const scaled = items.map((item) => ({ ...item, tokens: Math.round((item.tokens * total) / tokens) }));
  const sum = scaled.reduce((added, item) => added + (item.included ? item.tokens : 0), 0);
  // The largest takes what rounding leaves over.
  const largest = scaled.reduce(
    (found, item) => (item.included && item.tokens >= (found?.tokens ?? 0) ? item : found),
    scaled.find(({ included }) => included),
  );
  return {
    ...context,
    items: scaled.map((item) => (item === largest ? { ...item, tokens: item.tokens + total - sum } : item)),
    tokens: total,
  };
}
