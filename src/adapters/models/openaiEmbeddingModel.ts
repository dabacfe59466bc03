import { ModelError, isAbort } from '../../core/errors';
import type { EmbeddingModel } from '../../core/embeddingModel';
import { Endpoint, type EndpointOptions } from './openai/endpoint';
import { readEmbeddings } from './openai/readEmbeddings';
import { readLimited } from './openai/readLimited';
import { errorText, type HttpFailure } from './openai/serverErrors';
import { Watch } from './openai/watch';

export interface OpenAIEmbeddingModelOptions extends EndpointOptions {
  readonly model: string;
  /** For a whole answer, in milliseconds. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 120_000;
/** Of an answer: more than the longest vector takes as JSON. */
const maxBytes = { answer: 100_000, vector: 400_000 } as const;

export function createOpenAIEmbeddingModel(options: OpenAIEmbeddingModelOptions): OpenAIEmbeddingModel {
  return new OpenAIEmbeddingModel(options);
}

/** Any server that speaks OpenAI's embeddings: OpenAI, Ollama, llama.cpp, LM Studio, vLLM, TEI … */
export class OpenAIEmbeddingModel implements EmbeddingModel {
  readonly id: string;
  readonly #endpoint: Endpoint;
  readonly #timeoutMs: number;
  /** A third of the bytes of numbers, and hardly any time to read. A server that refuses it is asked for numbers. */
  #format: 'base64' | 'float' = 'base64';

  constructor(options: OpenAIEmbeddingModelOptions) {
    this.id = options.model;
    this.#timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    this.#endpoint = new Endpoint(options, this.#timeoutMs);
  }

  async embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    const watch = new Watch(signal);
    const { secrets } = this.#endpoint;
    try {
      watch.throwIfOver();
      if (texts.length === 0) return [];
      watch.allow(this.#timeoutMs);
      const response = await this.#endpoint.send(
        watch,
        (connection) =>
          connection.embed(
            { model: this.id, input: [...texts], encoding_format: this.#format },
            watch.signal,
          ),
        (failure) => this.#adapt(failure),
      );
      const limit = maxBytes.answer + texts.length * maxBytes.vector;
      return readEmbeddings(await watch.race(readLimited(response, limit)), texts.length, secrets);
    } catch (error) {
      throw asModelError(watch.cause(error));
    } finally {
      watch.end();
    }
  }

  /** @returns whether there was something to learn */
  #adapt(failure: HttpFailure): boolean {
    const isRefusal = failure.status === 400 || failure.status === 422 || failure.status === 501;
    if (this.#format === 'float' || !isRefusal) return false;
    if (!/encoding.?format|base64/i.test(errorText(failure))) return false;
    this.#format = 'float';
    return true;
  }
}

function asModelError(error: unknown): unknown {
  if (error instanceof ModelError || isAbort(error)) return error;
  return new ModelError({ reason: 'stream-ended', message: 'The answer broke off.', cause: error });
}
