import { createHash } from 'node:crypto';
import type { SentContext } from '../../core/context/sentContext';
import { mapItems } from '../../core/context/sentItems';
import type { HashedContext, HashedItem, HashedText } from '../../protocol/hashedContext';

/** So many texts are remembered, none of them longer than so many characters. */
const mostRemembered = 16;
const longestRemembered = 100_000;

/** The context without its texts, a HashedContext as JSON, and these. */
export interface SplitContext {
  readonly context: string;
  readonly texts: readonly HashedText[];
}

/**
 * Remembers the texts of sent contexts, which one turn shares with the next, so that they are hashed, and cross to the
 * worker, once.
 */
export class SentTexts {
  readonly #hashed = new Map<string, HashedText>();
  /** Hashes of those that the worker has stored, as far as is known here: another window may have cleared them. */
  readonly #stored = new Set<string>();

  split(sent: SentContext): SplitContext {
    const texts: HashedText[] = [];
    const context: HashedContext = mapItems(sent, ({ text, ...item }): HashedItem => {
      if (text === undefined) return item;
      const known = this.#hashed.get(text) ?? this.#hash(text);
      texts.push(known);
      return { ...item, hash: known.hash };
    });
    return { context: JSON.stringify(context), texts };
  }

  unsent(texts: readonly HashedText[]): readonly HashedText[] {
    return texts.filter(({ hash }) => !this.#stored.has(hash));
  }

  stored(texts: readonly HashedText[]): void {
    const remembered = new Set([...this.#hashed.values()].map(({ hash }) => hash));
    for (const { hash } of texts) if (remembered.has(hash)) this.#stored.add(hash);
  }

  #hash(text: string): HashedText {
    const body = JSON.stringify(text);
    const hashed = { hash: createHash('sha256').update(body).digest('hex'), body };
    if (text.length > longestRemembered) return hashed;
    this.#hashed.set(text, hashed);
    const [oldest] = this.#hashed;
    if (this.#hashed.size > mostRemembered && oldest) {
      this.#hashed.delete(oldest[0]);
      this.#stored.delete(oldest[1].hash);
    }
    return hashed;
  }
}
