import type { EmbeddingModel } from '../../embeddingModel';
import { isAbort, ModelError } from '../../errors';
import type { BatchLimits, EmbeddingSource, MadeVector, MissingPassage, VectorStore } from './vectorStore';

/** Small enough for a small server, and for a stop to lose little. */
const batchLimits: BatchLimits = { passages: 32, characters: 32_000 };

/** Between requests, so that an endpoint and its account are not flooded; longer for a while once it was too much. */
const pauses = { between: 50, afterLimit: 2_000, most: 60_000 } as const;
/** After the endpoint was out of reach: doubled each time. Milliseconds. */
const outages = { first: 5_000, most: 300_000 } as const;

export interface EmbeddingRun {
  /** Passages that were given a vector. */
  readonly embedded: number;
  /** Passages that the model refuses, for one as they are too long for it. */
  readonly refused: number;
  /** `busy`: another window is at it. */
  readonly outcome: 'complete' | 'stopped' | 'busy';
  /** Where it is: until so many milliseconds since 1970 at most. */
  readonly busyUntil?: number;
}

export interface HistoryEmbedderOptions {
  readonly store: VectorStore;
  readonly source: EmbeddingSource;
  readonly model: EmbeddingModel;
  readonly owner: string;
  /** How far it is, after each batch. */
  readonly progress?: () => Promise<void>;
  /** What went wrong, each time; undefined once it goes well again. */
  readonly health?: (error: ModelError | undefined) => void;
  /** Resolves after so many milliseconds, or once it is stopped. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Embeds what has no vector yet, batch by batch, the newest first. Whatever ends it, what it has kept is kept, and the
 * next run goes on behind it.
 */
export class HistoryEmbedder {
  readonly #options: HistoryEmbedderOptions;
  #pause: number = pauses.between;
  #embedded = 0;
  #refused = 0;
  #failures = 0;

  constructor(options: HistoryEmbedderOptions) {
    this.#options = options;
  }

  /**
   * Until all is embedded, or it is stopped. With `patient`, an endpoint that is down is waited for; else only one that
   * has had too many requests.
   * @throws ModelError, HistoryError
   */
  async run(signal: AbortSignal, { patient }: { readonly patient: boolean }): Promise<EmbeddingRun> {
    const { store, source, owner, progress } = this.#options;
    [this.#embedded, this.#refused, this.#failures] = [0, 0, 0];
    try {
      for (;;) {
        if (signal.aborted) return this.#ended('stopped');
        const batch = await store.next(source, owner, batchLimits);
        if ('busyUntil' in batch) return { ...this.#ended('busy'), busyUntil: batch.busyUntil };
        if (batch.passages.length === 0) {
          if (!batch.more) return this.#ended('complete');
          continue;
        }
        const vectors = await this.#embedPatiently(batch.passages, signal, patient);
        if (!vectors) return this.#ended('stopped');
        await this.#keep(vectors);
        await progress?.();
        await this.#sleep(this.#pause, signal);
      }
    } finally {
      await store.release(owner).catch(() => undefined);
    }
  }

  async #keep(vectors: readonly MadeVector[]): Promise<void> {
    await this.#options.store.put(this.#options.source, vectors);
    const refused = vectors.filter(({ vector }) => vector.length === 0).length;
    this.#refused += refused;
    this.#embedded += vectors.length - refused;
  }

  #ended(outcome: EmbeddingRun['outcome']): EmbeddingRun {
    return { embedded: this.#embedded, refused: this.#refused, outcome };
  }

  /** @returns undefined once it is stopped */
  async #embedPatiently(
    passages: readonly MissingPassage[],
    signal: AbortSignal,
    patient: boolean,
  ): Promise<readonly MadeVector[] | undefined> {
    const isStopped = (): boolean => signal.aborted;
    for (;;) {
      if (isStopped()) return undefined;
      try {
        const vectors = await this.#embed(passages, signal);
        this.#failures = 0;
        this.#pause = Math.max(pauses.between, this.#pause / 2);
        this.#options.health?.(undefined);
        return vectors;
      } catch (error) {
        if (isAbort(error) || isStopped()) return undefined;
        if (!(error instanceof ModelError)) throw error;
        this.#failures += 1;
        const wait = this.#waitAfter(error);
        this.#options.health?.(error);
        if (wait === undefined || (!patient && error.reason !== 'rate-limited')) throw error;
        await this.#sleep(wait, signal);
      }
    }
  }

  /** Milliseconds; undefined where waiting does not help. */
  #waitAfter({ reason, retryAfter }: ModelError): number | undefined {
    if (reason === 'rate-limited') {
      this.#pause = Math.min(pauses.most, Math.max(pauses.afterLimit, this.#pause * 2));
      return retryAfter === undefined ? this.#pause : Math.min(retryAfter * 1_000, outages.most);
    }
    if (!passing.has(reason)) return undefined;
    const doubled = outages.first * 2 ** (this.#failures - 1);
    return Math.min(retryAfter === undefined ? doubled : retryAfter * 1_000, outages.most);
  }

  /**
   * A request that is refused is sent in halves, so that one text that is too long, say, does not keep the others from
   * being embedded. Where the model refuses every text, it is not the text's fault.
   */
  async #embed(passages: readonly MissingPassage[], signal: AbortSignal): Promise<readonly MadeVector[]> {
    const { model } = this.#options;
    try {
      const vectors = await model.embed(
        passages.map(({ text }) => text),
        signal,
      );
      return passages.map(({ text: _, ...place }, index) => made(place, vectors[index]));
    } catch (error) {
      if (!(error instanceof ModelError) || !ofText.has(error.reason)) throw error;
      if (passages.length === 1) {
        await this.#checkWell(error, signal);
        return passages.map(({ text: _, ...place }) => made(place, new Float32Array()));
      }
      const half = Math.ceil(passages.length / 2);
      const first = await this.#embed(passages.slice(0, half), signal);
      return [...first, ...(await this.#embed(passages.slice(half), signal))];
    }
  }

  /** @throws the refusal, where a plain word is refused, too */
  async #checkWell(refusal: ModelError, signal: AbortSignal): Promise<void> {
    if (this.#embedded > 0) return;
    try {
      await this.#options.model.embed(['hello'], signal);
    } catch (error) {
      throw isAbort(error) ? error : refusal;
    }
  }

  async #sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (!signal.aborted) await this.#options.sleep(milliseconds, signal);
  }
}

const passing: ReadonlySet<ModelError['reason']> = new Set([
  'rate-limited',
  'server-error',
  'unreachable',
  'timeout',
  'stream-ended',
]);

/** What may be the fault of one text among several. */
const ofText: ReadonlySet<ModelError['reason']> = new Set([
  'bad-request',
  'context-overflow',
  'content-filtered',
]);

function made(place: Omit<MissingPassage, 'text'>, vector: Float32Array | undefined): MadeVector {
  if (!vector) throw new ModelError({ reason: 'stream-garbled', message: 'A text was given no vector.' });
  return { ...place, vector };
}
