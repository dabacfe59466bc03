/** The messages between the extension host and the thread that looks for secrets, in the order that they are sent. */
import type { MaskedText } from '../core/secrets/maskText';

/** What counts as a secret. */
export interface MaskChoice {
  /** Keys that the product itself keeps: always masked. */
  readonly known: readonly string[];
  /** Whether the rules are applied. */
  readonly rules: boolean;
}

export interface MaskTask extends MaskChoice {
  readonly texts: readonly string[];
  /** See MaskOptions. */
  readonly unfinished: boolean;
}

export interface MaskRequest extends MaskTask {
  readonly id: number;
}

export interface MaskAnswer {
  readonly id: number;
  readonly masked: readonly MaskedText[];
}
