import * as vscode from 'vscode';
import { strictObject } from 'zod/mini';
import type { Embeddings } from '../../../core/memory/embedding/embeddings';
import { defineAction } from './defineAction';
import type { CommandEntry } from './register';

/** Embeds what is stored, and stops it. */
export function embeddingCommands(embeddings: Embeddings): Readonly<Record<string, CommandEntry>> {
  const embedHistory = defineAction(strictObject({}), () => embeddings.embedAll());
  const stopEmbedding = defineAction(strictObject({}), async () => ({ stopped: await embeddings.stop() }));
  return {
    embedHistory: { scripted: embedHistory, dialog: () => embedWithProgress(embeddings) },
    stopEmbedding: {
      scripted: stopEmbedding,
      dialog: async () => {
        const was = await embeddings.stop();
        void vscode.window.showInformationMessage(
          `${was ? 'Embedding is stopped; what is done is kept.' : 'Nothing is being embedded.'} “Throughline: Embed History” goes on with it.`,
        );
      },
    },
  };
}

async function embedWithProgress(embeddings: Embeddings): Promise<void> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: 'Embedding the history',
    cancellable: true,
  };
  const { outcome, embedded, refused, turns } = await vscode.window.withProgress(
    options,
    (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      let last = 0;
      return embeddings.embedAll(controller.signal, (state) => {
        const share = state.turns === 0 ? 100 : (100 * state.embedded) / state.turns;
        progress.report({
          increment: share - last,
          message: `${state.embedded.toLocaleString()} of ${state.turns.toLocaleString()} turns`,
        });
        last = share;
      });
    },
  );
  const made = `${embedded.toLocaleString()} ${embedded === 1 ? 'passage' : 'passages'}`;
  const left = refused === 0 ? '' : ` The model refused ${refused.toLocaleString()}, which words still find.`;
  const told = {
    complete: `All ${turns.toLocaleString()} turns are embedded; ${made} of them now.${left}`,
    stopped: `Embedding is stopped; ${made} are done and kept.`,
    busy: 'Another window is embedding this history.',
  };
  void vscode.window.showInformationMessage(told[outcome]);
}
