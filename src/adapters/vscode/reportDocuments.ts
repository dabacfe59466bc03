import * as vscode from 'vscode';

const scheme = 'throughline-report';
/** Older ones are closed long since. */
const mostKept = 20;

/** Shows reports as read-only Markdown documents, each as it was when it was made. */
export class ReportDocuments implements vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, string>();
  #count = 0;

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.query) ?? 'This report is no longer there.\n';
  }

  async open(title: string, text: string): Promise<void> {
    const id = String((this.#count += 1));
    this.#texts.set(id, text);
    this.#texts.delete(String(this.#count - mostKept));
    const uri = vscode.Uri.from({ scheme, path: `/${title}.md`, query: id });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }
}
