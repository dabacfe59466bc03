import type { Fact } from '../../core/historyLog';
import type { FactHit, LongTermMemory, RecallHit, RecallOptions } from '../../core/memory/longTermMemory';
import type { ScopedClient } from './workspaceClient';

export interface SqliteLongTermMemoryOptions {
  readonly client: ScopedClient;
  readonly workspaceId: string;
}

/** Search over one workspace's history in the storage worker's database. */
export class SqliteLongTermMemory implements LongTermMemory {
  readonly #client: ScopedClient;
  readonly #workspaceId: string;

  constructor({ client, workspaceId }: SqliteLongTermMemoryOptions) {
    this.#client = client;
    this.#workspaceId = workspaceId;
  }

  recall(query: string, options: RecallOptions): Promise<readonly RecallHit[]> {
    return this.#client.call('memory-recall', { workspaceId: this.#workspaceId, query, options });
  }

  recallFacts(query: string, limit: number): Promise<readonly FactHit[]> {
    return this.#client.call('fact-recall', { workspaceId: this.#workspaceId, query, limit });
  }

  async remember(fact: Fact): Promise<void> {
    await this.#client.call('fact-remember', { workspaceId: this.#workspaceId, fact });
    this.#changed();
  }

  async forget(factId: string): Promise<boolean> {
    const known = await this.#client.call('fact-forget', { workspaceId: this.#workspaceId, factId });
    this.#changed();
    return known;
  }

  facts(limit: number): Promise<readonly Fact[]> {
    return this.#client.call('fact-list', { workspaceId: this.#workspaceId, limit });
  }

  #changed(): void {
    this.#client.changed({ workspaceId: this.#workspaceId, by: this, factsOnly: true });
  }
}
