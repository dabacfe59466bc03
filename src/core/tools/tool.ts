import * as z from 'zod/mini';
import type { ToolDefinition } from '../chatModel';
import { ToolError } from '../errors';
import type { Message } from '../message';
import '../zodLocale';

/** What a tool may touch beyond the conversation. Any of them is refused in an untrusted workspace. */
export type Reach = 'workspace' | 'terminal' | 'network';

export interface ToolContext {
  /** The turn that calls it; left out where another agent in VS Code does. */
  readonly sessionId?: string;
  readonly turnId?: string;
  readonly signal: AbortSignal;
  /** The turn's messages so far, the prompt first. */
  readonly turn?: () => readonly Message[];
  /** What of the past the turn's requests were given beside the conversation: recalled passages and facts. */
  readonly given?: () => readonly string[];
}

/** Something the agent can call. `run` gets the arguments as the model wrote them, parsed from JSON. */
export interface Tool {
  readonly definition: ToolDefinition;
  readonly reach: readonly Reach[];
  /** @returns the result the model reads. Rejects with ToolError, whose message the model reads instead. */
  run(args: unknown, context: ToolContext): Promise<string>;
}

/** Makes a tool from one schema, which both tells the model its parameters and checks what the model sends. */
export function defineTool<S extends z.ZodMiniType>(options: {
  readonly name: string;
  readonly description: string;
  readonly schema: S;
  readonly reach?: readonly Reach[];
  readonly run: (args: z.infer<S>, context: ToolContext) => Promise<string> | string;
}): Tool {
  const parameters = z.toJSONSchema(options.schema, { io: 'input' });
  delete parameters.$schema;
  return {
    definition: { name: options.name, description: options.description, parameters },
    reach: options.reach ?? [],
    async run(args, context) {
      const parsed = z.safeParse(options.schema, args);
      if (!parsed.success) {
        const message = `The arguments of ${options.name} do not fit: ${z.prettifyError(parsed.error)}`;
        throw new ToolError({ reason: 'bad-arguments', message });
      }
      return options.run(parsed.data, context);
    },
  };
}
