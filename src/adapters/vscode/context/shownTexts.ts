import type { ToolDefinition } from '../../../core/chatModel';
import { cutMark } from '../../../core/context/carried';
import type { Message } from '../../../core/message';
import type { ShownText } from '../../../protocol/context';

/** Messages as they are sent, to be read. */
export function shownTexts(messages: readonly Message[]): ShownText[] {
  return messages.map(({ role, content, tool_calls: calls = [] }) => ({
    role,
    content,
    ...(content.endsWith(cutMark) && { cutAt: content.length - cutMark.length }),
    ...(calls.length > 0 && {
      calls: calls.map(({ function: { name, arguments: given } }) => ({ name, arguments: given })),
    }),
  }));
}

export function definitionTexts(tools: readonly ToolDefinition[]): ShownText[] {
  return tools.map((tool) => ({ role: 'definition', content: JSON.stringify(tool, null, 2) }));
}
