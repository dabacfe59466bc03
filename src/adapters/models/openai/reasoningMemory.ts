import type { Message, ToolCall } from '../../../core/message';

const maxEntries = 200;

/**
 * Keeps, in memory only, what a model thought before it called tools. DeepSeek refuses a request whose tool calls come
 * without the `reasoning_content` they came with (https://api-docs.deepseek.com/guides/thinking_mode), and llama.cpp's
 * models do better with it. Where it is gone, for example after a reload, '' is accepted.
 */
export class ReasoningMemory {
  readonly #byCalls = new Map<string, string>();
  /** The server has said that it wants the field on every message with tool calls. */
  required = false;

  keep(calls: readonly ToolCall[], reasoning: string): void {
    if (calls.length === 0 || reasoning === '') return;
    this.#byCalls.set(keyOf(calls), reasoning);
    const [oldest] = this.#byCalls.keys();
    if (this.#byCalls.size > maxEntries && oldest !== undefined) this.#byCalls.delete(oldest);
  }

  readonly of = (message: Message): string | undefined =>
    this.#byCalls.get(keyOf(message.tool_calls ?? [])) ?? (this.required ? '' : undefined);
}

/** Not by id: an id that repeats is replaced in the history. */
function keyOf(calls: readonly ToolCall[]): string {
  return calls.map(({ function: { name, arguments: args } }) => `${name}(${args})`).join('\n');
}
