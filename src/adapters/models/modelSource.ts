import type { ChatModel } from '../../core/chatModel';
import { withoutUserinfo } from '../../core/endpoint';
import { ModelError } from '../../core/errors';
import type { ModelPlace } from './contextWindows';
import type { OpenAIChatModelOptions } from './openaiChatModel';

export interface ModelChoice {
  readonly provider: 'auto' | 'openai' | 'vscode' | 'builtIn';
  /** '' for OpenAI's own. */
  readonly baseUrl: string;
  /** '' for a default where there is one. */
  readonly modelName: string;
  /** For the endpoint of `baseUrl`. */
  readonly apiKey: string | undefined;
}

export interface ModelSourceOptions {
  readonly choice: () => Promise<ModelChoice>;
  readonly builtIn: ChatModel;
  /** Loads the client, which is heavy, when it is first needed. */
  readonly openai: () => (options: OpenAIChatModelOptions) => ChatModel;
  /** @throws ModelError `no-model` */
  readonly vscode: (name: string) => Promise<ChatModel>;
}

export const openaiBaseUrl = 'https://api.openai.com/v1';
const openaiModelName = 'gpt-4.1-mini';

/** The model that the settings choose, as they are now. */
export class ModelSource {
  readonly #options: ModelSourceOptions;
  #made: { readonly key: string; readonly model: ChatModel } | undefined;

  constructor(options: ModelSourceOptions) {
    this.#options = options;
  }

  /** @throws ModelError `no-model` where the choice is incomplete */
  async model(): Promise<ChatModel> {
    const choice = await this.#options.choice();
    switch (providerOf(choice)) {
      case 'builtIn':
        return this.#options.builtIn;
      case 'vscode':
        return this.#options.vscode(choice.modelName);
      case 'openai':
        return this.#endpoint(choice);
    }
  }

  /** What the faces show of the choice, without asking the model. */
  async shown(): Promise<{ readonly label: string; readonly builtIn: boolean }> {
    const choice = await this.#options.choice();
    switch (providerOf(choice)) {
      case 'builtIn':
        return { label: this.#options.builtIn.label, builtIn: true };
      case 'vscode':
        return { label: choice.modelName === '' ? 'VS Code model' : choice.modelName, builtIn: false };
      case 'openai':
        return { label: modelNameOf(choice) ?? 'no model chosen', builtIn: false };
    }
  }

  /** Where the chosen model is asked for; undefined where that is no endpoint. */
  async endpointOf(): Promise<ModelPlace | undefined> {
    const choice = await this.#options.choice();
    const modelName = providerOf(choice) === 'openai' ? modelNameOf(choice) : undefined;
    return modelName === undefined
      ? undefined
      : { baseUrl: baseUrlOf(choice), apiKey: choice.apiKey, modelName };
  }

  #endpoint(choice: ModelChoice): ChatModel {
    const model = modelNameOf(choice);
    if (model === undefined) {
      const message = `Which model of ${withoutUserinfo(choice.baseUrl)}? Set "throughline.model.name".`;
      throw new ModelError({ reason: 'no-model', message });
    }
    const { apiKey } = choice;
    const options = { baseUrl: baseUrlOf(choice), model, ...(apiKey !== undefined && { apiKey }) };
    const key = JSON.stringify(options);
    if (this.#made?.key !== key) this.#made = { key, model: this.#options.openai()(options) };
    return this.#made.model;
  }
}

function providerOf({
  provider,
  baseUrl,
  modelName,
  apiKey,
}: ModelChoice): Exclude<ModelChoice['provider'], 'auto'> {
  if (provider !== 'auto') return provider;
  return baseUrl !== '' || modelName !== '' || apiKey !== undefined ? 'openai' : 'builtIn';
}

function baseUrlOf({ baseUrl }: ModelChoice): string {
  return baseUrl === '' ? openaiBaseUrl : baseUrl;
}

function modelNameOf(choice: ModelChoice): string | undefined {
  if (choice.modelName !== '') return choice.modelName;
  return baseUrlOf(choice).startsWith('https://api.openai.com/') ? openaiModelName : undefined;
}
