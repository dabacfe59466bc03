import type { ToolDefinition } from '../chatModel';
import type { Message } from '../message';

/** Of a message beyond its text: role and separators (OpenAI's cookbook counts 3, and 1 for the role). */
const perMessage = 4;
/** Of a call beyond name and arguments. Its id is no text that models see. */
const perCall = 8;

export function messageOverhead({ tool_calls }: Message): number {
  return perMessage + perCall * (tool_calls?.length ?? 0);
}

/** What of a message a model reads. */
export function messageText({ content, tool_calls }: Message): string {
  if (!tool_calls || tool_calls.length === 0) return content;
  const calls = tool_calls.map(({ function: { name, arguments: args } }) => `${name}\n${args}`);
  return [content, ...calls].join('\n');
}

export function toolsText(tools: readonly ToolDefinition[]): string {
  return JSON.stringify(tools);
}
