import type { Message } from '../../core/message';
import type { MessageChange } from '../../protocol/worker';

/** Remembers what the worker has of running turns, so that only what changed crosses to it and to the disk. */
export class SentMessages {
  readonly #generation: () => number;
  readonly #sent = new Map<string, { readonly messages: readonly Message[]; readonly generation: number }>();

  /** @param generation another number: what was sent before may be lost */
  constructor(generation: () => number) {
    this.#generation = generation;
  }

  /** What changes the worker's messages into `messages`; undefined where nothing does. */
  changeTo(turnId: string, messages: readonly Message[]): MessageChange | undefined {
    const sent = this.#sent.get(turnId);
    if (sent?.generation !== this.#generation()) return { keep: 0, messages };
    let keep = 0;
    while (keep < messages.length && same(sent.messages[keep], messages[keep])) keep += 1;
    if (keep === messages.length && keep === sent.messages.length) return undefined;
    return { keep, messages: messages.slice(keep) };
  }

  /** `save` sends `messages`. Until it has succeeded, nothing is taken for sent. */
  async during(turnId: string, messages: readonly Message[], save: () => Promise<unknown>): Promise<void> {
    this.#sent.delete(turnId);
    const generation = this.#generation();
    await save();
    this.#sent.set(turnId, { messages, generation });
  }

  forget(turnId: string): void {
    this.#sent.delete(turnId);
  }
}

function same(left: Message | undefined, right: Message | undefined): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}
