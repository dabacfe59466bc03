/** A model that looks at something, and counts its looks: the host answers the newest. */
interface LookModel {
  readonly look: object;
  readonly n: number;
}

export interface LookStoreOptions<Model extends LookModel, Event> {
  readonly model: Model;
  readonly reduce: (model: Model, event: Event) => Model;
  /** Tells the host what is looked at. */
  readonly ask: (model: Model) => void;
  /** Keeps what is looked at for when the view was hidden. */
  readonly keep: (look: Model['look']) => void;
  /** For how long the host is not asked after the event, as somebody types. In milliseconds. */
  readonly pauseOf: (event: Event) => number;
}

/** Holds the model, and tells the host what the view looks at whenever that changes. */
export class LookStore<Model extends LookModel, Event> {
  readonly #options: LookStoreOptions<Model, Event>;
  readonly #listeners = new Set<(model: Model) => void>();
  #model: Model;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LookStoreOptions<Model, Event>) {
    this.#options = options;
    this.#model = options.model;
  }

  get model(): Model {
    return this.#model;
  }

  dispatch(event: Event): void {
    const before = this.#model;
    this.#model = this.#options.reduce(before, event);
    if (this.#model.look !== before.look) this.#options.keep(this.#model.look);
    if (this.#model.n !== before.n) this.#askAfter(this.#options.pauseOf(event));
    for (const listener of this.#listeners) listener(this.#model);
  }

  /** @returns the unsubscription. */
  subscribe(listener: (model: Model) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #askAfter(pause: number): void {
    clearTimeout(this.#timer);
    if (pause === 0) this.#options.ask(this.#model);
    else this.#timer = setTimeout(() => this.#options.ask(this.#model), pause);
  }
}
