import type { HostMessage } from '../protocol/chat';
import { reduceHostMessage } from './reduceHostMessage';
import { reduceViewAction, type ViewAction } from './reduceViewAction';
import { emptyViewModel, type ViewModel } from './viewModel';

/** Holds the model. Host messages are folded once a frame, so that a fast stream costs one render a frame. */
export class ChatStore {
  readonly #nextFrame: (run: () => void) => void;
  readonly #listeners = new Set<(model: ViewModel) => void>();
  #waiting: HostMessage[] = [];
  #model = emptyViewModel;

  constructor(options: { readonly nextFrame: (run: () => void) => void }) {
    this.#nextFrame = options.nextFrame;
  }

  get model(): ViewModel {
    return this.#model;
  }

  receive(message: HostMessage): void {
    this.#waiting.push(message);
    if (this.#waiting.length === 1) this.#nextFrame(() => this.#fold());
  }

  dispatch(action: ViewAction): void {
    this.#fold();
    this.#show(reduceViewAction(this.#model, action));
  }

  /** @returns the unsubscription. */
  subscribe(listener: (model: ViewModel) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #fold(): void {
    const messages = this.#waiting;
    this.#waiting = [];
    this.#show(messages.reduce(reduceHostMessage, this.#model));
  }

  #show(model: ViewModel): void {
    if (model === this.#model) return;
    this.#model = model;
    for (const listener of this.#listeners) listener(model);
  }
}

/** A frame, or 100 ms where the window is in the background and draws none. */
export function nextFrame(run: () => void): void {
  const once = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    run();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, 100);
}
