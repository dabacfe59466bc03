import { startVscode, type StartOptions, type Vscode } from '../../host/vscode.ts';
import { startModelServer, type ModelServer } from './modelServer';
import { Sidebar } from './sidebar';

export interface OpenChat {
  readonly vscode: Vscode;
  readonly sidebar: Sidebar;
}

/** A VS Code with the sidebar chat open, and the built-in model. */
export async function openChat(options: StartOptions = {}): Promise<OpenChat> {
  const vscode = await startVscode(options);
  const sidebar = new Sidebar(vscode.window);
  await sidebar.open();
  return { vscode, sidebar };
}

/** The same with a model that says what the test tells it to. Closing VS Code closes its server. */
export async function openScriptedChat({ settings, ...options }: StartOptions = {}): Promise<
  OpenChat & { readonly server: ModelServer }
> {
  const server = await startModelServer();
  const model = { 'throughline.model.baseUrl': server.baseUrl, 'throughline.model.name': 'scripted' };
  const { vscode, sidebar } = await openChat({ ...options, settings: { ...model, ...settings } });
  const close = async (): Promise<void> => {
    await vscode.close();
    await server.close();
  };
  return { server, vscode: { ...vscode, close }, sidebar };
}
