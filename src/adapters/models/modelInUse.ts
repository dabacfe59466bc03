import type { ChatModel } from '../../core/chatModel';
import { contextWindowOf, type ContextWindow } from '../../core/tokens/contextWindow';
import type { ContextWindows, ModelPlace } from './contextWindows';

export interface ModelInUseOptions {
  /** The chosen model. */
  readonly model: () => Promise<ChatModel>;
  /** Where it is asked for; undefined where that is no endpoint that could tell what it takes. */
  readonly place: () => Promise<ModelPlace | undefined>;
  readonly windows: ContextWindows;
  /** A limit became known that was not. */
  readonly changed: () => void;
}

/** The model last asked for, and what is known of it by now: what is needed while a request is being built. */
export class ModelInUse {
  readonly #options: ModelInUseOptions;
  #model: ChatModel | undefined;
  #told: { readonly modelId: string; readonly tokens: number | undefined } | undefined;

  constructor(options: ModelInUseOptions) {
    this.#options = options;
  }

  /** @throws ModelError `no-model` */
  async model(): Promise<ChatModel> {
    const model = await this.#options.model();
    if (model.id !== this.#model?.id) {
      this.#model = model;
      void this.#ask(model);
    }
    return model;
  }

  /** '' before it was first asked for. */
  get id(): string {
    return this.#model?.id ?? '';
  }

  /** @param setting what the user allows */
  contextWindow(setting: number): ContextWindow {
    const told = this.#told?.modelId === this.#model?.id ? this.#told?.tokens : undefined;
    return contextWindowOf({ setting, told: this.#model?.maxInputTokens ?? told, modelName: this.id });
  }

  async #ask(model: ChatModel): Promise<void> {
    const { place, windows, changed } = this.#options;
    const at = model.maxInputTokens === undefined ? await place() : undefined;
    const tokens = at && (await windows.told(at));
    this.#told = { modelId: model.id, tokens };
    if (tokens !== undefined) changed();
  }
}
