import { HistoryError } from '../errors';
import type { Message } from '../message';
import type { SecretKind } from './secretMark';
import type { MaskOptions, SecretMasker } from './secretMasker';
import { mapMessage, type MapText } from './storedTexts';

export interface Masked<T> {
  readonly value: T;
  /** Of what was masked, one for each mark. */
  readonly kinds: readonly SecretKind[];
}

/** Masks what consists of texts. A message that was masked, or found to be without secrets, is not looked at again. */
export class Masking {
  readonly #masker: SecretMasker;
  readonly #known = new WeakMap<Message, Masked<Message>>();

  constructor(masker: SecretMasker) {
    this.#masker = masker;
  }

  async text(text: string): Promise<string> {
    return (await this.in(text, (value, map) => map(value))).value;
  }

  /** @param each maps the value's texts, always in the same order, and changes nothing else */
  async in<T>(value: T, each: (value: T, map: MapText) => T, options?: MaskOptions): Promise<Masked<T>> {
    const texts: string[] = [];
    each(value, (text) => {
      texts.push(text);
      return text;
    });
    if (texts.length === 0) return { value, kinds: [] };
    const masked = await this.#masker.mask(texts, options);
    let next = 0;
    return {
      value: each(value, () => {
        const one = masked[next++];
        // Never the text itself in its place.
        if (!one) throw new HistoryError({ reason: 'no-masking', message: 'A text was not looked at.' });
        return one.text;
      }),
      kinds: masked.flatMap(({ kinds }) => kinds),
    };
  }

  /**
   * @param options.unfinished goes for the last message where it is the model's, which is then still being written: a
   * prompt and a tool's result are whole from the start
   */
  async messages(
    messages: readonly Message[],
    options: MaskOptions = {},
  ): Promise<Masked<readonly Message[]>> {
    const isWritten = options.unfinished === true && messages.at(-1)?.role === 'assistant';
    const last = isWritten ? messages.length - 1 : -1;
    const masked = await Promise.all(
      messages.map((message, index) =>
        index === last ? this.in(message, mapMessage, options) : this.#message(message),
      ),
    );
    return { value: masked.map(({ value }) => value), kinds: masked.flatMap(({ kinds }) => kinds) };
  }

  async #message(message: Message): Promise<Masked<Message>> {
    const known = this.#known.get(message);
    if (known) return known;
    const masked = await this.in(message, mapMessage);
    this.#known.set(masked.value, { value: masked.value, kinds: [] });
    this.#known.set(message, masked);
    return masked;
  }
}
