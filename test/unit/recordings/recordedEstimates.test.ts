import assert from 'node:assert/strict';
import type { ModelRequest } from '../../../src/core/chatModel';
import type { Message } from '../../../src/core/message';
import { Calibration } from '../../../src/core/tokens/calibration';
import { CountingTokenCounter } from '../../../src/core/tokens/countingTokenCounter';
import { directCounting } from '../../support/directCounting';
import { loadRecordings, recordingsFolder, type Exchange } from '../../support/recordings';
import { toolsOf } from './recordedRequest';
import { readReference } from './referenceReading';

/** In tokens. */
const least = 200;
const largestError = 0.1;

interface Sample {
  readonly request: ModelRequest;
  readonly reported: number;
  /** The same in all requests that are the same. */
  readonly key: string;
}

interface WireMessage extends Omit<Message, 'content'> {
  readonly content?: unknown;
  readonly reasoning_content?: string;
}

function requestOf(exchange: Exchange): ModelRequest {
  const messages = (exchange.request.messages as WireMessage[]).map(
    // What it thought is a part of what was sent.
    ({ content, reasoning_content: reasoning = '', ...message }): Message => ({
      ...message,
      content: reasoning + textOf(content),
    }),
  );
  return { messages, tools: toolsOf(exchange) };
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = Array.isArray(content) ? (content as { readonly text?: string }[]) : [];
  return parts.map(({ text }) => text ?? '').join('');
}

function samplesByModel(): ReadonlyMap<string, readonly Sample[]> {
  const samples = new Map<string, Sample[]>();
  for (const exchange of loadRecordings().flatMap(({ exchanges }) => exchanges)) {
    const reported =
      exchange.response.status === 200 ? readReference(exchange).usage?.prompt_tokens : undefined;
    if (reported === undefined) continue;
    const model = String(exchange.request.model);
    const request = requestOf(exchange);
    samples.set(model, [...(samples.get(model) ?? []), { request, reported, key: JSON.stringify(request) }]);
  }
  return samples;
}

suite('Estimates beside what real servers reported', () => {
  const byModel = samplesByModel();
  if (byModel.size === 0) {
    test.skip(`there are no recordings in ${recordingsFolder}`);
    return;
  }
  const all: number[] = [];

  for (const [model, samples] of byModel) {
    const long = samples.filter(({ reported }) => reported >= least);
    if (long.length === 0) continue;
    test(`${model}: each estimated after learning from the others, half of them within ${largestError * 100} %`, async () => {
      const off: number[] = [];
      for (const sample of long) {
        const calibration = new Calibration({
          counter: new CountingTokenCounter({ counting: directCounting }),
        });
        // The very same request elsewhere would tell the answer.
        for (const { request, reported, key } of samples) {
          if (key === sample.key) continue;
          await calibration.counterFor(model).prepare(request.messages, request.tools);
          calibration.observe(model, request, { prompt_tokens: reported, completion_tokens: 0 });
        }
        await calibration.counterFor(model).prepare(sample.request.messages, sample.request.tools);
        off.push(Math.abs(calibration.estimate(model, sample.request).tokens / sample.reported - 1));
      }
      all.push(...off);
      const shown = `median ${percent(median(off))}, at most ${percent(Math.max(...off))}, of ${off.length} requests`;
      console.log(`      ${model}: ${shown}`);
      assert.ok(median(off) <= largestError, shown);
    });
  }

  test(`of all requests of ${least} tokens and more, half are within ${largestError * 100} %`, () => {
    console.log(`      all models: median ${percent(median(all))} of ${all.length} requests`);
    assert.ok(all.length > 0 && median(all) <= largestError);
  });
});

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
