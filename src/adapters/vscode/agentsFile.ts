import * as vscode from 'vscode';
import { agentsFileName, AgentsInstructions, type AgentsFolder } from '../../core/context/agentsInstructions';

/** AgentsInstructions of the workspace that is open, read again where they may have changed. */
export class AgentsFile extends AgentsInstructions implements vscode.Disposable {
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(changed: () => void) {
    super({
      trusted: () => vscode.workspace.isTrusted,
      folders: () => (vscode.workspace.workspaceFolders ?? []).map(agentsFolder),
    });
    const watcher = vscode.workspace.createFileSystemWatcher(`**/${agentsFileName}`);
    const again = (): void => void this.reload().then(changed);
    this.#subscriptions = [
      watcher,
      watcher.onDidChange(again),
      watcher.onDidCreate(again),
      watcher.onDidDelete(again),
      vscode.workspace.onDidChangeWorkspaceFolders(again),
      vscode.workspace.onDidGrantWorkspaceTrust(again),
    ];
  }

  /**
   * Before a request: a file on this machine is read again, as its watcher may tell of a change only after the prompt.
   * Elsewhere reading may take long, and the watcher must do.
   */
  refresh(): Promise<void> {
    const isHere = (vscode.workspace.workspaceFolders ?? []).every(({ uri }) => uri.scheme === 'file');
    return isHere ? this.reload() : this.load();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

function agentsFolder({ name, uri }: vscode.WorkspaceFolder): AgentsFolder {
  return {
    name,
    read: async () => {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(uri, agentsFileName));
      return new TextDecoder().decode(bytes);
    },
  };
}
