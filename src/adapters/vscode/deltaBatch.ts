import type { SessionEvent } from '../../core/liveTurn';

type TextDelta = Extract<SessionEvent, { type: 'text-delta' }>;

/** Joins text deltas that follow one another closely, so that a fast model costs no more messages than the eye sees. */
export class DeltaBatch {
  readonly #send: (delta: TextDelta) => void;
  readonly #delayMs: number;
  #held: TextDelta | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (delta: TextDelta) => void, delayMs = 30) {
    this.#send = send;
    this.#delayMs = delayMs;
  }

  add(delta: TextDelta): void {
    const held = this.#held;
    if (held && held.turnId === delta.turnId && held.index === delta.index) {
      this.#held = { ...held, text: held.text + delta.text };
      return;
    }
    this.flush();
    this.#held = delta;
    this.#timer = setTimeout(() => this.flush(), this.#delayMs);
  }

  /** Sends what is held now: anything else must come after it. */
  flush(): void {
    const held = this.#held;
    this.drop();
    if (held) this.#send(held);
  }

  /** Forgets what is held: a snapshot has it. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#held = undefined;
  }
}
