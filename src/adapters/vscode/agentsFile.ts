import * as vscode from 'vscode';
import type { Instruction } from '../../core/context/context';

/** More of it is cut: it goes with each request. In characters. */
const longest = 32_000;
const name = 'AGENTS.md';

/**
 * The instructions for agents that a workspace brings along (https://agents.md): the file at the root of each folder.
 * Followed only in a trusted workspace, as whoever wrote it steers the model.
 */
export class AgentsFile implements vscode.Disposable {
  readonly #watcher: vscode.FileSystemWatcher;
  readonly #subscriptions: readonly vscode.Disposable[];
  #texts: Promise<readonly Instruction[]> | undefined;
  #known: readonly Instruction[] = [];

  constructor(changed: () => void) {
    this.#watcher = vscode.workspace.createFileSystemWatcher(`**/${name}`);
    const again = (): void => {
      this.#texts = undefined;
      void this.load().then(changed);
    };
    this.#subscriptions = [
      this.#watcher,
      this.#watcher.onDidChange(again),
      this.#watcher.onDidCreate(again),
      this.#watcher.onDidDelete(again),
      vscode.workspace.onDidChangeWorkspaceFolders(again),
      vscode.workspace.onDidGrantWorkspaceTrust(again),
    ];
  }

  /** As last read: see `load`. */
  get instructions(): readonly Instruction[] {
    return vscode.workspace.isTrusted ? this.#known : [];
  }

  /** Reads the files unless they have been. Never rejects. */
  async load(): Promise<void> {
    this.#texts ??= Promise.all((vscode.workspace.workspaceFolders ?? []).map(readIn)).then((found) =>
      found.filter((instruction) => instruction !== undefined),
    );
    this.#known = await this.#texts;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

async function readIn(folder: vscode.WorkspaceFolder): Promise<Instruction | undefined> {
  if (!vscode.workspace.isTrusted) return undefined;
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder.uri, name));
    const whole = new TextDecoder().decode(bytes).trim();
    if (whole === '') return undefined;
    const text =
      whole.length > longest ? `${whole.slice(0, longest)}\n[… the rest of the file is cut]` : whole;
    const reason = `${name} of ${folder.name}${text === whole ? '' : ', cut'} (setting "throughline.context.agentsFile")`;
    return { source: 'instructions', text, reason };
  } catch {
    return undefined;
  }
}
