import * as vscode from 'vscode';
import type { HistoryDoctor } from '../../core/historyDoctor';
import { reconcileRepairedLog, type ReconcileHistoryOptions } from '../storage/reconcileHistory';
import { repairReportText } from './doctorReport';
import { HistoryNews, type HistoryNewsDependencies } from './historyNews';
import type { ReportDocuments } from './reportDocuments';

const reloadWindow = 'Reload Window';

export interface HistoryNewsOptions extends Pick<HistoryNewsDependencies, 'refresh' | 'note' | 'failed'> {
  readonly reports: Pick<ReportDocuments, 'open'>;
}

/** Tells the user with VS Code's notifications. */
export function createHistoryNews({ reports, ...deps }: HistoryNewsOptions): HistoryNews {
  return new HistoryNews({
    ...deps,
    openReport: (title, text) => reports.open(title, text),
    clock: () => new Date(),
    notify: (level, message, action) =>
      level === 'warning'
        ? vscode.window.showWarningMessage(message, action)
        : vscode.window.showInformationMessage(message, action),
  });
}

export interface FollowHistoryOptions {
  readonly news: HistoryNews;
  readonly reconciling: ReconcileHistoryOptions;
  /** Keeps the reports of repairs that were asked for. */
  readonly note: (text: string) => void;
}

/** Has the news told of what the doctor does by itself. What a repair could not find may be in the records. */
export function followHistory(
  doctor: HistoryDoctor,
  { news, reconciling, note }: FollowHistoryOptions,
): void {
  doctor.onNewerVersion(() => void tellNewerVersion());
  doctor.onScrub(news.scrubbed);
  doctor.onRepair((report) => {
    if (!report.repaired) return;
    if (!report.automatic) {
      note(repairReportText(report));
      return;
    }
    const tell = news.gathering(async () => {
      news.repaired(report);
      await reconcileRepairedLog(reconciling);
    });
    void tell();
  });
}

/** An update takes hold of a window when that is reloaded. */
async function tellNewerVersion(): Promise<void> {
  const answer = await vscode.window.showWarningMessage(
    'The history was written by a newer version of Throughline, so this window only shows it: reload the window, or update Throughline here.',
    reloadWindow,
  );
  if (answer === reloadWindow) await vscode.commands.executeCommand('workbench.action.reloadWindow');
}
