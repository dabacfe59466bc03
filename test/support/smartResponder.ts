import { respond } from '../../src/core/builtIn/respond';
import type { ToolDefinition } from '../../src/core/chatModel';
import type { Message } from '../../src/core/message';
import { textAnswer, toolCallAnswer } from './modelAnswers';
import type { ModelAnswer, Responder } from './modelServer';

interface WireBody {
  readonly model: string;
  readonly messages: readonly (Omit<Message, 'content'> & { readonly content: string | null })[];
  readonly tools?: readonly { readonly function: ToolDefinition }[];
}

/**
 * A server whose model can calculate, remember and recall: it thinks as the built-in model does, and says so over the
 * wire of an OpenAI-compatible server, tool calls and usage included.
 */
export const smartResponder: Responder = ({ body }): ModelAnswer => {
  const { model, messages, tools = [] } = body as WireBody;
  const step = respond({
    messages: messages.map((message) => ({ ...message, content: message.content ?? '' })),
    tools: tools.map((tool) => tool.function),
  });
  const options = { model, usage: { prompt_tokens: JSON.stringify(messages).length, completion_tokens: 7 } };
  if (step.kind === 'answer') return textAnswer(step.text, options);
  const calls = step.calls.map(({ id, function: { name, arguments: args } }) => ({
    id,
    name,
    arguments: args,
  }));
  return toolCallAnswer(calls, options);
};
