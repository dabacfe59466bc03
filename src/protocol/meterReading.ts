import * as z from 'zod/mini';
import { usage, usageWords } from './usage';

export { usageWords } from './usage';

const tokens = z.number().check(z.nonnegative());

/** How much of the window the next request takes, draft included, as the composer and the status bar show it. */
export const meterReading = z.object({
  sessionId: z.string(),
  /** Estimated; the answer's reserve is no part of it. */
  tokens,
  maxTokens: tokens,
  /** Of `maxTokens`, what is kept free for the answer. */
  reserve: tokens,
  /** What is kept free beside it, as estimates may be too low. */
  margin: tokens,
  shares: z.array(
    z.object({
      source: z.enum([
        'instructions',
        'environment',
        'tools',
        'summary',
        'pin',
        'window',
        'recalled',
        'prompt',
      ]),
      tokens,
    }),
  ),
  /** Where prompts recall: what this one may take once it is sent, beside what is always kept, which is counted. */
  recall: z.optional(tokens),
  /** Where the oldest turns are summarised by themselves: once a request takes so many. */
  summarisedFrom: z.optional(tokens),
  /** Ids of the summaries that it carries. */
  summaryIds: z.array(z.string()),
  /** Whether the window's turns nearly fill what they may, and whether the oldest are then summarised by themselves. */
  near: z.boolean(),
  automatic: z.boolean(),
  /** Why the request would be refused, in words. */
  problem: z.optional(z.string()),
  /** What the session's turns have used, as far as it was reported. */
  usage: z.optional(usage),
});

export type MeterReading = z.infer<typeof meterReading>;

const shareWords: Readonly<Record<MeterReading['shares'][number]['source'], string>> = {
  instructions: 'Instructions',
  environment: 'Environment',
  tools: 'Tool definitions',
  summary: 'Summaries',
  pin: 'Pinned turns',
  window: 'Window',
  recalled: 'Recalled',
  prompt: 'Prompt',
};

/** What a request leaves free beside the answer's part. */
export const marginWords = 'Kept free, as counts are estimates';

const count = new Intl.NumberFormat();
const short = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** Such as "340", "12.3k" or "1M". */
export function shortTokens(value: number): string {
  if (value < 1000) return short.format(Math.round(value));
  // What rounds to a thousand thousand is a million.
  return value < 999_950 ? `${short.format(value / 1000)}k` : `${short.format(value / 1_000_000)}M`;
}

/** Such as "12.3k of 16k". */
export function meterText({ tokens: used, maxTokens }: MeterReading): string {
  return `${shortTokens(used)} of ${shortTokens(maxTokens)}`;
}

/** What is neither taken nor kept free. */
export function freeTokens({ tokens: used, maxTokens, reserve, margin }: MeterReading): number {
  return Math.max(0, maxTokens - reserve - margin - used);
}

/** What the window is made of, each part with its tokens, in the order in which it is sent. */
export function meterShares(meter: MeterReading): readonly (readonly [string, string])[] {
  return [
    ...meter.shares.map(({ source, tokens: of }) => [shareWords[source], count.format(of)] as const),
    ['Kept free for the answer', count.format(meter.reserve)] as const,
    ...(meter.margin > 0 ? [[marginWords, count.format(meter.margin)] as const] : []),
    ['Free', count.format(freeTokens(meter))] as const,
  ];
}

/** How much of its window a request takes, the same wherever it is told: such as "9,340 of 16,000 tokens (58%)". */
export function windowWords({ tokens: used, maxTokens }: Pick<MeterReading, 'tokens' | 'maxTokens'>): string {
  return `${count.format(used)} of ${count.format(maxTokens)} tokens (${percent(used / Math.max(1, maxTokens))})`;
}

export function percent(share: number): string {
  if (share > 0 && share < 0.01) return '<1%';
  return `${Math.round(share * 100)}%`;
}

/** What a meter says first. */
export function totalWords(meter: MeterReading): string {
  return meter.problem === undefined
    ? `Next request: about ${windowWords(meter)}`
    : `Next request: does not fit the ${count.format(meter.maxTokens)} tokens`;
}

/** What is to be known beside the shares. */
export function meterNotes({ recall, summarisedFrom, usage: used }: MeterReading): readonly string[] {
  return [
    ...(recall === undefined
      ? []
      : [
          `Not counted: what the prompt recalls when it is sent, beside what is always kept: at most ${count.format(recall)}`,
        ]),
    ...(summarisedFrom === undefined
      ? []
      : [`The oldest turns are summarised from about ${count.format(summarisedFrom)} on`]),
    ...(used ? [`This session so far: ${usageWords(used)}`] : []),
  ];
}

/** All that a meter says, line by line. */
export function meterLines(meter: MeterReading): readonly string[] {
  return [
    totalWords(meter),
    ...meterShares(meter).map(([label, of]) => `${label}: ${of}`),
    ...meterNotes(meter),
  ];
}

/** What comes next where it is nearly full. */
export function nearWords({ automatic, summarisedFrom, tokens: used }: MeterReading): string {
  if (!automatic) return 'Nearly full: the oldest turns are left out soon.';
  const isAhead = summarisedFrom !== undefined && used < summarisedFrom;
  const from = isAhead ? `, from about ${count.format(summarisedFrom)} tokens on` : '';
  return `Nearly full: the oldest turns are summarised soon${from}.`;
}
