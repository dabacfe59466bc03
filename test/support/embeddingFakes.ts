import { createHash } from 'node:crypto';
import type { EmbeddingModel } from '../../src/core/embeddingModel';
import type {
  BatchLimits,
  EmbeddingSource,
  EmbeddingState,
  MadeVector,
  VectorBatch,
  VectorStore,
} from '../../src/core/memory/embedding/vectorStore';
import { unit } from './embeddedBench';

/** Texts that wait for a vector, the last first. */
export class FakeVectorStore implements VectorStore {
  readonly kept = new Map<string, Float32Array>();
  readonly texts: string[];
  models: EmbeddingState['models'] = [];
  busyUntil: number | undefined;
  released = 0;

  constructor(texts: readonly string[] = []) {
    this.texts = [...texts];
  }

  next(_source: EmbeddingSource, _owner: string, limits: BatchLimits): Promise<VectorBatch> {
    if (this.busyUntil !== undefined) return Promise.resolve({ busyUntil: this.busyUntil });
    const missing = this.texts.toReversed().filter((text) => !this.kept.has(text));
    const passages = missing.slice(0, limits.passages).map((text) => ({
      message: this.texts.indexOf(text),
      start: 0,
      end: text.length,
      text,
      hash: createHash('sha256').update(text).digest(),
    }));
    return Promise.resolve({ passages, more: passages.length < missing.length });
  }

  put(source: EmbeddingSource, vectors: readonly MadeVector[]): Promise<number> {
    for (const { message, vector } of vectors) this.kept.set(this.texts[message] ?? '', vector);
    this.models = [{ ...source, dimensions: 64, complete: this.kept.size === this.texts.length }];
    return Promise.resolve(vectors.length);
  }

  release(): Promise<void> {
    this.released += 1;
    return Promise.resolve();
  }

  state(): Promise<EmbeddingState> {
    return Promise.resolve({ models: this.models, turns: this.texts.length, embedded: this.kept.size });
  }
}

/** The scripted model, in this process. */
export class FakeEmbeddingModel implements EmbeddingModel {
  readonly id = 'scripted';
  readonly asked: (readonly string[])[] = [];
  /** Called before each answer; what it throws is the answer. */
  before: (texts: readonly string[], signal: AbortSignal) => void | Promise<void> = () => undefined;

  async embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    this.asked.push(texts);
    await this.before(texts, signal);
    return texts.map((text) => unit(text));
  }
}
