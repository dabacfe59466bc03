import * as vscode from 'vscode';
import { abortSignalOf } from '../abortSignal';
import { plainLabel, plainText } from '../plainText';
import type { ReportDocuments } from '../reportDocuments';
import type { Choice, ForgetUi, ReviewRow } from './forgetFlow';

/** VS Code's own pickers and notifications. */
export function createForgetUi(reports: Pick<ReportDocuments, 'read'>): ForgetUi {
  return {
    choose: async (title, placeHolder, choices) =>
      (await vscode.window.showQuickPick(choices.map(itemOf), { title, placeHolder }))?.value,

    askWords: () =>
      settled(
        vscode.window.showInputBox({
          title: 'Forget all that matches',
          prompt:
            'Every word, and every "phrase in quotes", must be there. You see what goes before it does.',
          ignoreFocusOut: true,
        }),
      ),

    async review(placeHolder, rows) {
      const picked = await vscode.window.showQuickPick(reviewItems(rows), {
        title: 'What is to be forgotten?',
        placeHolder,
        canPickMany: true,
        matchOnDescription: true,
        matchOnDetail: true,
        ignoreFocusOut: true,
      });
      return picked?.flatMap(({ value }) => value ?? []);
    },

    confirm: async (message, detail) =>
      (await vscode.window.showWarningMessage(message, { modal: true, detail }, 'Forget')) === 'Forget',

    working: (title, work) =>
      settled(
        vscode.window.withProgress(
          { location: vscode.ProgressLocation.Notification, title, cancellable: true },
          (progress, token) => {
            let told = 0;
            return work({
              signal: abortSignalOf(token),
              progress: (done) => {
                progress.report({ increment: (done - told) * 100 });
                told = done;
              },
            });
          },
        ),
      ),

    tell: async (message, action) =>
      (await vscode.window.showInformationMessage(
        plainText(message),
        ...(action === undefined ? [] : [action]),
      )) !== undefined,

    report: (text) => reports.read('Forget Receipt', text),
  };
}

function settled<T>(thenable: Thenable<T>): Promise<T> {
  return Promise.resolve(thenable);
}

function itemOf<T>({ label, detail, description, value }: Choice<T>) {
  return {
    label: plainLabel(label),
    value,
    ...(description !== undefined && { description: plainLabel(description) }),
    ...(detail !== undefined && { detail: plainLabel(detail) }),
  };
}

type ReviewItem = vscode.QuickPickItem & { readonly value?: ReviewRow['value'] };

function reviewItems(rows: readonly ReviewRow[]): ReviewItem[] {
  const group = (name: ReviewRow['group'], label: string): ReviewItem[] => {
    const own = rows.filter((row) => row.group === name);
    if (own.length === 0) return [];
    return [
      { label, kind: vscode.QuickPickItemKind.Separator },
      ...own.map((row) => ({ ...itemOf(row), picked: row.checked })),
    ];
  };
  return [...group('asked', 'What is forgotten'), ...group('alike', 'What else holds the same text')];
}
