import type { SentContext, SentItem } from '../core/context/sentContext';

/** A sent context as it is stored: its texts, which many turns share, are apart, each once a workspace. */
export type HashedContext = SentContext<HashedItem>;

export interface HashedItem extends Omit<SentItem, 'text'> {
  /** SHA-256 of the text's body, in hexadecimal. */
  readonly hash?: string;
}

export interface HashedText {
  readonly hash: string;
  /** The text as JSON. */
  readonly body: string;
}
