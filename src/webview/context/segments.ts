import { marginWords } from '../../protocol/meterReading';
import { contextSources, type ContextSourceName, type ShownContext } from '../../protocol/context';

export type SegmentName = ContextSourceName | 'free' | 'margin' | 'reserve';

export const sourceLabels: Readonly<Record<SegmentName, string>> = {
  instructions: 'Instructions',
  environment: 'Environment',
  tools: 'Tool definitions',
  summary: 'Summaries',
  pin: 'Pinned turns',
  window: 'Window',
  recalled: 'Recalled',
  prompt: 'Prompt',
  free: 'Free',
  margin: marginWords,
  reserve: 'Kept free for the answer',
};

/** What one item of the source is called. */
export const itemLabels: Readonly<Record<ContextSourceName, string>> = {
  ...sourceLabels,
  summary: 'Summary',
  pin: 'Pinned',
};

export interface Segment {
  readonly name: SegmentName;
  readonly tokens: number;
  /** Of the whole window, from 0 to 1. */
  readonly share: number;
}

/** Where the window's tokens go, in the order of a request; what takes none is left out. They sum up to the window. */
export function segmentsOf({ items, maxTokens, reserve, margin, tokens }: ShownContext): readonly Segment[] {
  const bySource = new Map<SegmentName, number>();
  for (const item of items) {
    if (item.included) bySource.set(item.source, (bySource.get(item.source) ?? 0) + item.tokens);
  }
  const left = Math.max(0, maxTokens - reserve - tokens);
  bySource.set('free', Math.max(0, left - margin));
  bySource.set('margin', Math.min(margin, left));
  bySource.set('reserve', reserve);
  const names: readonly SegmentName[] = [...contextSources, 'free', 'margin', 'reserve'];
  const whole = Math.max(1, maxTokens);
  return names
    .map((name) => ({ name, tokens: bySource.get(name) ?? 0, share: (bySource.get(name) ?? 0) / whole }))
    .filter((segment) => segment.tokens > 0);
}

export function percent(share: number): string {
  if (share > 0 && share < 0.01) return '<1%';
  return `${Math.round(share * 100)}%`;
}
