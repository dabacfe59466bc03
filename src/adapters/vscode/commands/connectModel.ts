import * as vscode from 'vscode';
import { openaiBaseUrl } from '../../models/modelSource';
import { ownVendor } from '../../models/vscodeChatModel';

interface ConnectItem extends vscode.QuickPickItem {
  readonly run: () => Promise<void>;
}

export interface ConnectModelOptions {
  readonly setApiKey: () => Promise<void>;
}

/** Walks the person through connecting a model. What is chosen goes into the user's settings. */
export async function connectModel({ setApiKey }: ConnectModelOptions): Promise<void> {
  const items: readonly ConnectItem[] = [
    {
      label: '$(cloud) OpenAI',
      detail: 'Needs an API key from platform.openai.com.',
      run: async () => {
        if (await chooseEndpoint(openaiBaseUrl, 'gpt-4.1-mini')) await setApiKey();
      },
    },
    {
      label: '$(vm) Ollama',
      detail: 'Runs on this machine: http://localhost:11434. No key.',
      run: async () => {
        await chooseEndpoint('http://localhost:11434/v1', 'qwen3');
      },
    },
    {
      label: '$(plug) Another OpenAI-compatible endpoint',
      detail: 'llama.cpp, LM Studio, vLLM, Groq, DeepSeek, OpenRouter …',
      run: async () => {
        const baseUrl = await vscode.window.showInputBox({
          title: 'Base URL',
          placeHolder: 'https://host/v1',
          ignoreFocusOut: true,
          validateInput: (value) =>
            isHttpUrl(value) ? undefined : 'An http or https address, please, mostly ending in /v1.',
        });
        if (baseUrl !== undefined && (await chooseEndpoint(baseUrl.trim(), ''))) await setApiKey();
      },
    },
    {
      label: '$(vscode) A model of VS Code',
      detail: 'For example through GitHub Copilot.',
      run: chooseVscodeModel,
    },
    {
      label: '$(circuit-board) The built-in model',
      detail: 'Needs nothing: arithmetic and memory, here on this machine.',
      run: () => write({ provider: 'builtIn' }),
    },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Connect a model',
    placeHolder: 'Which model shall answer?',
  });
  await picked?.run();
}

async function chooseEndpoint(baseUrl: string, suggestion: string): Promise<boolean> {
  const name = await vscode.window.showInputBox({
    title: `Model of ${baseUrl}`,
    prompt: 'The model’s name as the endpoint knows it.',
    value: suggestion,
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? 'A name, please.' : undefined),
  });
  if (name === undefined) return false;
  await write({ provider: 'openai', baseUrl, name: name.trim() });
  return true;
}

async function chooseVscodeModel(): Promise<void> {
  const models = (await vscode.lm.selectChatModels()).filter(({ vendor }) => vendor !== ownVendor);
  if (models.length === 0) {
    void vscode.window.showInformationMessage(
      'VS Code has no language model yet. Sign in to GitHub Copilot, or install an extension that brings models.',
    );
    return;
  }
  const picked = await vscode.window.showQuickPick(
    models.map(({ id, name, vendor }) => ({ label: name, description: vendor, id })),
    { title: 'Model of VS Code' },
  );
  if (picked) await write({ provider: 'vscode', name: picked.id });
}

async function write(chosen: { provider: string; baseUrl?: string; name?: string }): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('throughline.model');
  for (const [key, value] of Object.entries(chosen)) {
    await configuration.update(key, value, vscode.ConfigurationTarget.Global);
  }
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value.trim()) && /^https?:$/.test(new URL(value.trim()).protocol);
}
