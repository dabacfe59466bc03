import type { Fact, FactVersion } from '../memory/fact';
import type {
  FactHit,
  FactListOptions,
  FactPage,
  ListedFact,
  LongTermMemory,
  RecallHit,
  RecallOptions,
} from '../memory/longTermMemory';
import type { Masking } from './masking';
import { mapFact, mapVersion } from './storedTexts';

/** A memory that no secret reaches: facts are masked before they are handed on. */
export class MaskingLongTermMemory implements LongTermMemory {
  readonly #memory: LongTermMemory;
  readonly #masking: Masking;

  constructor(memory: LongTermMemory, masking: Masking) {
    this.#memory = memory;
    this.#masking = masking;
  }

  async remember(fact: Fact): Promise<void> {
    return this.#memory.remember((await this.#masking.in(fact, mapFact)).value);
  }

  async editFact(factId: string, version: FactVersion): Promise<Fact> {
    return this.#memory.editFact(factId, (await this.#masking.in(version, mapVersion)).value);
  }

  recall(query: string, options: RecallOptions): Promise<readonly RecallHit[]> {
    return this.#memory.recall(query, options);
  }

  recallFacts(query: string, limit: number): Promise<readonly FactHit[]> {
    return this.#memory.recallFacts(query, limit);
  }

  separateFact(
    factId: string,
    ids: { readonly present: string; readonly earlier: string },
  ): Promise<{ readonly present: Fact; readonly earlier: Fact }> {
    return this.#memory.separateFact(factId, ids);
  }

  forget(factId: string): Promise<boolean> {
    return this.#memory.forget(factId);
  }

  facts(options: FactListOptions): Promise<FactPage> {
    return this.#memory.facts(options);
  }

  fact(factId: string): Promise<ListedFact | undefined> {
    return this.#memory.fact(factId);
  }
}
