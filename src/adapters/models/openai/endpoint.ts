import { isPrivateEndpoint } from '../../../core/endpoint';
import { ModelError } from '../../../core/errors';
import { basicKey, isBasicKey, secretsIn } from '../authorization';
import { readAddress, type Address } from './address';
import { Connection, HttpError, type Fetch } from './connection';
import { plainHttpFetch } from './plainHttp';
import * as server from './serverErrors';
import type { Watch } from './watch';

export interface EndpointOptions {
  /** For example `https://api.openai.com/v1` or `http://localhost:11434/v1`. */
  readonly baseUrl: string;
  /** Not needed for an endpoint on this machine or in a private network. */
  readonly apiKey?: string;
  /** Waits before each repetition of a request that failed for the moment, in milliseconds. */
  readonly retryDelays?: readonly number[];
  readonly fetch?: Fetch;
}

const defaultRetryDelays = [500, 1_500];
/** The longest wait that a server may ask for and still be asked again unnoticed, in seconds. */
const shortRetryAfter = 5;

/** An OpenAI-compatible server: asks it, asks again where that makes sense, and says what went wrong. */
export class Endpoint {
  /** What must not be shown. */
  readonly secrets: readonly string[];
  readonly #address: Address;
  readonly #apiKey: string;
  readonly #timeoutMs: number;
  readonly #retryDelays: readonly number[];
  readonly #fetch: Fetch;
  #connection: Connection | undefined;
  #addVersion = false;

  /** @param timeoutMs until the server has accepted a request */
  constructor(options: EndpointOptions, timeoutMs: number) {
    this.#address = readAddress(options.baseUrl);
    const { credentials } = this.#address;
    const given = options.apiKey?.trim() ?? '';
    this.#apiKey = given === '' && credentials !== '' ? basicKey(credentials) : given;
    this.secrets = [
      ...secretsIn(this.#apiKey),
      ...(credentials === '' ? [] : secretsIn(basicKey(credentials))),
    ];
    this.#timeoutMs = timeoutMs;
    this.#retryDelays = options.retryDelays ?? defaultRetryDelays;
    const { baseUrl } = this.#address;
    const isPlain = baseUrl.startsWith('http:') && isPrivateEndpoint(baseUrl);
    this.#fetch = options.fetch ?? (isPlain ? plainHttpFetch : (url, init) => globalThis.fetch(url, init));
  }

  /**
   * Sends a request until the server accepts it, as often as makes sense.
   * @param adapt learns what this server wants otherwise. @returns whether there was something to learn
   * @throws ModelError
   */
  async send(
    watch: Watch,
    request: (connection: Connection) => Promise<Response>,
    adapt: (failure: server.HttpFailure) => boolean,
  ): Promise<Response> {
    watch.throwIfOver();
    this.#checkSettings();
    let retries = 0;
    for (;;) {
      try {
        this.#connection ??= this.#connect();
        return await watch.race(request(this.#connection));
      } catch (error) {
        watch.throwIfOver();
        if (error instanceof HttpError && (adapt(error.failure) || this.#findVersion(error.failure)))
          continue;
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
      timeoutMs: this.#timeoutMs + 1_000,
      fetch: this.#fetch,
    });
  }

  /** `http://localhost:11434` for `http://localhost:11434/v1`. */
  #findVersion(failure: server.HttpFailure): boolean {
    const isAtRoot = new URL(this.#address.baseUrl).pathname === '/';
    if (this.#addVersion || failure.status !== 404 || !isAtRoot || /model/i.test(server.errorText(failure)))
      return false;
    this.#addVersion = true;
    this.#connection = undefined;
    return true;
  }

  #describe(error: unknown): ModelError {
    if (error instanceof ModelError) return error;
    return error instanceof HttpError
      ? server.fromHttpFailure(error.failure, this.secrets)
      : server.fromConnectionError(error, this.secrets);
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
