import * as vscode from 'vscode';
import type { ToolDefinition } from '../../core/chatModel';
import type { Message, Role, ToolCall } from '../../core/message';

type RequestMessage = vscode.LanguageModelChatRequestMessage;

/**
 * Our messages in VS Code's terms. There is no stable system role
 * (https://code.visualstudio.com/api/extension-guides/ai/language-model), so a system message goes as a user's.
 */
export function toVscodeMessages(messages: readonly Message[]): vscode.LanguageModelChatMessage[] {
  return messages.map((message) => {
    const text = message.content === '' ? [] : [new vscode.LanguageModelTextPart(message.content)];
    switch (message.role) {
      case 'system':
      case 'user':
        return vscode.LanguageModelChatMessage.User(text);
      case 'assistant': {
        const calls = (message.tool_calls ?? []).map(
          ({ id, function: { name, arguments: args } }) =>
            new vscode.LanguageModelToolCallPart(id, name, toolInput(args)),
        );
        return vscode.LanguageModelChatMessage.Assistant([...text, ...calls]);
      }
      case 'tool': {
        const part = new vscode.LanguageModelToolResultPart(message.tool_call_id ?? '', [
          new vscode.LanguageModelTextPart(message.content),
        ]);
        return vscode.LanguageModelChatMessage.User([part]);
      }
    }
  });
}

/** VS Code's messages in ours. Parts that a text model cannot read are left out. */
export function fromVscodeMessages(messages: readonly RequestMessage[]): readonly Message[] {
  return messages.flatMap((message): Message[] => {
    const role = roleOf(message.role);
    const calls: ToolCall[] = [];
    const results: Message[] = [];
    let content = '';
    for (const part of message.content) {
      if (part instanceof vscode.LanguageModelTextPart) content += part.value;
      else if (part instanceof vscode.LanguageModelToolCallPart) {
        calls.push({
          id: part.callId,
          type: 'function',
          function: { name: part.name, arguments: JSON.stringify(part.input) },
        });
      } else if (part instanceof vscode.LanguageModelToolResultPart) {
        const text = part.content.map((item) =>
          item instanceof vscode.LanguageModelTextPart ? item.value : '',
        );
        results.push({ role: 'tool', content: text.join(''), tool_call_id: part.callId });
      }
    }
    if (content === '' && calls.length === 0) return results;
    return [...results, { role, content, ...(calls.length > 0 && { tool_calls: calls }) }];
  });
}

export function toVscodeTools(tools: readonly ToolDefinition[]): vscode.LanguageModelChatTool[] {
  return tools.map(({ name, description, parameters }) => ({ name, description, inputSchema: parameters }));
}

export function fromVscodeTools(
  tools: readonly vscode.LanguageModelChatTool[] = [],
): readonly ToolDefinition[] {
  return tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    parameters: (inputSchema ?? { type: 'object', properties: {} }) as Readonly<Record<string, unknown>>,
  }));
}

function roleOf(role: vscode.LanguageModelChatMessageRole): Role {
  const { User, Assistant } = vscode.LanguageModelChatMessageRole;
  // A third, proposed role is the system's.
  return (
    new Map<number, Role>([
      [User, 'user'],
      [Assistant, 'assistant'],
    ]).get(role) ?? 'system'
  );
}

/** What a model wrote as arguments may be no JSON; VS Code wants an object. */
export function toolInput(text: string): object {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    return typeof value === 'object' && value !== null ? value : { value };
  } catch {
    return { text };
  }
}
