import type {
  BatchLimits,
  EmbeddingSource,
  EmbeddingState,
  MadeVector,
  VectorBatch,
  VectorStore,
} from '../../core/memory/embedding/vectorStore';
import type { ScopedClient } from './workspaceClient';

/** Renewed with each batch: longer than an endpoint may take for one. */
const leaseMs = 180_000;

export interface WorkerVectorStoreOptions {
  readonly client: ScopedClient;
  readonly workspaceId: string;
}

/** One workspace's vectors, kept by the storage worker. */
export class WorkerVectorStore implements VectorStore {
  readonly #client: ScopedClient;
  readonly #workspaceId: string;

  constructor({ client, workspaceId }: WorkerVectorStoreOptions) {
    this.#client = client;
    this.#workspaceId = workspaceId;
  }

  next(source: EmbeddingSource, owner: string, limits: BatchLimits): Promise<VectorBatch> {
    return this.#client.call('vector-next', {
      workspaceId: this.#workspaceId,
      source,
      owner,
      leaseMs,
      limits,
    });
  }

  /** Copied, not moved: it may have to be sent again, to another worker. */
  put(source: EmbeddingSource, vectors: readonly MadeVector[]): Promise<number> {
    return this.#client.call('vector-put', { workspaceId: this.#workspaceId, source, vectors });
  }

  release(owner: string): Promise<void> {
    return this.#client.call('vector-release', { workspaceId: this.#workspaceId, owner });
  }

  state(source: EmbeddingSource): Promise<EmbeddingState> {
    return this.#client.call('vector-state', { workspaceId: this.#workspaceId, source });
  }
}
