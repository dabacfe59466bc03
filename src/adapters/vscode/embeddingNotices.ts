import * as vscode from 'vscode';
import type { ErrorDescription } from '../../core/userMessage';
import { plainText } from './plainText';

export const embeddingSettings = {
  model: 'throughline.embeddings.model',
  baseUrl: 'throughline.embeddings.baseUrl',
} as const;

const openSettings = 'Open Settings';
const setApiKey = 'Set API Key';

/** Recall goes on without embeddings, and why. Told without waiting for an answer. */
export async function tellFallback({ reason, message }: ErrorDescription): Promise<void> {
  const actions =
    reason === 'no-key' || reason === 'unauthorized' ? [setApiKey, openSettings] : [openSettings];
  const chosen = await vscode.window.showWarningMessage(
    `Embeddings cannot be had, and recall goes on with words alone. ${plainText(message)}`,
    ...actions,
  );
  if (chosen === openSettings)
    await vscode.commands.executeCommand('workbench.action.openSettings', 'throughline.embeddings');
  if (chosen === setApiKey) await vscode.commands.executeCommand('throughline.setApiKey');
}
