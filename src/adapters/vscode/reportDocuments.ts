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
    await showText(this.#added(title, text));
  }

  /**
   * As a page to be read, by VS Code's own Markdown preview; as text where that is switched off. For texts without words
   * of users or models alone: the preview may load pictures from the network.
   */
  async read(title: string, text: string): Promise<void> {
    const uri = this.#added(title, text);
    try {
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    } catch {
      await showText(uri);
    }
  }

  #added(title: string, text: string): vscode.Uri {
    const id = String((this.#count += 1));
    this.#texts.set(id, text);
    this.#texts.delete(String(this.#count - mostKept));
    return vscode.Uri.from({ scheme, path: `/${title}.md`, query: id });
  }
}

async function showText(uri: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
}
