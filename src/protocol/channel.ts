/**
 * The two ends of the wire between the extension host and the chat view.
 *
 * A view can be destroyed at any moment and messages to a dead one are dropped without a word, so the host numbers
 * what it sends: a `snapshot` is 0, what follows counts up. A view that misses a number asks for a new snapshot.
 */
import {
  parseHostMessage,
  parseViewMessage,
  type HostMessage,
  type HostMessageBody,
  type ViewMessage,
} from './chat';

/** The host's end. One per resolved view. */
export class HostChannel {
  readonly #post: (message: HostMessage) => void;
  readonly #receive: (message: ViewMessage) => void;
  readonly #rejected: (why: string) => void;
  /** -1 until the first snapshot, before which there is nothing that a change could change. */
  #last = -1;

  constructor(options: {
    readonly post: (message: HostMessage) => void;
    readonly receive: (message: ViewMessage) => void;
    /** A message that fits no schema: dropped. */
    readonly rejected: (why: string) => void;
  }) {
    this.#post = options.post;
    this.#receive = options.receive;
    this.#rejected = options.rejected;
  }

  /** Numbers and posts. Anything before the first snapshot is dropped: the snapshot will contain it. */
  send(body: HostMessageBody): void {
    if (body.type === 'snapshot') this.#last = -1;
    else if (this.#last === -1) return;
    this.#last += 1;
    this.#post({ ...body, n: this.#last });
  }

  /** Takes whatever the webview posted. */
  accept(raw: unknown): void {
    const parsed = parseViewMessage(raw);
    if (parsed.ok) this.#receive(parsed.value);
    else this.#rejected(parsed.why);
  }
}

/** The view's end. Says `ready` when started and at a gap; hands on each message once and in order. */
export class ViewChannel {
  readonly #post: (message: ViewMessage) => void;
  readonly #receive: (message: HostMessage) => void;
  readonly #rejected: (why: string) => void;
  /** The number to come; undefined while only a snapshot will do. */
  #next: number | undefined;

  constructor(options: {
    readonly post: (message: ViewMessage) => void;
    readonly receive: (message: HostMessage) => void;
    readonly rejected: (why: string) => void;
  }) {
    this.#post = options.post;
    this.#receive = options.receive;
    this.#rejected = options.rejected;
  }

  /** Asks for a snapshot; until it comes, changes are ignored, as they may change what was missed. */
  restart(): void {
    this.#next = undefined;
    this.#post({ type: 'ready' });
  }

  send(message: ViewMessage): void {
    this.#post(message);
  }

  /** Takes whatever arrived at the window. */
  accept(raw: unknown): void {
    const parsed = parseHostMessage(raw);
    if (!parsed.ok) {
      this.#rejected(parsed.why);
      // What it would have changed is unknown, as is its number. Asked once: a host that keeps sending it will not do.
      if (this.#next !== undefined) this.restart();
      return;
    }
    const message = parsed.value;
    if (message.type === 'snapshot') {
      this.#next = message.n + 1;
      this.#receive(message);
    } else if (this.#next === undefined || message.n < this.#next) {
      return;
    } else if (message.n > this.#next) {
      this.restart();
    } else {
      this.#next += 1;
      this.#receive(message);
    }
  }
}
