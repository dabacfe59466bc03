import { OpenAI } from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { EmbeddingCreateParams } from 'openai/resources/embeddings';
import { ModelError } from '../../../core/errors';
import { authorizationOf } from '../authorization';
import { readLimited } from './readLimited';
import type { HttpFailure } from './serverErrors';

/** What is used of the standard's fetch. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ConnectionOptions {
  readonly baseUrl: string;
  /** Sent with each request. */
  readonly query: Readonly<Record<string, string>>;
  /** '' where the server needs none. */
  readonly apiKey: string;
  /** Until the server has accepted a request; a last resort, for a transport that does not heed its signal. */
  readonly timeoutMs: number;
  readonly fetch: Fetch;
}

/** The server answered with an error status. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly failure: HttpFailure;
  constructor(failure: HttpFailure) {
    super(`HTTP ${failure.status}`);
    this.failure = failure;
  }
}

/** The client adds facts about this machine, and headers from the environment. The server gets what it needs. */
const sentHeaders = ['authorization', 'content-type', 'accept', 'user-agent'];
const maxErrorBody = 100_000;

/** One endpoint, through the `openai` package. */
export class Connection {
  readonly #client: OpenAI;
  readonly #fetch: Fetch;
  readonly #authorization: string | undefined;

  constructor({ baseUrl, query, apiKey, timeoutMs, fetch }: ConnectionOptions) {
    this.#fetch = fetch;
    this.#authorization = authorizationOf(apiKey);
    this.#client = new OpenAI({
      baseURL: baseUrl,
      defaultQuery: query,
      // The client insists on one; the header is ours.
      apiKey: 'none',
      // Undefined would be read from the environment, which is not the user's choice for this endpoint.
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      // Asking again is the adapter's own.
      maxRetries: 0,
      timeout: timeoutMs,
      logLevel: 'off',
      fetch: (url, init) => this.#send(url, init),
    });
  }

  /**
   * Resolves as soon as the server has accepted the request.
   * @throws HttpError, ModelError where the answer is none of HTTP's, or what the transport threw
   */
  open(body: ChatCompletionCreateParamsStreaming, signal: AbortSignal): Promise<Response> {
    return ofCause(() => this.#client.chat.completions.create(body, { signal }).asResponse());
  }

  /**
   * Resolves with the answer's head. The format is named, as the client decodes what it asks for by itself.
   * @throws as `open`
   */
  embed(
    body: EmbeddingCreateParams & Required<Pick<EmbeddingCreateParams, 'encoding_format'>>,
    signal: AbortSignal,
  ): Promise<Response> {
    return ofCause(() => this.#client.embeddings.create(body, { signal }).asResponse());
  }

  /** The client keeps only the `error` field of an error body; other servers put their words elsewhere. */
  async #send(url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const all = new Headers(init.headers);
    all.delete('authorization');
    if (this.#authorization !== undefined) all.set('authorization', this.#authorization);
    const headers = sentHeaders.flatMap((name) => [[name, all.get(name)] as const]);
    const response = await this.#fetch(url instanceof Request ? url.url : String(url), {
      ...init,
      // The prompt goes to the server that was chosen, and to no other that it names.
      redirect: 'manual',
      headers: headers.filter((header): header is [string, string] => header[1] !== null),
    });
    if (response.ok) return response;
    const body = await readLimited(response, maxErrorBody);
    throw new HttpError({ status: response.status, headers: response.headers, body });
  }
}

/** With what was thrown below the client in place of what it makes of it. */
async function ofCause<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    throw cause instanceof HttpError || cause instanceof ModelError ? cause : error;
  }
}
