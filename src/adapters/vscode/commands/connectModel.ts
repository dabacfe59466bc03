import * as vscode from 'vscode';
import { isLocalEndpoint, withoutUserinfo } from '../../../core/endpoint';
import { basicKey } from '../../models/authorization';
import { listModels, type ListedModels } from '../../models/listModels';
import { openaiBaseUrl } from '../../models/modelSource';
import { readAddress } from '../../models/openai/address';
import type { ApiKeys } from '../apiKeys';
import { plainLabel, plainText } from '../plainText';
import { ownVendor } from '../../models/vscodeChatModel';

interface ConnectItem extends vscode.QuickPickItem {
  readonly run: () => Promise<void>;
}

interface ConnectModelOptions {
  readonly storedKey: (baseUrl: string) => Promise<string | undefined>;
  readonly storeKey: (baseUrl: string, key: string) => Promise<void>;
}

/** Walks the person through connecting a model. What is chosen goes into the user's settings, all of it or nothing. */
export async function connectModel(keys: Pick<ApiKeys, 'get' | 'set'>): Promise<void> {
  const options: ConnectModelOptions = {
    storedKey: (baseUrl) => keys.get({ baseUrl, chosen: true }),
    storeKey: (baseUrl, key) => keys.set(key, { baseUrl, chosen: true }),
  };
  const items: readonly ConnectItem[] = [
    {
      label: '$(cloud) OpenAI',
      detail: 'Needs an API key from platform.openai.com.',
      run: () => chooseEndpoint(openaiBaseUrl, options),
    },
    {
      label: '$(vm) Ollama',
      detail: 'Runs on this machine: http://localhost:11434. No key.',
      run: () => chooseEndpoint('http://localhost:11434/v1', options),
    },
    {
      label: '$(plug) Another OpenAI-compatible endpoint',
      detail: 'llama.cpp, LM Studio, vLLM, Groq, DeepSeek, OpenRouter …',
      run: async () => {
        const baseUrl = await vscode.window.showInputBox({
          title: 'Base URL',
          value: withoutUserinfo(
            vscode.workspace.getConfiguration('throughline.model').get<string>('baseUrl', ''),
          ),
          placeHolder: 'https://host/v1',
          ignoreFocusOut: true,
          validateInput: (value) =>
            isHttpUrl(value) ? undefined : 'An http or https address, please, mostly ending in /v1.',
        });
        if (baseUrl !== undefined) await chooseEndpoint(baseUrl.trim(), options);
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

/** A user and password in the address are kept as its key: the settings are no place for them, and are shown. */
async function chooseEndpoint(address: string, options: ConnectModelOptions): Promise<void> {
  const baseUrl = withoutUserinfo(address);
  const { credentials } = readAddress(address);
  const stored = await options.storedKey(baseUrl);
  const key = credentials !== '' ? basicKey(credentials) : await chooseKey(baseUrl, stored !== undefined);
  if (key === undefined) return;
  const title = `Asking ${baseUrl} which models it has…`;
  const listed = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title },
    () => listModels(baseUrl, key === '' ? stored : key),
  );
  const name =
    listed.ok && listed.names.length > 0
      ? await pickName(baseUrl, listed.names)
      : await typeName(baseUrl, listed);
  if (name === undefined) return;
  if (key !== '') await options.storeKey(baseUrl, key);
  await write({ provider: 'openai', baseUrl, name });
  const done = listed.ok
    ? `Connected: ${name} of ${baseUrl} answers from now on.`
    : `${name} of ${baseUrl} is set, but ${listed.why}.`;
  const moved =
    credentials === '' ? '' : ' User and password are in VS Code’s secret storage, not in the settings.';
  void vscode.window.showInformationMessage(plainText(done + moved));
}

async function chooseKey(baseUrl: string, stored: boolean): Promise<string | undefined> {
  if (isLocalEndpoint(baseUrl)) return '';
  return vscode.window.showInputBox({
    title: `API key of ${baseUrl}`,
    prompt: `Kept in VS Code’s secret storage, and sent to this endpoint alone. Leave it empty ${stored ? 'to keep the one that is stored' : 'if it needs none'}.`,
    password: true,
    ignoreFocusOut: true,
  });
}

async function pickName(baseUrl: string, names: readonly string[]): Promise<string | undefined> {
  const items = names.map((name) => ({ name, label: plainLabel(name) }));
  const picked = await vscode.window.showQuickPick(items, {
    title: `Model of ${baseUrl}`,
    placeHolder: 'Which one?',
  });
  return picked?.name;
}

async function typeName(baseUrl: string, listed: ListedModels): Promise<string | undefined> {
  const why = listed.ok ? 'It names no models.' : `Its models cannot be listed: ${listed.why}.`;
  const name = await vscode.window.showInputBox({
    title: `Model of ${baseUrl}`,
    prompt: `${why} Type the model’s name as the endpoint knows it.`,
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? 'A name, please.' : undefined),
  });
  return name?.trim();
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
    models.map(({ id, name, vendor }) => ({ label: plainLabel(name), description: vendor, id })),
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
