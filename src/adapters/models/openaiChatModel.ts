import { randomUUID } from 'node:crypto';
import type { ChatModel, ModelPart, ModelRequest } from '../../core/chatModel';
import { isPrivateEndpoint } from '../../core/endpoint';
import { ModelError, isAbort } from '../../core/errors';
import type { ToolCall } from '../../core/message';
import { basicKey, isBasicKey, secretsIn } from './authorization';
import { readAddress, type Address } from './openai/address';
import { AnswerReader } from './openai/answerReader';
import { Connection, HttpError, type Fetch } from './openai/connection';
import { plainHttpFetch } from './openai/plainHttp';
import { readAnswer } from './openai/readAnswer';
import { ReasoningMemory } from './openai/reasoningMemory';
import * as server from './openai/serverErrors';
import { Watch } from './openai/watch';
import { wireRequest } from './openai/wireRequest';

/** In milliseconds. */
export interface ModelTimeouts {
  /** From the request to the first byte of the answer. */
  readonly firstByte: number;
  /** Between two pieces of the answer. */
  readonly idle: number;
  /** For what may follow after the model has said that it is done: usage. */
  readonly afterFinish: number;
}

export interface OpenAIChatModelOptions {
  /** For example `https://api.openai.com/v1` or `http://localhost:11434/v1`. */
  readonly baseUrl: string;
  /** Not needed for an endpoint on this machine or in a private network. */
  readonly apiKey?: string;
  readonly model: string;
  readonly timeouts?: Partial<ModelTimeouts>;
  /** Waits before each repetition of a request that failed for the moment, in milliseconds. */
  readonly retryDelays?: readonly number[];
  readonly fetch?: Fetch;
}

const defaultTimeouts: ModelTimeouts = { firstByte: 600_000, idle: 120_000, afterFinish: 5_000 };
const defaultRetryDelays = [500, 1_500];
/** The longest wait that a server may ask for and still be asked again unnoticed, in seconds. */
const shortRetryAfter = 5;

/** The lazy part's only door: the composition root requires this file's bundle when a model is first needed. */
export function createOpenAIChatModel(options: OpenAIChatModelOptions): OpenAIChatModel {
  return new OpenAIChatModel(options);
}

/** Nothing else may leave the adapter, not even for an answer that nobody thought of. */
function asModelError(error: unknown): unknown {
  if (error instanceof ModelError || isAbort(error)) return error;
  return new ModelError({ reason: 'stream-garbled', message: 'The answer could not be read.', cause: error });
}

/** Any server that speaks OpenAI's chat completions: OpenAI, Ollama, llama.cpp, LM Studio, vLLM, Groq, DeepSeek … */
export class OpenAIChatModel implements ChatModel {
  readonly id: string;
  readonly label: string;
  readonly #address: Address;
  readonly #apiKey: string;
  readonly #secrets: readonly string[];
  readonly #timeouts: ModelTimeouts;
  readonly #retryDelays: readonly number[];
  readonly #fetch: Fetch;
  readonly #reasoning = new ReasoningMemory();
  #connection: Connection | undefined;
  /** What this server has refused is not asked of it again. */
  #askUsage = true;
  #addVersion = false;

  constructor(options: OpenAIChatModelOptions) {
    this.id = options.model;
    this.label = options.model;
    this.#address = readAddress(options.baseUrl);
    const { credentials } = this.#address;
    const given = options.apiKey?.trim() ?? '';
    this.#apiKey = given === '' && credentials !== '' ? basicKey(credentials) : given;
    this.#secrets = [
      ...secretsIn(this.#apiKey),
      ...(credentials === '' ? [] : secretsIn(basicKey(credentials))),
    ];
    this.#timeouts = { ...defaultTimeouts, ...options.timeouts };
    this.#retryDelays = options.retryDelays ?? defaultRetryDelays;
    const { baseUrl } = this.#address;
    const isPlain = baseUrl.startsWith('http:') && isPrivateEndpoint(baseUrl);
    this.#fetch = options.fetch ?? (isPlain ? plainHttpFetch : (url, init) => globalThis.fetch(url, init));
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelPart> {
    const watch = new Watch(signal);
    try {
      const reader = new AnswerReader(() => `call_${randomUUID()}`, this.#secrets);
      watch.allow(this.#timeouts.firstByte);
      const response = await this.#open(request, watch);
      const { idle: idleMs, afterFinish: afterFinishMs } = this.#timeouts;
      const secrets = this.#secrets;
      const calls: ToolCall[] = [];
      for await (const part of readAnswer({ response, watch, reader, idleMs, afterFinishMs, secrets })) {
        watch.throwIfStopped();
        if (part.type === 'tool-call') calls.push(part.call);
        if (part.type === 'finish') this.#reasoning.keep(calls, reader.reasoningContent);
        yield part;
      }
    } catch (error) {
      throw asModelError(watch.cause(error));
    } finally {
      watch.end();
    }
  }

  /** Sends the request until the server accepts it, as often as makes sense. */
  async #open(request: ModelRequest, watch: Watch): Promise<Response> {
    watch.throwIfOver();
    this.#checkSettings();
    let retries = 0;
    for (;;) {
      const body = wireRequest(request, {
        model: this.id,
        askUsage: this.#askUsage,
        reasoningOf: this.#reasoning.of,
      });
      try {
        this.#connection ??= this.#connect();
        return await watch.race(this.#connection.open(body, watch.signal));
      } catch (error) {
        watch.throwIfOver();
        if (error instanceof HttpError && this.#adapt(error.failure)) continue;
        const described = this.#describe(error);
        const wait = this.#retryDelay(error, described, retries);
        if (wait === undefined) throw described;
        retries += 1;
        await watch.sleep(wait);
      }
    }
  }

  #checkSettings(): void {
    const { baseUrl } = this.#address;
    if (baseUrl === '')
      throw new ModelError({ reason: 'unreachable', message: 'The base URL is no http(s) URL.' });
    if (this.#apiKey === '' && !isPrivateEndpoint(baseUrl)) {
      throw new ModelError({ reason: 'no-key' });
    }
    if (/[^\x21-\x7e]/.test(this.#apiKey) && !isBasicKey(this.#apiKey)) {
      const message = 'The API key holds a character that no key can hold.';
      throw new ModelError({ reason: 'unauthorized', message });
    }
  }

  #connect(): Connection {
    const { baseUrl, query } = this.#address;
    return new Connection({
      query,
      baseUrl: this.#addVersion ? `${baseUrl}/v1` : baseUrl,
      apiKey: this.#apiKey,
      timeoutMs: this.#timeouts.firstByte + 1_000,
      fetch: this.#fetch,
    });
  }

  /** Learns what this server wants otherwise. @returns whether there was something to learn */
  #adapt(failure: server.HttpFailure): boolean {
    const { status } = failure;
    const said = server.errorText(failure);
    if (this.#askUsage && (status === 400 || status === 422) && /stream_options|include_usage/.test(said)) {
      this.#askUsage = false;
      return true;
    }
    if (!this.#reasoning.required && status === 400 && /reasoning_content.{0,60}passed back/s.test(said)) {
      this.#reasoning.required = true;
      return true;
    }
    // `http://localhost:11434` for `http://localhost:11434/v1`.
    if (
      !this.#addVersion &&
      status === 404 &&
      new URL(this.#address.baseUrl).pathname === '/' &&
      !/model/i.test(said)
    ) {
      this.#addVersion = true;
      this.#connection = undefined;
      return true;
    }
    return false;
  }

  #describe(error: unknown): ModelError {
    if (error instanceof ModelError) return error;
    const secrets = this.#secrets;
    return error instanceof HttpError
      ? server.fromHttpFailure(error.failure, secrets)
      : server.fromConnectionError(error, secrets);
  }

  /** Milliseconds to wait before asking again; undefined where that would not help. */
  #retryDelay(error: unknown, { reason, retryAfter }: ModelError, retries: number): number | undefined {
    if (reason === 'rate-limited') {
      const isShort =
        retryAfter !== undefined && retryAfter <= shortRetryAfter && this.#retryDelays.length > 0;
      return isShort && retries === 0 ? retryAfter * 1000 : undefined;
    }
    const isWorthIt =
      error instanceof HttpError ? server.isTransient(error.failure) : server.isBrokenConnection(error);
    return isWorthIt ? this.#retryDelays[retries] : undefined;
  }
}
