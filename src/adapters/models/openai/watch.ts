import { ModelError } from '../../../core/errors';

/**
 * Ends a request when the user stops it, or when nothing has come for too long. `signal` closes the connection;
 * `race` lets no await outlive it, whatever the transport does with the signal.
 */
export class Watch {
  readonly #controller = new AbortController();
  readonly #user: AbortSignal;
  readonly #over: Promise<never>;
  #timer: NodeJS.Timeout | undefined;
  #timeout: ModelError | undefined;

  constructor(user: AbortSignal) {
    this.#user = user;
    this.#over = new Promise((_, reject) => {
      this.signal.addEventListener('abort', () => reject(this.#why() ?? stopped()), { once: true });
    });
    this.#over.catch(() => undefined);
    user.addEventListener('abort', this.#stop);
    if (user.aborted) this.#stop();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether it was the user who ended the request. */
  get stopped(): boolean {
    return this.#user.aborted;
  }

  throwIfStopped(): void {
    if (this.stopped) throw stopped();
  }

  throwIfOver(): void {
    const why = this.#why();
    if (why) throw why;
  }

  /** From now, `milliseconds` may pass until the next `allow`. */
  allow(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const message = `Nothing came for ${milliseconds} ms.`;
      this.#timeout = new ModelError({ reason: 'timeout', message });
      this.#controller.abort();
    }, milliseconds);
  }

  race<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#over]);
  }

  async sleep(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      await this.race(new Promise((resolve) => (timer = setTimeout(resolve, milliseconds))));
    } finally {
      clearTimeout(timer);
    }
  }

  /** What really happened, where the error is only what the closed connection made of it. */
  cause(error: unknown): unknown {
    return this.#why() ?? error;
  }

  /** Closes the connection, where it is still open. */
  end(): void {
    clearTimeout(this.#timer);
    this.#user.removeEventListener('abort', this.#stop);
    this.#controller.abort();
  }

  #why(): Error | undefined {
    return this.#user.aborted ? stopped() : this.#timeout;
  }

  readonly #stop = (): void => this.#controller.abort();
}

function stopped(): DOMException {
  return new DOMException('The request was stopped.', 'AbortError');
}
