import * as vscode from 'vscode';

const scheme = 'throughline-history';

/** Shows a session as a read-only JSON document, made anew each time it is opened. */
export class HistoryDocument implements vscode.TextDocumentContentProvider {
  readonly #read: (sessionId: string) => Promise<unknown>;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  constructor(read: (sessionId: string) => Promise<unknown>) {
    this.#read = read;
  }

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      this.#changed,
    );
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    return `${JSON.stringify(await this.#read(uri.query), null, 2)}\n`;
  }

  async open(sessionId: string, title: string): Promise<void> {
    const name = title.replace(/[/\\?#%]+/g, ' ').trim() || 'session';
    const uri = vscode.Uri.from({ scheme, path: `/${name}.json`, query: sessionId });
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }
}
