import * as vscode from 'vscode';
import type { EmbeddingStatus } from '../../core/memory/embedding/embeddings';

/** What takes less than this is done before anybody could read it. Milliseconds. */
const shownAfterMs = 2_000;

/** How far the embedding of the history is, while it takes a while; a click stops it. */
export class EmbeddingStatusBar implements vscode.Disposable {
  #item: vscode.StatusBarItem | undefined;
  #began: number | undefined;

  show({ state, turns = 0, embedded = 0 }: EmbeddingStatus): void {
    if (state !== 'running') {
      this.#began = undefined;
      this.#item?.hide();
      return;
    }
    this.#began ??= performance.now();
    if (performance.now() - this.#began < shownAfterMs) return;
    this.#item ??= newItem();
    const [done, all] = [embedded.toLocaleString(), turns.toLocaleString()];
    this.#item.text = `$(sync~spin) Embedding ${done} of ${all}`;
    this.#item.tooltip = `Throughline embeds the history, so that recall finds it by its meaning, too: ${done} of ${all} turns. Click to stop.`;
    const label = `Throughline: ${done} of ${all} turns are embedded. Stops it.`;
    this.#item.accessibilityInformation = { label, role: 'button' };
    this.#item.show();
  }

  dispose(): void {
    this.#item?.dispose();
  }
}

function newItem(): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem(
    'throughline.embedding',
    vscode.StatusBarAlignment.Right,
    89,
  );
  item.name = 'Throughline Embedding';
  item.command = 'throughline.stopEmbedding';
  return item;
}
