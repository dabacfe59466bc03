import * as vscode from 'vscode';
import { previewUndo, undoSummary } from '../../../core/memory/undoSummary';
import type { Session } from '../../../core/session';
import { undoQuestion } from './undoWords';

/** Undoes a summary; where the model would know less for it, only once the user has said so. */
export async function undoSummaryDialog(session: Session, summaryId: string): Promise<void> {
  const preview = await previewUndo(session, summaryId);
  if (preview && preview.lost > 0) {
    const { message, detail } = undoQuestion(preview);
    const yes = await vscode.window.showWarningMessage(message, { modal: true, detail }, 'Undo Summary');
    if (!yes) return;
  }
  const undone = await undoSummary(session, summaryId);
  if (!undone)
    void vscode.window.showInformationMessage('That summary is undone already. Nothing was changed.');
}
