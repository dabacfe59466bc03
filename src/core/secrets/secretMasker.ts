import type { MaskedText } from './maskText';

export interface MaskOptions {
  /** The texts may be cut off within a secret, as they are still being written: what may be its start is masked too. */
  readonly unfinished?: boolean;
}

/**
 * Port to what finds and masks secrets, by rules and by the keys that the product itself keeps. Masking what is masked
 * changes nothing. Rejects with HistoryError `no-masking` where it cannot look: then nothing may be stored.
 */
export interface SecretMasker {
  /** @returns the texts in their order */
  mask(texts: readonly string[], options?: MaskOptions): Promise<readonly MaskedText[]>;
}

/** Finds nothing. */
export const noSecretMasker: SecretMasker = {
  mask: (texts) => Promise.resolve(texts.map((text) => ({ text, kinds: [] }))),
};
