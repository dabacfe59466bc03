import { marginWords } from '../../protocol/meterReading';
import { formatCount } from '../format';
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

/** A limit to be seen on the bar. */
export interface BarMark {
  readonly words: string;
  /** Where on the bar, from 0 to 1. */
  readonly at: number;
}

/** What else limits a request than the window: as places on the bar, so that every share is of the window. */
export function marksOf({ maxTokens, reserve, margin, summarisedFrom }: ShownContext): readonly BarMark[] {
  const most = Math.max(0, maxTokens - reserve - margin);
  const mark = (words: string, tokens: number): BarMark => ({
    words: `${words} ${formatCount(tokens)}`,
    at: Math.min(1, tokens / Math.max(1, maxTokens)),
  });
  return [
    ...(summarisedFrom === undefined
      ? []
      : [mark('Oldest turns summarised from', Math.min(summarisedFrom, most))]),
    mark('Sent at most', most),
  ];
}
