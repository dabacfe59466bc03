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

/** Recall goes on by meaning, where words cannot be searched. Told without waiting for an answer. */
export async function tellWordsMissing(): Promise<void> {
  const doctor = 'History Doctor';
  const chosen = await vscode.window.showWarningMessage(
    'The search index of the history cannot be used, and recall goes by meaning alone: names, numbers and what is not ' +
      'embedded yet may be missed.',
    doctor,
  );
  if (chosen === doctor) await vscode.commands.executeCommand('throughline.historyDoctor');
}
