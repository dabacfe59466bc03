import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { MemoryShow } from '../../../protocol/memory';
import { chatHtml } from '../chatHtml';
import { MemoryView, type MemoryViewOptions } from './memoryView';

export const memoryViewId = 'throughline.memory';

/** Gives VS Code the Memory view, each time anew: a hidden view's DOM is destroyed. */
export class MemoryViewProvider implements vscode.WebviewViewProvider {
  readonly #extensionUri: vscode.Uri;
  readonly #options: Omit<MemoryViewOptions, 'post'>;
  #shown: MemoryView | undefined;
  #show: Omit<MemoryShow, 'type'> | undefined;

  constructor(extensionUri: vscode.Uri, options: Omit<MemoryViewOptions, 'post'>) {
    this.#extensionUri = extensionUri;
    this.#options = options;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { webview } = view;
    const place = (...path: string[]): vscode.Uri => vscode.Uri.joinPath(this.#extensionUri, ...path);
    const file = (...path: string[]): string => webview.asWebviewUri(place(...path)).toString();
    const memory = new MemoryView({ ...this.#options, post: (message) => void webview.postMessage(message) });
    webview.options = { enableScripts: true, localResourceRoots: [place('dist'), place('media')] };
    const received = webview.onDidReceiveMessage((message) => memory.accept(message));
    view.onDidDispose(() => {
      received.dispose();
      memory.dispose();
      if (this.#shown === memory) this.#shown = undefined;
    });
    this.#shown = memory;
    if (this.#show) memory.show(this.#show);
    this.#show = undefined;
    webview.html = chatHtml({
      cspSource: webview.cspSource,
      scriptUri: file('dist', 'memory.js'),
      styleUris: [file('media', 'chat.css'), file('media', 'memory.css')],
      nonce: randomBytes(16).toString('hex'),
    });
  }

  /** Searches anew, if the view is there. */
  refresh(): void {
    this.#shown?.refresh();
  }

  /** Opens the view, and gives its field the focus. */
  async open(target: Omit<MemoryShow, 'type'>): Promise<void> {
    if (this.#shown) this.#shown.show(target);
    else this.#show = target;
    await vscode.commands.executeCommand(`${memoryViewId}.focus`);
  }
}
