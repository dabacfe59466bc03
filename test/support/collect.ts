import type { ChatModel, ModelPart, ModelRequest } from '../../src/core/chatModel';
import type { Message, ToolCall } from '../../src/core/message';

export interface Collected {
  readonly parts: readonly ModelPart[];
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly ToolCall[];
  readonly finish: Extract<ModelPart, { type: 'finish' }> | undefined;
  /** What the stream rejected with. */
  readonly error: unknown;
}

/** Reads a model's answer to its end, whatever that is. */
export async function collect(
  model: ChatModel,
  request: ModelRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<Collected> {
  const parts: ModelPart[] = [];
  let error: unknown;
  try {
    for await (const part of model.stream(request, signal)) parts.push(part);
  } catch (thrown) {
    error = thrown;
  }
  return {
    parts,
    text: parts.flatMap((part) => (part.type === 'text-delta' ? [part.text] : [])).join(''),
    reasoning: parts.flatMap((part) => (part.type === 'reasoning-delta' ? [part.text] : [])).join(''),
    calls: parts.flatMap((part) => (part.type === 'tool-call' ? [part.call] : [])),
    finish: parts.find((part) => part.type === 'finish'),
    error,
  };
}

export function asks(text: string, earlier: readonly Message[] = []): ModelRequest {
  return { messages: [...earlier, { role: 'user', content: text }], tools: [] };
}
