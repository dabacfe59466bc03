import type { ModelRequest } from '../../../src/core/chatModel';
import type { Message } from '../../../src/core/message';
import type { Tool } from '../../../src/core/tools/tool';
import type { Exchange } from '../../support/recordings';

interface WireTool {
  readonly function: {
    readonly name: string;
    readonly description?: string;
    readonly parameters?: Record<string, unknown>;
  };
}

export function toolsOf({ request }: Exchange): ModelRequest['tools'] {
  return ((request.tools as WireTool[] | undefined) ?? []).map(({ function: tool }) => ({
    name: tool.name,
    description: tool.description ?? '',
    parameters: tool.parameters ?? {},
  }));
}

/** Tools that answer what the recorded conversation's own tools answered. */
export function recordedTools(exchanges: readonly Exchange[]): readonly Tool[] {
  const messages = exchanges.flatMap(({ request }) => request.messages as Message[]);
  const calls = messages.flatMap(({ tool_calls }) => tool_calls ?? []);
  const resultOf = (name: string): string => {
    const call = calls.find((made) => made.function.name === name);
    const result: unknown = messages.find(({ tool_call_id }) => call && tool_call_id === call.id)?.content;
    return typeof result === 'string' ? result : JSON.stringify(result ?? 'done');
  };
  const definitions = new Map(exchanges.flatMap(toolsOf).map((tool) => [tool.name, tool]));
  return [...definitions.values()].map((definition) => ({
    definition,
    reach: [],
    run: () => Promise.resolve(resultOf(definition.name)),
  }));
}
