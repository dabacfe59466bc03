import type { EmbeddingSource, MissingPassage } from '../../src/core/memory/embedding/vectorStore';
import { unitVector } from '../../src/core/embeddingModel';
import type { RecallHit, RecallOptions } from '../../src/core/memory/longTermMemory';
import { Bench } from './engineBench';
import { scriptedVector } from './embeddings';

export const scripted: EmbeddingSource = { name: 'scripted', baseUrl: 'http://127.0.0.1:1/v1' };

export function unit(text: string, dimensions?: number): Float32Array {
  return unitVector(Float32Array.from(scriptedVector(text, dimensions))) ?? new Float32Array();
}

/** An engine whose messages are embedded by the scripted model. */
export class EmbeddedBench extends Bench {
  /** All that was sent to the model. */
  readonly sent: string[] = [];
  /** Of a batch. */
  limits = { passages: 3, characters: 5_000 };

  next(source = scripted, owner = 'window', now?: number): readonly MissingPassage[] | undefined {
    for (;;) {
      const batch = this.call('vector-next', { source, owner, leaseMs: 10_000, limits: this.limits }, now);
      if ('busyUntil' in batch) return undefined;
      if (batch.passages.length > 0 || !batch.more) return batch.passages;
    }
  }

  put(passages: readonly MissingPassage[], source = scripted, dimensions?: number): number {
    this.sent.push(...passages.map(({ text }) => text));
    const vectors = passages.map(({ text, ...place }) => ({ ...place, vector: unit(text, dimensions) }));
    return this.call('vector-put', { source, vectors });
  }

  /** Until there is nothing left. */
  embed(source = scripted, dimensions?: number): void {
    for (let passages = this.next(source); passages && passages.length > 0; passages = this.next(source)) {
      this.put(passages, source, dimensions);
    }
  }

  meant(query: string, options: Partial<RecallOptions> = {}, source = scripted): readonly RecallHit[] {
    const meaning = { ...source, vector: unit(query), unrelated: 0.35 };
    return this.call('memory-recall', { query, options: { limit: 10, ...options }, meaning });
  }
}
