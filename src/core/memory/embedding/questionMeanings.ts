import { ModelError, isAbort } from '../../errors';
import { embeddedSize } from '../../recall/embeddedPassages';
import type { ChosenEmbedding } from './embeddings';
import { QueryMeaning } from './queryMeaning';
import type { EmbeddingSource, EmbeddingState, Meaning } from './vectorStore';

/** An endpoint that has not answered by then is down. Milliseconds. */
const longestMs = 20_000;
/** A search that a person waits for: who has not answered by then is slow, and that is told. Milliseconds. */
export const defaultPatienceMs = 3_000;
/** One that is slow or down is not waited for, for so long; it is asked all the same, to learn whether it is still. */
const downForMs = 30_000;
/** What is known of the vectors is asked for again after so long: other windows make some, too. */
const stateForMs = 5_000;

export interface QuestionMeaningsOptions {
  readonly health: (error: ModelError | undefined) => void;
  /** Undefined where nothing is stored. */
  readonly stateOf: (source: EmbeddingSource) => Promise<EmbeddingState> | undefined;
  /** Takes secrets out of a question. */
  readonly mask: (text: string) => Promise<string>;
  /** What is no fault of the endpoint. */
  readonly failed: (error: unknown) => void;
}

/** Asks the model whose vectors there are what a question means, in the time that there is for it. */
export class QuestionMeanings {
  readonly #options: QuestionMeaningsOptions;
  readonly #models = new Map<string, QueryMeaning>();
  #state: { readonly id: string; readonly state: EmbeddingState; readonly until: number } | undefined;
  #downUntil = 0;

  constructor(options: QuestionMeaningsOptions) {
    this.#options = options;
  }

  /** Undefined where no vectors are, or the model does not answer in time. */
  async of(query: string, chosen: ChosenEmbedding, patienceMs: number): Promise<Meaning | undefined> {
    const text = query.slice(0, embeddedSize.characters).trim();
    const source = text === '' ? undefined : await this.#answering(chosen.source);
    if (!source) return undefined;
    const asked = this.#ask(text, source, chosen);
    const isDown = performance.now() < this.#downUntil;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), isDown ? 0 : patienceMs);
    });
    const answer = await Promise.race([asked, late]);
    clearTimeout(timer);
    if (answer !== 'late') return answer;
    if (patienceMs >= defaultPatienceMs && !isDown) {
      this.#downUntil = performance.now() + downForMs;
      this.#options.health(new ModelError({ reason: 'timeout', message: `No answer in ${patienceMs} ms.` }));
    }
    return undefined;
  }

  /** The endpoint has answered. */
  well(): void {
    this.#downUntil = 0;
  }

  /** What was learned of the vectors meanwhile. */
  learn(source: EmbeddingSource, state: EmbeddingState): void {
    this.#state = { id: idOf(source), state, until: performance.now() + stateForMs };
  }

  forgetStates(): void {
    this.#state = undefined;
  }

  forget(): void {
    this.#models.clear();
    this.#downUntil = 0;
    this.forgetStates();
  }

  /** Never rejects. Goes on beyond the patience of who asked, so that the next one finds the answer there. */
  async #ask(text: string, source: EmbeddingSource, chosen: ChosenEmbedding): Promise<Meaning | undefined> {
    try {
      const known = this.#models.get(idOf(source));
      const model = known ?? new QueryMeaning(source, chosen.modelNamed(source.name));
      this.#models.set(idOf(source), model);
      const meaning = await model.of(await this.#options.mask(text), AbortSignal.timeout(longestMs));
      this.#options.health(undefined);
      return meaning;
    } catch (error) {
      const told = modelErrorOf(error);
      if (told) {
        this.#downUntil = performance.now() + downForMs;
        this.#options.health(told);
      } else this.#options.failed(error);
      return undefined;
    }
  }

  /** The chosen model once it has all; until then one that has, and is at the same endpoint; else what there is. */
  async #answering(source: EmbeddingSource): Promise<EmbeddingSource | undefined> {
    const { models } = await this.#stateOf(source);
    const own = models.find(({ name, baseUrl }) => name === source.name && baseUrl === source.baseUrl);
    if (own?.complete) return source;
    const before = models.find(({ complete, baseUrl }) => complete && baseUrl === source.baseUrl);
    if (before) return { name: before.name, baseUrl: before.baseUrl };
    return own && source;
  }

  async #stateOf(source: EmbeddingSource): Promise<EmbeddingState> {
    const known = this.#state;
    if (known?.id === idOf(source) && performance.now() < known.until) return known.state;
    const state = (await this.#options.stateOf(source)) ?? { models: [], turns: 0, embedded: 0 };
    this.learn(source, state);
    return state;
  }
}

function idOf({ name, baseUrl }: EmbeddingSource): string {
  return JSON.stringify([baseUrl, name]);
}

function modelErrorOf(error: unknown): ModelError | undefined {
  if (error instanceof ModelError) return error;
  const isLate = isAbort(error) || (error instanceof Error && error.name === 'TimeoutError');
  return isLate ? new ModelError({ reason: 'timeout', cause: error }) : undefined;
}
