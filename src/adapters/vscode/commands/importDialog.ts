import * as vscode from 'vscode';
import { reasonOf } from '../../../core/errors';
import type { ImportReport } from '../../../core/historyFile';
import type { Actions } from './actions';
import { countOf } from './countWords';

type Mode = 'update' | 'copy' | 'skip';

const modes: readonly (vscode.QuickPickItem & { readonly mode: Mode })[] = [
  {
    mode: 'update',
    label: 'Update',
    detail: 'Add what is new; where both have a turn, the file’s version replaces it.',
  },
  { mode: 'skip', label: 'Add only', detail: 'Add what is new; leave what is here as it is.' },
  { mode: 'copy', label: 'Copy', detail: 'Add everything as new sessions beside those that are here.' },
];

export async function importWithDialog(actions: Actions): Promise<void> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: 'Import memory',
      openLabel: 'Import',
      filters: { 'Throughline history': ['json'] },
    })) ?? [];
  if (!uri) return;
  const picked = await vscode.window.showQuickPick(modes, {
    title: 'Import memory',
    placeHolder: 'What if it is here already?',
  });
  if (!picked) return;
  const report = await importInsisting(actions, uri, picked.mode);
  if (!report) return;
  if (report.deleted.turns + report.deleted.facts === 0) {
    void vscode.window.showInformationMessage(wordsOf(report));
    return;
  }
  const detail = 'What was deleted here stays deleted, unless it comes in as a copy, in sessions of its own.';
  const answer = await vscode.window.showWarningMessage(
    wordsOf(report),
    { modal: true, detail },
    'Import Copies',
  );
  const copies = answer && (await importInsisting(actions, uri, 'copy'));
  if (copies) void vscode.window.showInformationMessage(wordsOf(copies));
}

/** Asks whether to go on where the file was changed after it was exported. */
async function importInsisting(
  actions: Actions,
  uri: vscode.Uri,
  mode: Mode,
): Promise<ImportReport | undefined> {
  const run = (insist: boolean): Thenable<ImportReport> =>
    vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'Importing…' }, () =>
      actions.importMemory({ uri, mode, insist }),
    );
  try {
    return await run(false);
  } catch (error) {
    if (reasonOf(error) !== 'wrong-checksum') throw error;
    const detail = 'Its checksum does not match its content: it was edited, or damaged.';
    const answer = await vscode.window.showWarningMessage(
      'This file was changed after it was exported.',
      { modal: true, detail },
      'Import anyway',
    );
    return answer ? run(true) : undefined;
  }
}

function wordsOf({ added, updated, skipped, deleted, summaries, secretsMasked }: ImportReport): string {
  const parts = [`${added.turns} turns in ${added.sessions} sessions and ${added.facts} facts added`];
  if (summaries.added > 0) parts.push(`${countOf(summaries.added, 'summary', 'summaries')} added`);
  if (updated.turns + updated.facts > 0)
    parts.push(`${updated.turns} turns and ${updated.facts} facts updated`);
  if (skipped.turns + skipped.facts > 0)
    parts.push(`${skipped.turns} turns and ${skipped.facts} facts left as they were`);
  if (deleted.turns + deleted.facts > 0)
    parts.push(`${deleted.turns} turns and ${deleted.facts} facts left out because you deleted them here`);
  if (secretsMasked > 0) parts.push(`${countOf(secretsMasked, 'secret', 'secrets')} masked`);
  return `Imported: ${parts.join('; ')}.`;
}
