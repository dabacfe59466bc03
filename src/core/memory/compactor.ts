import type { StoredTurn } from '../historyLog';

export interface CompactionRequest {
  /** What the summary is made from: the turns themselves, oldest first. */
  readonly turns: readonly StoredTurn[];
  /** What the summary may cost, in tokens. A wish: the caller checks. */
  readonly maxTokens: number;
  readonly signal: AbortSignal;
  /** Told how many of the turns are done. */
  readonly onProgress?: (done: number) => void;
}

/** Port to what turns demoted turns into a summary. Rejects with ModelError, or AbortError once aborted. */
export interface Compactor {
  /** Stored with the summary: the model's id, or `template`. */
  readonly id: string;
  compact(request: CompactionRequest): Promise<string>;
}
