import type { EmbeddingModel } from '../../embeddingModel';
import { InputError, ModelError, isAbort } from '../../errors';
import { linkAbort } from '../../linkAbort';
import { HistoryEmbedder, type EmbeddingRun } from './historyEmbedder';
import { QuestionMeanings } from './questionMeanings';
import type { EmbeddingSource, EmbeddingState, Meaning, VectorStore } from './vectorStore';

/** The model that the settings choose. */
export interface ChosenEmbedding {
  readonly source: EmbeddingSource;
  /** Of this name, at the same endpoint. */
  readonly modelNamed: (name: string) => EmbeddingModel;
}

export interface EmbeddingStatus {
  readonly state: 'idle' | 'running' | 'stopped';
  /** Turns of the workspace, and how many are embedded; undefined where that is not known. */
  readonly turns?: number;
  readonly embedded?: number;
}

export interface EmbeddingsOptions {
  /** Undefined where no model is chosen. */
  readonly chosen: () => Promise<ChosenEmbedding | undefined>;
  /** Of the history in use; undefined where nothing is stored. */
  readonly store: () => VectorStore | undefined;
  /** Takes secrets out of a question, which goes to another endpoint than its prompt may. */
  readonly mask: (text: string) => Promise<string>;
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly changed: (status: EmbeddingStatus) => void;
  /** Words alone answer, and why: told once, and again only after it went well in between. */
  readonly fellBack: (error: ModelError) => void;
  /** What is no fault of the endpoint. */
  readonly failed: (error: unknown) => void;
}

/** From the end of a turn to when it is embedded: what follows it at once goes with it. Milliseconds. */
const settleMs = 1_000;
const mostBusyMs = 60_000;
/** How far it is is counted so often at most. Milliseconds. */
const tellMs = 500;

/**
 * Embeddings of one history: made in the background, and asked for questions. Nothing waits for them: where they cannot be
 * had, words alone answer.
 */
export class Embeddings {
  readonly #options: EmbeddingsOptions;
  readonly #questions: QuestionMeanings;
  #running: { readonly controller: AbortController; readonly done: Promise<unknown> } | undefined;
  #due = false;
  #stopped = false;
  #disposed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isTold = false;

  constructor(options: EmbeddingsOptions) {
    this.#options = options;
    this.#questions = new QuestionMeanings({
      health: (error) => this.#health(error),
      stateOf: (source) => options.store()?.state(source),
      mask: options.mask,
      failed: options.failed,
    });
  }

  /** There may be something to embed. */
  soon(delayMs = settleMs): void {
    if (this.#disposed || this.#stopped) return;
    if (this.#running) {
      this.#due = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#runInBackground(), delayMs);
  }

  /** Another model, or none, may have been chosen. */
  async reset(): Promise<void> {
    await this.#halt();
    this.#stopped = false;
    this.#isTold = false;
    this.#questions.forget();
    this.soon();
  }

  /**
   * Embeds all that is stored, and waits for it.
   * @throws InputError `nothing-to-embed`; ModelError, what the endpoint says; HistoryError
   */
  async embedAll(
    signal?: AbortSignal,
    progress?: (state: EmbeddingState) => void,
  ): Promise<EmbeddingRun & Pick<EmbeddingState, 'turns'>> {
    const { chosen: choose, store: storeOf } = this.#options;
    await this.#halt();
    this.#stopped = false;
    const [chosen, store] = [await choose(), storeOf()];
    if (!chosen || !store) {
      const message = chosen
        ? 'Nothing is stored, so there is nothing to embed: choose a stored strategy in "throughline.memory.strategy".'
        : 'No embedding model is chosen: set "throughline.embeddings.model".';
      throw new InputError({ reason: 'nothing-to-embed', message });
    }
    const controller = new AbortController();
    const unlink = linkAbort(signal, controller);
    try {
      const run = await this.#run(chosen, store, controller, { patient: false, progress });
      const { turns } = await store.state(chosen.source);
      return { ...run, turns };
    } finally {
      unlink();
      if (this.#due) this.soon();
    }
  }

  /** Until it is asked for again, or another model is chosen. @returns whether it was running */
  async stop(): Promise<boolean> {
    this.#stopped = true;
    const was = this.#running !== undefined;
    await this.#halt();
    this.#options.changed({ state: 'stopped' });
    return was;
  }

  /** What a question means; undefined where that cannot be had in so many milliseconds. Never rejects. */
  async meaningOf(query: string, patienceMs: number): Promise<Meaning | undefined> {
    try {
      const chosen = await this.#options.chosen();
      return chosen && (await this.#questions.of(query, chosen, patienceMs));
    } catch (error) {
      this.#options.failed(error);
      return undefined;
    }
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#halt();
  }

  async #halt(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running?.controller.abort();
    await this.#running?.done.catch(() => undefined);
  }

  /** Also while it runs. */
  #isDue(): boolean {
    return this.#due;
  }

  async #runInBackground(): Promise<void> {
    const { chosen: choose, store: storeOf, failed, now } = this.#options;
    try {
      const [chosen, store] = [await choose(), storeOf()];
      if (!chosen || !store || this.#running || this.#disposed || this.#stopped) return;
      this.#due = false;
      const run = await this.#run(chosen, store, new AbortController(), { patient: true });
      if (run.outcome === 'busy')
        this.soon(Math.min(mostBusyMs, Math.max(settleMs, (run.busyUntil ?? 0) - now())));
      else if (this.#isDue()) this.soon();
    } catch (error) {
      // What is the endpoint's fault has been told.
      if (!(error instanceof ModelError)) failed(error);
    }
  }

  async #run(
    { source, modelNamed }: ChosenEmbedding,
    store: VectorStore,
    controller: AbortController,
    {
      patient,
      progress,
    }: { readonly patient: boolean; readonly progress?: ((state: EmbeddingState) => void) | undefined },
  ): Promise<EmbeddingRun> {
    const { owner, sleep, changed } = this.#options;
    let told = -Infinity;
    const tell = async (): Promise<void> => {
      if (performance.now() - told < tellMs) return;
      told = performance.now();
      const state = await store.state(source);
      this.#questions.learn(source, state);
      progress?.(state);
      changed({ state: 'running', turns: state.turns, embedded: state.embedded });
    };
    const embedder = new HistoryEmbedder({
      store,
      source,
      model: modelNamed(source.name),
      owner,
      progress: tell,
      health: (error) => this.#health(error),
      sleep,
    });
    const done = embedder.run(controller.signal, { patient });
    this.#running = { controller, done };
    try {
      return await done;
    } finally {
      this.#running = undefined;
      this.#questions.forgetStates();
      changed({ state: this.#stopped ? 'stopped' : 'idle' });
    }
  }

  #health(error: ModelError | undefined): void {
    if (error === undefined) {
      this.#isTold = false;
      this.#questions.well();
    } else if (!this.#isTold && !isAbort(error)) {
      this.#isTold = true;
      this.#options.fellBack(error);
    }
  }
}
