/** Port to a tokenizer, which is heavy and works elsewhere. */
export interface TokenCounting {
  /**
   * @returns the tokens of each text, in o200k_base
   * @throws Error where there is no tokenizer to be had; it may be had later
   */
  count(texts: readonly string[]): Promise<readonly number[]>;
}
