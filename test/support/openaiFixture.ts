import {
  createOpenAIChatModel,
  type OpenAIChatModelOptions,
} from '../../src/adapters/models/openaiChatModel';
import { asks, collect, type Collected } from './collect';
import { ModelServer, type ModelAnswer, type Responder } from './modelServer';

/** A scripted server, started once for a suite, and models that talk to it. */
export class OpenAIFixture {
  #server: ModelServer | undefined;

  get server(): ModelServer {
    if (!this.#server) throw new Error('open() first');
    return this.#server;
  }

  async open(): Promise<void> {
    this.#server = await ModelServer.start();
  }

  close(): Promise<void> {
    return this.server.close();
  }

  model(options: Partial<OpenAIChatModelOptions> = {}): ReturnType<typeof createOpenAIChatModel> {
    return createOpenAIChatModel({ baseUrl: this.server.baseUrl, model: 'm', retryDelays: [], ...options });
  }

  /** What a fresh model makes of these answers to its requests. */
  async ask(
    answers: readonly ModelAnswer[] | Responder,
    options: Partial<OpenAIChatModelOptions> = {},
    signal?: AbortSignal,
  ): Promise<Collected> {
    this.server.script(answers);
    return collect(this.model(options), asks('Hello'), signal);
  }
}
