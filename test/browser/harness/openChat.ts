import { startVscode, type StartOptions, type Vscode } from '../../host/vscode.ts';
import { textAnswer } from '../../support/modelAnswers';
import { ModelServer as AnsweringServer } from '../../support/modelServer';
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

/** The same with a model that answers every prompt alike, and memory that recalls, however slow the machine is. */
export async function openRecallingChat(answer: string): Promise<OpenChat> {
  const server = await AnsweringServer.start(() => textAnswer(answer));
  const { vscode, sidebar } = await openChat({
    settings: {
      'throughline.model.baseUrl': server.baseUrl,
      'throughline.model.name': 'scripted',
      'throughline.memory.strategy': 'longTerm',
      'throughline.recall.deadlineMs': 60_000,
    },
  });
  const close = async (): Promise<void> => {
    await vscode.close();
    await server.close();
  };
  return { vscode: { ...vscode, close }, sidebar };
}
