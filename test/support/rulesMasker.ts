import { maskTexts } from '../../src/adapters/secrets/secrets';
import { Masking } from '../../src/core/secrets/masking';
import type { SecretMasker } from '../../src/core/secrets/secretMasker';

/** The product's rules, on the calling thread. */
export const rulesMasker: SecretMasker = {
  mask: (texts, { unfinished = false } = {}) =>
    Promise.resolve(maskTexts({ texts, known: [], rules: true, unfinished })),
};

export const rulesMasking = new Masking(rulesMasker);
