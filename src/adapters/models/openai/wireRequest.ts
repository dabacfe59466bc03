import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { ModelRequest } from '../../../core/chatModel';
import type { Message, ToolCall } from '../../../core/message';
import { record } from './values';

export interface WireOptions {
  readonly model: string;
  /** Asks for usage; a few servers refuse to be asked. */
  readonly askUsage: boolean;
  /** What the model thought before these calls, to be sent back; undefined where nothing is. */
  readonly reasoningOf: (message: Message) => string | undefined;
}

/** The request as it goes over the wire: OpenAI's fields alone. */
export function wireRequest(
  request: ModelRequest,
  options: WireOptions,
): ChatCompletionCreateParamsStreaming {
  return {
    model: options.model,
    messages: request.messages.map((message) => wireMessage(message, options)),
    stream: true,
    ...(options.askUsage && { stream_options: { include_usage: true } }),
    ...(request.tools.length > 0 && {
      tools: request.tools.map(({ name, description, parameters }) => ({
        type: 'function' as const,
        function: { name, description, parameters },
      })),
    }),
  };
}

function wireMessage(message: Message, { reasoningOf }: WireOptions): ChatCompletionMessageParam {
  const { role, content, name } = message;
  switch (role) {
    case 'system':
    case 'user':
      return { role, content, ...(name !== undefined && { name }) };
    case 'tool':
      return { role, content, tool_call_id: message.tool_call_id ?? '' };
    case 'assistant': {
      const calls = message.tool_calls ?? [];
      if (calls.length === 0) return { role, content };
      const reasoning = reasoningOf(message);
      return {
        role,
        // Anthropic's and Google's compatible endpoints refuse empty text.
        content: content === '' ? null : content,
        tool_calls: calls.map(wireCall),
        ...(reasoning !== undefined && { reasoning_content: reasoning }),
      };
    }
  }
}

/**
 * llama.cpp, vLLM and Ollama refuse a whole history for one call whose arguments are no JSON object, so such arguments
 * go as the value of one.
 */
function wireCall({ id, function: { name, arguments: args } }: ToolCall): ToolCall {
  return { id, type: 'function', function: { name, arguments: asObject(args) } };
}

function asObject(args: string): string {
  if (args.trim() === '' || args.trim() === 'null') return '{}';
  try {
    if (record(JSON.parse(args))) return args;
  } catch {
    // Told to the model as it stands, below.
  }
  return JSON.stringify({ not_a_json_object: args });
}
