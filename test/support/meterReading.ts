import type { MeterReading } from '../../src/protocol/chat';

export function meterReading(change: Partial<MeterReading> = {}): MeterReading {
  return {
    sessionId: 'session',
    tokens: 9_340,
    maxTokens: 16_000,
    reserve: 4_000,
    margin: 0,
    shares: [
      { source: 'instructions', tokens: 240 },
      { source: 'environment', tokens: 60 },
      { source: 'tools', tokens: 700 },
      { source: 'summary', tokens: 480 },
      { source: 'pin', tokens: 340 },
      { source: 'window', tokens: 7_500 },
      { source: 'prompt', tokens: 20 },
    ],
    summaryIds: [],
    near: false,
    automatic: true,
    usage: { prompt_tokens: 31_204, completion_tokens: 2_085, cached_tokens: 21_024 },
    ...change,
  };
}
