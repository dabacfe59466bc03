import type { ToolDefinition } from './chatModel';
import type { Message } from './message';
import { estimateTokens } from './tokens/estimateTokens';
import { messageOverhead, messageText, toolsText } from './tokens/countedText';

/**
 * Counts what a request costs a model, in tokens. Answers at once with what it has: a count, else an estimate, which is
 * as likely too low as too high. Whoever keeps a budget divides it by the model's margin (`Calibration.margin`).
 */
export interface TokenCounter {
  text(text: string): number;
  message(message: Message): number;
  /** What a request costs beyond its messages: the definitions, and whatever the server adds to it. */
  tools(tools: readonly ToolDefinition[]): number;
  /**
   * Counts what is only estimated so far, so that the next answers are counts. Never rejects: what cannot be counted
   * stays an estimate.
   */
  prepare(messages: readonly Message[], tools: readonly ToolDefinition[]): Promise<void>;
}

/** Counts by the script of the text: no tokenizer to load. */
export function estimatingTokenCounter(): TokenCounter {
  const counted = new WeakMap<object, number>();
  const once = (key: object, count: () => number): number => {
    const known = counted.get(key) ?? count();
    counted.set(key, known);
    return known;
  };
  return {
    text: estimateTokens,
    message: (message) =>
      once(message, () => messageOverhead(message) + estimateTokens(messageText(message))),
    tools: (tools) => (tools.length === 0 ? 0 : once(tools, () => estimateTokens(toolsText(tools)))),
    prepare: () => Promise.resolve(),
  };
}
