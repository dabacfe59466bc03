import { createOpenAIEmbeddingModel } from '../../src/adapters/models/openaiEmbeddingModel';
import { embeddingRequest, embeddingsAnswer, type EmbeddingRequest } from '../support/embeddings';
import { failure } from '../support/modelAnswers';
import { ModelServer, type ModelAnswer } from '../support/modelServer';
import { embeddingModelContract } from './embeddingModel.contract';

const refusesBase64 = (asked: EmbeddingRequest): ModelAnswer =>
  asked.encoding_format === 'base64'
    ? failure(400, { message: 'encoding_format: base64 is not supported' })
    : embeddingsAnswer(asked);

const servers = {
  'OpenAI-compatible': (asked: EmbeddingRequest) => embeddingsAnswer(asked),
  'a server that takes no heed of the format': (asked: EmbeddingRequest) =>
    embeddingsAnswer({ ...asked, encoding_format: 'float' }),
  'a server that refuses base64': refusesBase64,
};

for (const [name, answer] of Object.entries(servers)) {
  embeddingModelContract(name, async () => {
    const server = await ModelServer.start((request) => {
      const asked = embeddingRequest(request);
      return asked ? answer(asked) : failure(404, { message: 'not here' });
    });
    const model = createOpenAIEmbeddingModel({ baseUrl: server.baseUrl, model: 'scripted', retryDelays: [] });
    const breakDown = (): void => server.script(() => failure(500, { message: 'out of order' }));
    return { model, breakDown, close: () => server.close() };
  });
}
