import type { SecretSpan } from '../../core/secrets/secretMark';

/** What was found more than once is one, of the kind that was found first among those that say more than others. */
export function joinedSpans(found: readonly SecretSpan[]): readonly SecretSpan[] {
  const sorted = found.map((span, rank) => ({ ...span, rank })).sort((a, b) => a.start - b.start);
  const spans: (SecretSpan & { readonly rank: number })[] = [];
  for (const span of sorted) {
    const last = spans.at(-1);
    if (!last || span.start >= last.end) {
      spans.push(span);
      continue;
    }
    const { kind, rank } = last.rank <= span.rank ? last : span;
    spans[spans.length - 1] = { start: last.start, end: Math.max(last.end, span.end), kind, rank };
  }
  return spans.map(({ start, end, kind }) => ({ start, end, kind }));
}
