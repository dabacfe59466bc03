import type { ToolDefinition } from '../chatModel';
import { ToolError, isAbort } from '../errors';
import type { ToolCall } from '../message';
import type { Tool, ToolContext } from './tool';

export interface ToolResult {
  /** What the model reads: the tool's result, or what went wrong. */
  readonly content: string;
  readonly failed: boolean;
}

/** The tools of an agent. Calling one never throws but for an abort: a failure is a result the model can act on. */
export class ToolRegistry {
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #trusted: () => boolean;

  constructor(tools: readonly Tool[], options: { readonly trusted: () => boolean }) {
    this.#tools = new Map(tools.map((tool) => [tool.definition.name, tool]));
    this.#trusted = options.trusted;
  }

  definitions(): readonly ToolDefinition[] {
    return [...this.#tools.values()].filter((tool) => this.#allowed(tool)).map((tool) => tool.definition);
  }

  async call(call: ToolCall, context: ToolContext): Promise<ToolResult> {
    try {
      return { content: await this.#run(call, context), failed: false };
    } catch (error) {
      if (isAbort(error) || context.signal.aborted) throw error;
      const message = error instanceof Error ? error.message : String(error);
      return { content: `Error: ${message}`, failed: true };
    }
  }

  async #run(call: ToolCall, context: ToolContext): Promise<string> {
    const { name, arguments: text } = call.function;
    const tool = this.#tools.get(name);
    if (!tool) {
      const known = [...this.#tools.keys()].join(', ');
      throw new ToolError({
        reason: 'unknown-tool',
        message: `There is no tool "${name}". Tools: ${known}.`,
      });
    }
    if (!this.#allowed(tool)) {
      const message = `"${name}" is off because this workspace is not trusted.`;
      throw new ToolError({ reason: 'untrusted', message });
    }
    return tool.run(parseArguments(name, text), context);
  }

  #allowed(tool: Tool): boolean {
    return tool.reach.length === 0 || this.#trusted();
  }
}

/** Models send '' or null for a call without arguments, and some wrap the object into a string once more. */
function parseArguments(name: string, text: string): unknown {
  if (text.trim() === '') return {};
  try {
    const once: unknown = JSON.parse(text);
    const value: unknown = typeof once === 'string' ? JSON.parse(once) : once;
    return value ?? {};
  } catch (cause) {
    const message = `The arguments of ${name} are not JSON: ${text.slice(0, 200)}`;
    throw new ToolError({ reason: 'bad-arguments', message, cause });
  }
}
