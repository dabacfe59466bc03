import * as vscode from 'vscode';
import { boolean, optional, strictObject } from 'zod/mini';
import type { CheckReport, HistoryDoctor, RepairReport } from '../../../core/historyDoctor';
import { checkReportText, planSentence, repairReportText, soundWords } from '../doctorReport';
import type { ReportDocuments } from '../reportDocuments';
import { defineAction } from './defineAction';

export interface HistoryDoctorDependencies {
  readonly doctor: HistoryDoctor;
  readonly reports: Pick<ReportDocuments, 'open'>;
  /** After a repair, what is shown is read again. */
  readonly repaired: () => Promise<void>;
  /** Why nothing can be stored, where that is not the history's fault; in a sentence for the user. */
  readonly masking: () => Promise<string | undefined>;
}

const showReport = 'Show Report';
const title = 'History Doctor';

/** Checks the history, shows what is wrong and what would be done about it, and does it when told to. */
export function createHistoryDoctor(dependencies: HistoryDoctorDependencies) {
  const { doctor, reports, repaired } = dependencies;
  const check = async (): Promise<CheckReport> => {
    const [report, notStored] = await Promise.all([doctor.check(), dependencies.masking()]);
    return { ...report, ...(notStored !== undefined && { notStored }) };
  };

  const repair = async (): Promise<RepairReport> => {
    const report = await doctor.repair();
    if (report.repaired) await repaired();
    return report;
  };

  const tellSound = async (report: CheckReport): Promise<void> => {
    const message = soundWords(report);
    const answer = await (report.notStored === undefined
      ? vscode.window.showInformationMessage(message, showReport)
      : vscode.window.showWarningMessage(message, showReport));
    if (answer) await reports.open(title, checkReportText(report));
  };

  const tellRepaired = async (report: RepairReport): Promise<void> => {
    await reports.open(title, repairReportText(report));
    const words = report.repaired
      ? `The history is repaired: ${planSentence(report)}.`
      : 'The history is sound, and was left as it is.';
    void vscode.window.showInformationMessage(words);
  };

  return {
    /** Without `repair` it changes nothing, and tells what a repair would do. */
    historyDoctor: defineAction(
      strictObject({ repair: optional(boolean()) }),
      async ({ repair: wanted }): Promise<CheckReport | RepairReport> =>
        wanted === true ? repair() : check(),
    ),

    async dialog(): Promise<void> {
      const report = await working('Checking the history…', check);
      if (report.sound) return tellSound(report);
      if (await confirmed(report, () => reports.open(title, checkReportText(report)))) {
        await tellRepaired(await working('Repairing the history…', repair));
      }
    },
  };
}

/** Asks before anything is done; the details can be looked at first. */
async function confirmed(report: CheckReport, showDetails: () => Promise<void>): Promise<boolean> {
  const { problems, plan } = report;
  const found = problems.slice(0, 5).map(({ message }) => `• ${message}`);
  const more = problems.length > 5 ? [`• and ${problems.length - 5} more`] : [];
  const what = plan ? `A repair keeps ${planSentence(plan)}.` : 'A repair keeps what can be read.';
  const detail = [
    ...found,
    ...more,
    '',
    what,
    'Before it changes anything it copies what is there to quarantine.',
  ].join('\n');
  const answer = await vscode.window.showWarningMessage(
    'The history is damaged.',
    { modal: true, detail },
    'Repair',
    'Show Details',
  );
  if (answer !== 'Show Details') return answer === 'Repair';
  await showDetails();
  return (await vscode.window.showWarningMessage('Repair the history?', 'Repair', 'Not Now')) === 'Repair';
}

function working<T>(message: string, work: () => Promise<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: message }, work);
}
