import type { ContextHostMessage, ContextPanelMessage } from '../../protocol/context';
import { contextModel, reduceContext, type ContextModel, type Look, type PanelAction } from './contextModel';

/** While somebody types, the host is asked when typing pauses. In milliseconds. */
const pause = 250;

export interface ContextStoreOptions {
  readonly look: Look;
  readonly post: (message: ContextPanelMessage) => void;
  readonly keep: (look: Look) => void;
}

/** Holds the model, and tells the host what the panel looks at whenever that changes. */
export class ContextStore {
  readonly #options: ContextStoreOptions;
  readonly #listeners = new Set<(model: ContextModel) => void>();
  #model: ContextModel;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ContextStoreOptions) {
    this.#options = options;
    this.#model = contextModel(options.look);
  }

  get model(): ContextModel {
    return this.#model;
  }

  receive(message: ContextHostMessage): void {
    this.#apply(message, 0);
  }

  dispatch(action: PanelAction): void {
    this.#apply(action, action.type === 'prompt-typed' || action.type === 'choice-tried' ? pause : 0);
  }

  /** @returns the unsubscription. */
  subscribe(listener: (model: ContextModel) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #apply(event: ContextHostMessage | PanelAction, delay: number): void {
    const before = this.#model;
    this.#model = reduceContext(before, event);
    if (this.#model.look !== before.look) this.#options.keep(this.#model.look);
    if (this.#model.n !== before.n) this.#lookAfter(delay);
    for (const listener of this.#listeners) listener(this.#model);
  }

  #lookAfter(delay: number): void {
    clearTimeout(this.#timer);
    const look = (): void => {
      const { look: now, n } = this.#model;
      this.#options.post({ type: 'look', n, ...now });
    };
    if (delay === 0) look();
    else this.#timer = setTimeout(look, delay);
  }
}
