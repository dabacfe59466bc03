import type { Span } from './passages';

/** Those that are within, as they mark a text: ascending, none inside another. */
export function spansWithin(hits: readonly Span[], within: Span): readonly Span[] {
  return merged(
    hits
      .filter(({ start, end }) => start >= within.start && end <= within.end && end > start)
      .map(({ start, end }) => ({ start, end })),
  );
}

function merged(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last && span.start < last.end)
      result[result.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else result.push(span);
  }
  return result;
}
