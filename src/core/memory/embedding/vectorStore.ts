/** Which model, and where it is asked: the same name elsewhere may be another model. */
export interface EmbeddingSource {
  readonly name: string;
  readonly baseUrl: string;
}

/** A model whose vectors are kept. */
export interface VectorModel extends EmbeddingSource {
  readonly dimensions: number;
  /** Whether all that there was to embed has been embedded once. */
  readonly complete: boolean;
}

/** A passage of a stored message that has no vector yet. */
export interface MissingPassage {
  readonly message: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly hash: Uint8Array;
}

export interface MadeVector extends Omit<MissingPassage, 'text'> {
  /** Of length 1; without dimensions where the model refuses the text, so that it is not sent again. */
  readonly vector: Float32Array;
}

export interface BatchLimits {
  readonly passages: number;
  readonly characters: number;
}

export type VectorBatch =
  /** Another window is at it, until so many milliseconds since 1970 at most. */
  | { readonly busyUntil: number }
  /** The newest first. Where there are none and no `more`, all is embedded. */
  | { readonly passages: readonly MissingPassage[]; readonly more: boolean };

export interface EmbeddingState {
  /** The newest first. */
  readonly models: readonly VectorModel[];
  /** Turns of the workspace, and how many of them are embedded by the asked model. */
  readonly turns: number;
  readonly embedded: number;
}

/** What a question means, as one model has it, for the search among the vectors of that model. */
export interface Meaning extends EmbeddingSource {
  readonly vector: Float32Array;
  /** The cosine that unrelated texts may have with it. */
  readonly unrelated: number;
}

/** Port to the vectors of one workspace's messages. Rejects with HistoryError. */
export interface VectorStore {
  /** What to embed next; takes or renews this window's lease, so that no two windows send the same texts. */
  next(source: EmbeddingSource, owner: string, limits: BatchLimits): Promise<VectorBatch>;
  /** Keeps vectors of messages that are still there as they were. Idempotent. @returns how many it kept */
  put(source: EmbeddingSource, vectors: readonly MadeVector[]): Promise<number>;
  /** Lets another window go on at once. */
  release(owner: string): Promise<void>;
  state(source: EmbeddingSource): Promise<EmbeddingState>;
}
