import type { Fact, FactVersion } from '../../core/memory/fact';
import type {
  FactHit,
  FactListOptions,
  FactPage,
  ListedFact,
  LongTermMemory,
  MessageListOptions,
  MessagePage,
  RecallHit,
  RecallOptions,
} from '../../core/memory/longTermMemory';
import { defaultPatienceMs } from '../../core/memory/embedding/questionMeanings';
import type { Meaning } from '../../core/memory/embedding/vectorStore';
import type { ScopedClient } from './workspaceClient';

export interface SqliteLongTermMemoryOptions {
  readonly client: ScopedClient;
  readonly workspaceId: string;
  /** What a query means to the embedding model that is in use, in so many milliseconds at most. Left out: none is. */
  readonly meaningOf?: (query: string, patienceMs: number) => Promise<Meaning | undefined>;
  /** Told once: words cannot be searched, and recall goes by meaning alone. */
  readonly wordsMissing?: () => void;
}

/** Search over one workspace's history in the storage worker's database. */
export class SqliteLongTermMemory implements LongTermMemory {
  readonly #client: ScopedClient;
  readonly #workspaceId: string;
  readonly #meaningOf: SqliteLongTermMemoryOptions['meaningOf'];
  readonly #wordsMissing: () => void;
  #isTold = false;

  constructor({ client, workspaceId, meaningOf, wordsMissing }: SqliteLongTermMemoryOptions) {
    this.#wordsMissing = wordsMissing ?? (() => undefined);
    this.#client = client;
    this.#workspaceId = workspaceId;
    this.#meaningOf = meaningOf;
  }

  async recall(query: string, options: RecallOptions): Promise<readonly RecallHit[]> {
    const meaning = await this.#meaningOf?.(query, options.patienceMs ?? defaultPatienceMs);
    const asked = { query, options, ...(meaning && { meaning }) };
    const hits = await this.#client.call('memory-recall', { workspaceId: this.#workspaceId, ...asked });
    if (hits.some(({ byMeaningAlone }) => byMeaningAlone) && !this.#isTold) {
      this.#isTold = true;
      this.#wordsMissing();
    }
    return hits;
  }

  listMessages(options: MessageListOptions): Promise<MessagePage> {
    return this.#client.call('memory-list', { workspaceId: this.#workspaceId, options });
  }

  async recallFacts(
    query: string,
    limit: number,
    { patienceMs = defaultPatienceMs }: Pick<RecallOptions, 'patienceMs'> = {},
  ): Promise<readonly FactHit[]> {
    const meaning = await this.#meaningOf?.(query, patienceMs);
    const asked = { query, limit, ...(meaning && { meaning }) };
    return this.#client.call('fact-recall', { workspaceId: this.#workspaceId, ...asked });
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
