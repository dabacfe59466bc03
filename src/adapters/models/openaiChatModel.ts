import { randomUUID } from 'node:crypto';
import type { ChatModel, ModelPart, ModelRequest } from '../../core/chatModel';
import { ModelError, isAbort } from '../../core/errors';
import type { ToolCall } from '../../core/message';
import { AnswerReader } from './openai/answerReader';
import { Endpoint, type EndpointOptions } from './openai/endpoint';
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

export interface OpenAIChatModelOptions extends EndpointOptions {
  readonly model: string;
  readonly timeouts?: Partial<ModelTimeouts>;
}

const defaultTimeouts: ModelTimeouts = { firstByte: 600_000, idle: 120_000, afterFinish: 5_000 };

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
  readonly #endpoint: Endpoint;
  readonly #timeouts: ModelTimeouts;
  readonly #reasoning = new ReasoningMemory();
  /** What this server has refused is not asked of it again. */
  #askUsage = true;

  constructor(options: OpenAIChatModelOptions) {
    this.id = options.model;
    this.label = options.model;
    this.#timeouts = { ...defaultTimeouts, ...options.timeouts };
    this.#endpoint = new Endpoint(options, this.#timeouts.firstByte);
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelPart> {
    const watch = new Watch(signal);
    const { secrets } = this.#endpoint;
    try {
      const reader = new AnswerReader(() => `call_${randomUUID()}`, secrets);
      watch.allow(this.#timeouts.firstByte);
      const response = await this.#open(request, watch);
      const { idle: idleMs, afterFinish: afterFinishMs } = this.#timeouts;
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

  #open(request: ModelRequest, watch: Watch): Promise<Response> {
    return this.#endpoint.send(
      watch,
      (connection) => {
        const settings = { model: this.id, askUsage: this.#askUsage, reasoningOf: this.#reasoning.of };
        return connection.open(wireRequest(request, settings), watch.signal);
      },
      (failure) => this.#adapt(failure),
    );
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
    return false;
  }
}
