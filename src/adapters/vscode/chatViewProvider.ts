import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { shownTitle } from '../../core/shownTitle';
import { chatHtml } from './chatHtml';
import { ChatView, type ChatViewOptions, type SentPrompt } from './chatView';

export const chatViewId = 'throughline.chat';

/** Gives VS Code the sidebar's view, each time anew: a hidden view's DOM is destroyed. */
export class ChatViewProvider implements vscode.WebviewViewProvider {
  readonly #extensionUri: vscode.Uri;
  readonly #options: Omit<ChatViewOptions, 'post'>;
  #shown: { readonly view: vscode.WebviewView; readonly chat: ChatView } | undefined;
  #title = 'Chat';
  #focusWhenResolved = false;
  #turnWhenResolved: string | undefined;

  constructor(extensionUri: vscode.Uri, options: Omit<ChatViewOptions, 'post'>) {
    this.#extensionUri = extensionUri;
    this.#options = options;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { webview } = view;
    const chat = new ChatView({ ...this.#options, post: (message) => void webview.postMessage(message) });
    const file = (...path: string[]): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.#extensionUri, ...path)).toString();
    webview.options = {
      enableScripts: true,
      localResourceRoots: [
        vscode.Uri.joinPath(this.#extensionUri, 'dist'),
        vscode.Uri.joinPath(this.#extensionUri, 'media'),
      ],
    };
    const received = webview.onDidReceiveMessage((message) => chat.accept(message));
    view.onDidDispose(() => {
      received.dispose();
      chat.dispose();
      if (this.#shown?.chat === chat) this.#shown = undefined;
    });
    this.#shown = { view, chat };
    view.title = this.#title;
    if (this.#focusWhenResolved) chat.focusComposer();
    this.#focusWhenResolved = false;
    if (this.#turnWhenResolved !== undefined) chat.reveal(this.#turnWhenResolved);
    this.#turnWhenResolved = undefined;
    webview.html = chatHtml({
      cspSource: webview.cspSource,
      scriptUri: file('dist', 'webview.js'),
      styleUris: [file('media', 'chat.css'), file('media', 'receipt.css')],
      nonce: randomBytes(16).toString('hex'),
    });
  }

  /** Shows everything anew, if the view is there. */
  refresh(): void {
    this.#shown?.chat.refresh();
  }

  /** What was sent from elsewhere is no draft of the view's any more. */
  draftSent(prompt: SentPrompt): void {
    this.#shown?.chat.draftSent(prompt, this.#shown.view.visible);
  }

  /** The session's title as the view's. */
  setTitle(title: string): void {
    this.#title = shownTitle(title);
    if (this.#shown) this.#shown.view.title = this.#title;
  }

  async open(): Promise<void> {
    if (this.#shown) this.#shown.chat.focusComposer();
    else this.#focusWhenResolved = true;
    await vscode.commands.executeCommand(`${chatViewId}.focus`);
  }

  /** Opens the view at a turn of the active session, which gets the focus. */
  async openAt(turnId: string): Promise<void> {
    if (this.#shown) this.#shown.chat.reveal(turnId);
    else this.#turnWhenResolved = turnId;
    await vscode.commands.executeCommand(`${chatViewId}.focus`);
  }
}
