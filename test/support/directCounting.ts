import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import type { TokenCounting } from '../../src/core/tokens/tokenCounting';

/** The tokenizer in this very thread. */
export const directCounting: TokenCounting = {
  count: (texts) =>
    Promise.resolve(texts.map((text) => countTokens(text, { disallowedSpecial: new Set<string>() }))),
};
