import type { Fact, FactVersion } from '../../core/memory/fact';
import type {
  FactHit,
  FactListOptions,
  FactPage,
  ListedFact,
  LongTermMemory,
  RecallHit,
  RecallOptions,
} from '../../core/memory/longTermMemory';
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

  async editFact(factId: string, version: FactVersion): Promise<Fact> {
    const fact = await this.#client.call('fact-edit', { workspaceId: this.#workspaceId, factId, version });
    this.#changed();
    return fact;
  }

  async separateFact(
    factId: string,
    ids: { readonly present: string; readonly earlier: string },
  ): Promise<{ readonly present: Fact; readonly earlier: Fact }> {
    const facts = await this.#client.call('fact-separate', { workspaceId: this.#workspaceId, factId, ids });
    this.#changed();
    return facts;
  }

  async forget(factId: string): Promise<boolean> {
    const known = await this.#client.call('fact-forget', { workspaceId: this.#workspaceId, factId });
    this.#changed();
    return known;
  }

  facts(options: FactListOptions): Promise<FactPage> {
    return this.#client.call('fact-list', { workspaceId: this.#workspaceId, options });
  }

  fact(factId: string): Promise<ListedFact | undefined> {
    return this.#client.call('fact-read', { workspaceId: this.#workspaceId, factId });
  }

  #changed(): void {
    this.#client.changed({ workspaceId: this.#workspaceId, by: this, memoryOnly: true });
  }
}
