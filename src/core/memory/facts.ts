import { HistoryError, InputError } from '../errors';
import { contradicts } from './contradiction';
import { withoutHistory, type Fact, type FactVersion } from './fact';
import type { FactListOptions, FactPage, ListedFact, LongTermMemory } from './longTermMemory';
import { searchWords } from './quote';

/** In characters. */
export const maxFactLength = 2000;

export interface FactsOptions {
  readonly memory: LongTermMemory;
  readonly clock: () => Date;
  readonly newId: () => string;
}

export interface RememberOptions {
  /** The turn in which it is said; left out where it is by hand. */
  readonly source?: FactVersion['source'];
  /** The fact whose place it takes. Left out: the one that it contradicts for sure, if there is one. */
  readonly replaces?: string;
}

export interface Remembered {
  /** Left as it was where it said the very same already. */
  readonly outcome: 'remembered' | 'replaced' | 'known';
  readonly fact: Fact;
  /** What the fact said until now. */
  readonly replaced?: FactVersion;
  /** Other facts about the like, the closest first. */
  readonly similar: readonly Fact[];
}

/** How many facts are looked at for one that says the same, or otherwise. */
const nearest = 20;
const maxSimilar = 3;
/** Reasons why facts cannot be searched, while they can be listed. */
const withoutSearch: ReadonlySet<string> = new Set(['no-search', 'unavailable']);

/**
 * The facts of a workspace as people and tools change them: the newer of two that contradict each other counts, and the
 * older is kept as its history. Rejects with InputError `invalid-argument`, or HistoryError.
 */
export class Facts {
  readonly #memory: LongTermMemory;
  readonly #clock: () => Date;
  readonly #newId: () => string;

  constructor({ memory, clock, newId }: FactsOptions) {
    this.#memory = memory;
    this.#clock = clock;
    this.#newId = newId;
  }

  /** `not-found` where there is no fact to be replaced. */
  async remember(given: string, { source, replaces }: RememberOptions = {}): Promise<Remembered> {
    const text = soundText(given);
    const near = await this.#near(text);
    const twin = near.find((fact) => sameText(fact.text, text));
    if (twin && (replaces === undefined || replaces === twin.id)) {
      return { outcome: 'known', fact: twin, similar: [] };
    }
    const version = { text, createdAt: this.#clock().toISOString(), ...(source && { source }) };
    const place = replaces ?? near.find((fact) => contradicts(text, fact.text))?.id;
    const others = near.filter(({ id }) => id !== place && id !== twin?.id);
    const similar = others.filter((fact) => isSimilar(fact.text, text)).slice(0, maxSimilar);
    if (place === undefined) {
      const fact = { id: this.#newId(), ...version };
      await this.#memory.remember(fact);
      return { outcome: 'remembered', fact, similar };
    }
    const fact = await this.#memory.editFact(place, version);
    // One that was kept apart until now would say the same twice.
    if (twin) await this.#memory.forget(twin.id);
    const [replaced] = fact.history ?? [];
    if (!replaced) return { outcome: 'known', fact, similar };
    return { outcome: 'replaced', fact: withoutHistory(fact), replaced, similar };
  }

  /** Another wording by hand: the source stays. */
  async edit(factId: string, given: string): Promise<Fact> {
    const text = soundText(given);
    const { source } = await this.#known(factId);
    return this.#memory.editFact(factId, this.#version(text, source));
  }

  /**
   * What it said before counts again; what it says now becomes history.
   * @param createdAt which of its earlier texts; left out: the newest of them
   */
  async restore(factId: string, createdAt?: string): Promise<Fact> {
    const { history = [] } = await this.#known(factId);
    const version = createdAt === undefined ? history[0] : history.find((one) => one.createdAt === createdAt);
    if (!version)
      throw new HistoryError({ reason: 'not-found', message: 'The fact has no such earlier text' });
    return this.#memory.editFact(factId, this.#version(version.text, version.source));
  }

  /** Undoes that a fact took the place of another: both are facts of their own then, under new ids. */
  separate(factId: string): Promise<{ readonly present: Fact; readonly earlier: Fact }> {
    return this.#memory.separateFact(factId, { present: this.#newId(), earlier: this.#newId() });
  }

  forget(factId: string): Promise<boolean> {
    return this.#memory.forget(factId);
  }

  list(options: FactListOptions): Promise<FactPage> {
    return this.#memory.facts(options);
  }

  fact(factId: string): Promise<ListedFact | undefined> {
    return this.#memory.fact(factId);
  }

  async #known(factId: string): Promise<Fact> {
    const fact = await this.#memory.fact(factId);
    if (fact) return fact;
    throw new HistoryError({ reason: 'not-found', message: `No fact ${factId}` });
  }

  #version(text: string, source: FactVersion['source']): FactVersion {
    return { text, createdAt: this.#clock().toISOString(), ...(source && { source }) };
  }

  /** Where there is no search, the newest. */
  async #near(text: string): Promise<readonly Fact[]> {
    try {
      return await this.#memory.recallFacts(text, nearest);
    } catch (error) {
      if (!(error instanceof HistoryError) || !withoutSearch.has(error.reason)) throw error;
      return (await this.#memory.facts({ limit: nearest })).facts;
    }
  }
}

function soundText(given: string): string {
  const text = given.trim();
  if (text !== '' && text.length <= maxFactLength) return text;
  const message =
    text === ''
      ? 'A fact needs a text.'
      : `A fact has at most ${maxFactLength} characters; this one has ${text.length}.`;
  throw new InputError({ reason: 'invalid-argument', message });
}

function sameText(one: string, other: string): boolean {
  return normalize(one) === normalize(other);
}

function normalize(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.!\s]+$/, '');
}

/** At least half of the words of the shorter one. */
function isSimilar(one: string, other: string): boolean {
  const [a, b] = [new Set(searchWords(one)), new Set(searchWords(other))];
  const shared = [...a].filter((word) => b.has(word)).length;
  return shared >= 2 && shared * 2 >= Math.min(a.size, b.size);
}
