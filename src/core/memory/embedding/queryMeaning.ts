import type { EmbeddingModel } from '../../embeddingModel';
import { ModelError } from '../../errors';
import type { EmbeddingSource, Meaning } from './vectorStore';

/**
 * Texts about nothing in particular and each about something else. How near a question is to them is how near it is to
 * what has nothing to do with it: models differ in that, from cosines about 0 to .8.
 */
const unrelatedTexts = [
  'The river runs slowly past the old mill.',
  'She tuned the guitar before the concert began.',
  'The bakery sells rye bread on Thursdays.',
  'Snow fell on the mountain all night.',
  'He painted the fence green last summer.',
  'The museum closes at five in the afternoon.',
  'A hawk circled above the wheat field.',
  'The committee postponed its meeting.',
  'Grate the lemon peel and whisk the eggs.',
  'The train to the coast leaves from platform two.',
  'His grandfather collected stamps and coins.',
  'The goalkeeper saved the penalty.',
  'The orchestra rehearsed the slow movement.',
  'Water boils at a lower temperature on high ground.',
  'The lawyer filed the papers with the court.',
  'The cat slept under the kitchen table.',
] as const;

/** As a search is typed, and as one question is asked in several places. */
const mostKept = 32;

/** What questions mean, by one model. */
export class QueryMeaning {
  readonly #source: EmbeddingSource;
  readonly #model: EmbeddingModel;
  readonly #kept = new Map<string, Meaning>();
  readonly #asked = new Map<string, Promise<Meaning>>();
  #unrelated: readonly Float32Array[] | undefined;

  constructor(source: EmbeddingSource, model: EmbeddingModel) {
    this.#source = source;
    this.#model = model;
  }

  get source(): EmbeddingSource {
    return this.#source;
  }

  /** @throws ModelError; an AbortError once it is stopped */
  async of(query: string, signal: AbortSignal): Promise<Meaning> {
    const known = this.#kept.get(query);
    if (known) return known;
    // Messages and facts are searched for one question at once, and it is sent once.
    const asked = this.#asked.get(query) ?? this.#ask(query, signal).finally(() => this.#asked.delete(query));
    this.#asked.set(query, asked);
    return asked;
  }

  async #ask(query: string, signal: AbortSignal): Promise<Meaning> {
    const asked = this.#unrelated ? [query] : [query, ...unrelatedTexts];
    const [vector, ...others] = await this.#model.embed(asked, signal);
    if (!vector)
      throw new ModelError({ reason: 'stream-garbled', message: 'The question was given no vector.' });
    this.#unrelated ??= others;
    const meaning = { ...this.#source, vector, unrelated: unrelatedTo(vector, this.#unrelated) };
    this.#keep(query, meaning);
    return meaning;
  }

  #keep(query: string, meaning: Meaning): void {
    this.#kept.set(query, meaning);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** What hardly any unrelated text reaches: two standard deviations above their mean. */
function unrelatedTo(vector: Float32Array, others: readonly Float32Array[]): number {
  const cosines = others.map((other) =>
    vector.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0),
  );
  const mean = cosines.reduce((sum, one) => sum + one, 0) / Math.max(1, cosines.length);
  const variance = cosines.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, cosines.length);
  return mean + 2 * Math.sqrt(variance);
}
