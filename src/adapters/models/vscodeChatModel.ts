import * as vscode from 'vscode';
import type { ChatModel, ModelPart, ModelRequest } from '../../core/chatModel';
import { ModelError, type ModelErrorReason } from '../../core/errors';
import { toVscodeMessages, toVscodeTools } from '../vscode/languageModelMessages';

/** Our own vendor: left out, or our provider would answer through itself. */
export const ownVendor = 'throughline';

/** A model that VS Code provides (https://code.visualstudio.com/api/extension-guides/ai/language-model). */
export class VscodeChatModel implements ChatModel {
  readonly id: string;
  readonly label: string;
  readonly maxInputTokens: number;
  readonly #model: vscode.LanguageModelChat;

  constructor(model: vscode.LanguageModelChat) {
    this.#model = model;
    this.id = model.id;
    this.label = model.name;
    this.maxInputTokens = model.maxInputTokens;
  }

  async *stream({ messages, tools }: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelPart> {
    const source = new vscode.CancellationTokenSource();
    const cancel = (): void => source.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      signal.throwIfAborted();
      const response = await this.#model.sendRequest(
        toVscodeMessages(messages),
        {
          tools: toVscodeTools(tools),
          justification: 'Throughline answers your prompt with the model you chose.',
        },
        source.token,
      );
      let called = false;
      for await (const part of response.stream) {
        signal.throwIfAborted();
        if (part instanceof vscode.LanguageModelTextPart) yield { type: 'text-delta', text: part.value };
        else if (part instanceof vscode.LanguageModelToolCallPart) {
          called = true;
          const { callId: id, name, input } = part;
          yield {
            type: 'tool-call',
            call: { id, type: 'function', function: { name, arguments: JSON.stringify(input) } },
          };
        }
      }
      yield { type: 'finish', reason: called ? 'tool-calls' : 'stop' };
    } catch (error) {
      throw signal.aborted ? new DOMException('Stopped', 'AbortError') : asModelError(error);
    } finally {
      signal.removeEventListener('abort', cancel);
      source.dispose();
    }
  }
}

function asModelError(cause: unknown): ModelError {
  const reasons: Readonly<Record<string, ModelErrorReason>> = {
    NoPermissions: 'unauthorized',
    Blocked: 'content-filtered',
    NotFound: 'unknown-model',
  };
  const code = cause instanceof vscode.LanguageModelError ? cause.code : '';
  const serverMessage = cause instanceof Error ? cause.message.slice(0, 300) : '';
  return new ModelError({ reason: reasons[code] ?? 'server-error', cause, serverMessage });
}

/**
 * A model of VS Code's by id or family, any if `name` is ''. Never one of ours.
 * @throws ModelError `no-model`
 */
export async function selectVscodeModel(name: string): Promise<VscodeChatModel> {
  const all = (await vscode.lm.selectChatModels()).filter((model) => model.vendor !== ownVendor);
  const model =
    name === '' ? all[0] : (all.find(({ id }) => id === name) ?? all.find(({ family }) => family === name));
  if (model) return new VscodeChatModel(model);
  const known = all.map(({ id }) => id).join(', ');
  throw new ModelError({
    reason: 'no-model',
    message:
      name === '' || all.length === 0
        ? 'VS Code has no language model.'
        : `VS Code has no model "${name}". It has: ${known}.`,
  });
}
