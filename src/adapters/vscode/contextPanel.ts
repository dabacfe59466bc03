import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { ContextShow } from '../../protocol/context';
import { chatHtml } from './chatHtml';
import { ContextView, type ContextViewOptions } from './contextView';

export const contextPanelType = 'throughline.context';

/** The Context panel in the editor area: one at most, there again after the window was reloaded. */
export class ContextPanel implements vscode.WebviewPanelSerializer {
  readonly #extensionUri: vscode.Uri;
  readonly #options: Omit<ContextViewOptions, 'post'>;
  #shown: { readonly panel: vscode.WebviewPanel; readonly view: ContextView } | undefined;

  constructor(extensionUri: vscode.Uri, options: Omit<ContextViewOptions, 'post'>) {
    this.#extensionUri = extensionUri;
    this.#options = options;
  }

  register(): vscode.Disposable {
    return vscode.window.registerWebviewPanelSerializer(contextPanelType, this);
  }

  /** Opens the panel, or brings it to the front. */
  open(target?: Omit<ContextShow, 'type'>): void {
    if (!this.#shown) {
      const column = vscode.ViewColumn.Active;
      this.#adopt(vscode.window.createWebviewPanel(contextPanelType, 'Context', column));
    } else this.#shown.panel.reveal();
    if (target) this.#shown?.view.show(target);
  }

  /** Session, history or settings have changed. */
  refresh(): void {
    this.#shown?.view.refresh();
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.#shown) panel.dispose();
    else this.#adopt(panel);
    return Promise.resolve();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    const { webview } = panel;
    const place = (...path: string[]): vscode.Uri => vscode.Uri.joinPath(this.#extensionUri, ...path);
    const file = (...path: string[]): string => webview.asWebviewUri(place(...path)).toString();
    const view = new ContextView({
      ...this.#options,
      post: (message) => void webview.postMessage(message),
    });
    const received = webview.onDidReceiveMessage((message) => view.accept(message));
    panel.onDidDispose(() => {
      received.dispose();
      view.dispose();
      if (this.#shown?.view === view) this.#shown = undefined;
    });
    this.#shown = { panel, view };
    panel.iconPath = new vscode.ThemeIcon('layers');
    webview.options = { enableScripts: true, localResourceRoots: [place('dist'), place('media')] };
    webview.html = chatHtml({
      cspSource: webview.cspSource,
      scriptUri: file('dist', 'context.js'),
      styleUris: [file('media', 'chat.css'), file('media', 'receipt.css'), file('media', 'context.css')],
      nonce: randomBytes(16).toString('hex'),
    });
  }
}
