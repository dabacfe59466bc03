import * as vscode from 'vscode';
import { isAbort } from '../../core/errors';
import { fitRecallResult } from '../../core/memory/fitRecallResult';
import type { MemoryStrategy } from '../../core/memory/memoryStrategy';
import { recallName, rememberName } from '../../core/tools/memoryTools';
import type { Tool } from '../../core/tools/tool';
import { abortSignalOf } from './abortSignal';

export interface LanguageModelToolsOptions {
  /** The tools of the memory that is in force. */
  readonly tools: () => Promise<readonly Tool[]>;
  readonly strategy: () => MemoryStrategy;
  readonly describe: (error: unknown) => { readonly message: string };
}

const nothingKept =
  'Throughline keeps nothing here, as its memory strategy is "none": there is nothing to recall, and nothing can be ' +
  'remembered. Its user can set "throughline.memory.strategy" to "workspace".';
const keptInWindow =
  'Throughline\'s memory strategy is "session": this is kept in memory alone, and gone when the window is reloaded.';

/** Other agents' way to the memory: `recall` and `remember`, as our own agent has them, as tools of VS Code. */
export function registerLanguageModelTools(options: LanguageModelToolsOptions): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.lm.registerTool('throughline_recall', new MemoryTool(recallName, options, preparedRecall)),
    vscode.lm.registerTool('throughline_remember', new MemoryTool(rememberName, options, preparedRemember)),
  );
}

type Prepare = (input: unknown) => vscode.PreparedToolInvocation;

/** One tool of ours for any agent in VS Code. What it remembers has no turn that it came from. */
export class MemoryTool implements vscode.LanguageModelTool<object> {
  readonly #name: string;
  readonly #options: LanguageModelToolsOptions;
  readonly #prepare: Prepare;

  constructor(name: string, options: LanguageModelToolsOptions, prepare: Prepare) {
    this.#name = name;
    this.#options = options;
    this.#prepare = prepare;
  }

  prepareInvocation({
    input,
  }: vscode.LanguageModelToolInvocationPrepareOptions<object>): vscode.PreparedToolInvocation {
    return this.#prepare(input);
  }

  async invoke(
    { input, tokenizationOptions }: vscode.LanguageModelToolInvocationOptions<object>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    const strategy = this.#options.strategy();
    if (strategy === 'none') throw new Error(nothingKept);
    const text = await this.#run(input, abortSignalOf(token));
    const notes = strategy === 'session' ? [keptInWindow] : [];
    return resultOf(await fitted(text, notes, tokenizationOptions, token));
  }

  async #run(input: object, signal: AbortSignal): Promise<string> {
    try {
      signal.throwIfAborted();
      const tool = (await this.#options.tools()).find(({ definition }) => definition.name === this.#name);
      if (!tool) throw new Error(nothingKept);
      const text = await tool.run(input, { signal });
      signal.throwIfAborted();
      return text;
    } catch (error) {
      if (isAbort(error) || signal.aborted) throw new vscode.CancellationError();
      throw new Error(this.#options.describe(error).message, { cause: error });
    }
  }
}

/** Within the tokens that the caller allows; what is left out for that is told. */
async function fitted(
  text: string,
  notes: readonly string[],
  budget: vscode.LanguageModelToolTokenizationOptions | undefined,
  token: vscode.CancellationToken,
): Promise<readonly string[]> {
  if (!budget) return [text, ...notes];
  const leftOutNote = 'More was found, and left out as it exceeds the tokens allowed: ask for less.';
  const fits = async (part: string): Promise<boolean> => {
    const all = [part, ...notes, leftOutNote].join('\n');
    return (await budget.countTokens(all, token)) <= budget.tokenBudget;
  };
  const result = await fitRecallResult(text, fits);
  return [result.text, ...notes, ...(result.leftOut > 0 ? [leftOutNote] : [])];
}

function resultOf(texts: readonly string[]): vscode.LanguageModelToolResult {
  return new vscode.LanguageModelToolResult(texts.map((text) => new vscode.LanguageModelTextPart(text)));
}

/** Reading is confirmed by nobody: VS Code asks before tools that change something. */
export function preparedRecall(input: unknown): vscode.PreparedToolInvocation {
  const query = fieldOf(input, 'query');
  const message = new vscode.MarkdownString('Searching the memory');
  if (query !== '') message.appendMarkdown(' for ').appendText(`“${query}”`);
  return { invocationMessage: message };
}

export function preparedRemember(input: unknown): vscode.PreparedToolInvocation {
  const text = new vscode.MarkdownString().appendText(fieldOf(input, 'text'));
  return {
    invocationMessage: 'Remembering a fact',
    confirmationMessages: {
      title: 'Remember this for later conversations in this workspace?',
      message: text,
    },
  };
}

/** The input fits the schema only once it is run. */
function fieldOf(input: unknown, name: string): string {
  const value: unknown =
    typeof input === 'object' && input !== null ? (input as Record<string, unknown>)[name] : '';
  return typeof value === 'string' ? value.slice(0, 2000) : '';
}
