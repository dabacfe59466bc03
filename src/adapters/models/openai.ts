/** The lazy part's only door: the composition root requires this file's bundle when a model is first needed. */
export { createOpenAIChatModel } from './openaiChatModel';
export { createOpenAIEmbeddingModel } from './openaiEmbeddingModel';
