import * as vscode from 'vscode';
import { reasonOf } from '../../../core/errors';
import { shownTitle } from '../../../core/shownTitle';
import { fireOpen } from '../openDocuments';

/** Shows something of the history as a read-only JSON document, made anew each time it is opened, or the history changes. */
export class HistoryDocument implements vscode.TextDocumentContentProvider {
  readonly #scheme: string;
  readonly #read: (id: string) => Promise<unknown>;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  constructor(scheme: string, read: (id: string) => Promise<unknown>) {
    this.#scheme = scheme;
    this.#read = read;
  }

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(this.#scheme, this),
      this.#changed,
    );
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    try {
      return `${JSON.stringify(await this.#read(uri.query), null, 2)}\n`;
    } catch (error) {
      // Else what is open would go on showing what was deleted.
      if (reasonOf(error) === 'not-found') return 'null\n';
      throw error;
    }
  }

  /** What is open shows what there is now. */
  refresh(): void {
    fireOpen(this.#scheme, this.#changed);
  }

  async open({ id, title }: { readonly id: string; readonly title: string }): Promise<void> {
    const name =
      shownTitle(title)
        .replace(/[/\\?#%]+/g, ' ')
        .replace(/[.\s]+$/, '')
        .trim() || 'session';
    const uri = vscode.Uri.from({ scheme: this.#scheme, path: `/${name}.json`, query: id });
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }
}
