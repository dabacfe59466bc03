import * as vscode from 'vscode';
import type { ChatModel } from '../../core/chatModel';
import type { Message } from '../../core/message';
import type { TokenCounter } from '../../core/tokenCounter';
import { abortSignalOf } from './abortSignal';
import { fromVscodeMessages, fromVscodeTools, toolInput } from './languageModelMessages';

export interface ModelProviderOptions {
  /** The model that the sidebar uses. */
  readonly model: () => Promise<ChatModel>;
  readonly onModelChange: (listener: () => void) => vscode.Disposable;
  readonly counter: TokenCounter;
  readonly maxTokens: () => number;
  /** The words for an error. */
  readonly describe: (error: unknown) => { readonly message: string };
}

/**
 * Offers the Session's model to VS Code's chat, plain and without memory, so that `@throughline` answers where VS Code
 * has no other model: without any model it never calls a participant.
 */
export class ModelProvider implements vscode.LanguageModelChatProvider {
  readonly #options: ModelProviderOptions;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeLanguageModelChatInformation = this.#changed.event;
  readonly #subscription: vscode.Disposable;

  constructor(options: ModelProviderOptions) {
    this.#options = options;
    this.#subscription = options.onModelChange(() => this.#changed.fire());
  }

  async provideLanguageModelChatInformation(): Promise<vscode.LanguageModelChatInformation[]> {
    const name = await this.#options.model().then(
      (model) => model.label,
      () => 'not connected',
    );
    const maxTokens = this.#options.maxTokens();
    const maxOutputTokens = Math.min(4096, Math.floor(maxTokens / 4));
    return [
      {
        id: 'session',
        name: `Throughline (${name})`,
        family: 'throughline',
        version: '1',
        tooltip: 'The model that Throughline is connected to. Ask @throughline for the one with memory.',
        maxInputTokens: maxTokens - maxOutputTokens,
        maxOutputTokens,
        capabilities: { toolCalling: true },
      },
    ];
  }

  async provideLanguageModelChatResponse(
    _model: vscode.LanguageModelChatInformation,
    messages: readonly vscode.LanguageModelChatRequestMessage[],
    options: vscode.ProvideLanguageModelChatResponseOptions,
    progress: vscode.Progress<vscode.LanguageModelResponsePart>,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const request = { messages: fromVscodeMessages(messages), tools: fromVscodeTools(options.tools) };
    try {
      const model = await this.#options.model();
      for await (const part of model.stream(request, abortSignalOf(token))) {
        if (part.type === 'text-delta') progress.report(new vscode.LanguageModelTextPart(part.text));
        else if (part.type === 'tool-call') {
          const { id, function: called } = part.call;
          progress.report(new vscode.LanguageModelToolCallPart(id, called.name, toolInput(called.arguments)));
        }
      }
    } catch (error) {
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      throw new Error(this.#options.describe(error).message, { cause: error });
    }
  }

  async provideTokenCount(
    _model: vscode.LanguageModelChatInformation,
    text: string | vscode.LanguageModelChatRequestMessage,
  ): Promise<number> {
    const { counter } = this.#options;
    const messages: readonly Message[] =
      typeof text === 'string' ? [{ role: 'user', content: text }] : fromVscodeMessages([text]);
    await counter.prepare(messages, []);
    if (typeof text === 'string') return counter.text(text);
    return messages.reduce((total, message) => total + counter.message(message), 0);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
