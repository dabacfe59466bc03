import { InputError } from '../errors';
import type { Fact, FactVersion } from '../memory/fact';
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
} from '../memory/longTermMemory';
import type { Masking } from './masking';
import { splitAtMarks } from './secretMark';
import { mapFact, mapVersion, type MapText } from './storedTexts';

/**
 * A memory that no secret reaches. A fact with a secret in it is refused, with InputError `invalid-argument`: what is left of
 * it with a mark in the secret's place says nothing, and would be recalled as if it did.
 */
export class MaskingLongTermMemory implements LongTermMemory {
  readonly #memory: LongTermMemory;
  readonly #masking: Masking;

  constructor(memory: LongTermMemory, masking: Masking) {
    this.#memory = memory;
    this.#masking = masking;
  }

  async remember(fact: Fact): Promise<void> {
    return this.#memory.remember(await this.#without(fact, mapFact));
  }

  async editFact(factId: string, version: FactVersion): Promise<Fact> {
    return this.#memory.editFact(factId, await this.#without(version, mapVersion));
  }

  async #without<T extends FactVersion>(version: T, each: (value: T, map: MapText) => T): Promise<T> {
    const { value, kinds } = await this.#masking.in(version, each);
    if (kinds.length > 0 || splitAtMarks(value.text).length > 1) throw holdsSecret();
    return value;
  }

  recall(query: string, options: RecallOptions): Promise<readonly RecallHit[]> {
    return this.#memory.recall(query, options);
  }

  listMessages(options: MessageListOptions): Promise<MessagePage> {
    return this.#memory.listMessages(options);
  }

  recallFacts(...asked: Parameters<LongTermMemory['recallFacts']>): Promise<readonly FactHit[]> {
    return this.#memory.recallFacts(...asked);
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

function holdsSecret(): InputError {
  return new InputError({
    reason: 'invalid-argument',
    message: 'There is a secret in it, and secrets are not stored: say it without the secret.',
  });
}
