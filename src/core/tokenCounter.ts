import type { ToolDefinition } from './chatModel';
import type { Message } from './message';

/** Counts what text costs a model, in tokens. Estimates err on the high side. */
export interface TokenCounter {
  text(text: string): number;
  message(message: Message): number;
  tools(tools: readonly ToolDefinition[]): number;
}

/** Of a message beyond its text: role and separators (OpenAI's cookbook counts 3, and 1 for a name). */
const messageOverhead = 4;

/** CJK, kana, hangul and emoji: close to one token a character in o200k_base. */
const dense =
  /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]|\p{Extended_Pictographic}/gu;

function estimate(text: string): number {
  const denseCount = text.match(dense)?.length ?? 0;
  return Math.ceil(denseCount + (text.length - denseCount) / 3.7);
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
    text: estimate,
    message: (message) =>
      once(message, () => {
        const calls = message.tool_calls ? estimate(JSON.stringify(message.tool_calls)) : 0;
        return messageOverhead + estimate(message.content) + calls;
      }),
    tools: (tools) => (tools.length === 0 ? 0 : once(tools, () => estimate(JSON.stringify(tools)))),
  };
}
