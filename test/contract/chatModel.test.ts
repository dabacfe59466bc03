import { BuiltInChatModel } from '../../src/adapters/models/builtInChatModel';
import { createOpenAIChatModel } from '../../src/adapters/models/openaiChatModel';
import { ModelServer } from '../support/modelServer';
import { smartResponder } from '../support/smartResponder';
import { chatModelContract } from './chatModel.contract';

chatModelContract('built in', () =>
  Promise.resolve({ model: new BuiltInChatModel(), close: () => Promise.resolve() }),
);

chatModelContract('OpenAI-compatible', async () => {
  const server = await ModelServer.start(smartResponder);
  const model = createOpenAIChatModel({ baseUrl: server.baseUrl, model: 'smart' });
  return { model, close: () => server.close() };
});
