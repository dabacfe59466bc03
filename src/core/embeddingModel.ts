/** More dimensions than any model is known to have. */
export const maxDimensions = 16_384;

/** Port to a model that turns texts into vectors: the nearer their meaning, the nearer the vectors. */
export interface EmbeddingModel {
  /** For example `text-embedding-3-small`. */
  readonly id: string;
  /**
   * One vector a text, in the order of the texts, each of length 1 and all of as many dimensions. No text may be empty.
   * Rejects with ModelError (never a provider's own error); with an AbortError once `signal` is aborted.
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;
}

/** Of length 1, so that a product of two is the cosine between them; undefined where it has no direction. */
export function unitVector(vector: Float32Array): Float32Array | undefined {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (!Number.isFinite(length) || length === 0) return undefined;
  return vector.map((value) => value / length);
}
