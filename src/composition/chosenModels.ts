import { BuiltInChatModel } from '../adapters/models/builtInChatModel';
import { ContextWindows } from '../adapters/models/contextWindows';
import { ModelInUse } from '../adapters/models/modelInUse';
import { ModelSource, openaiBaseUrl, type ModelSourceOptions } from '../adapters/models/modelSource';
import { selectVscodeModel } from '../adapters/models/vscodeChatModel';
import type { ApiKeys, Endpoint } from '../adapters/vscode/apiKeys';
import type { Settings } from '../adapters/vscode/settings';

export interface ChosenModelsOptions extends Pick<ModelSourceOptions, 'openai'> {
  readonly settings: () => Settings;
  readonly keys: ApiKeys;
  /** A limit of the model in use became known. */
  readonly changed: () => void;
}

/** A part of the composition root: the chat models that the settings can choose, and the endpoint that they name. */
export function chosenModels({ settings, keys, openai, changed }: ChosenModelsOptions) {
  const endpoint = (): Endpoint => {
    const { baseUrl } = settings();
    return { baseUrl: baseUrl === '' ? openaiBaseUrl : baseUrl, chosen: baseUrl !== '' };
  };
  const builtIn = new BuiltInChatModel();
  const models = new ModelSource({
    choice: async () => {
      const { provider, baseUrl, modelName } = settings();
      return { provider, baseUrl, modelName, apiKey: await keys.get(endpoint()) };
    },
    builtIn,
    openai,
    vscode: selectVscodeModel,
  });
  const inUse = new ModelInUse({
    model: () => models.model(),
    place: () => models.endpointOf(),
    windows: new ContextWindows(),
    changed,
  });
  return { endpoint, builtIn, models, inUse };
}
