import * as vscode from 'vscode';
import { isLimited, type RetentionLimits } from '../../../core/retention';
import type { RetentionActions } from './retentionActions';
import { limitWords, retentionWords, sizeOf } from './retentionWords';

interface LimitItem extends vscode.QuickPickItem {
  readonly choose: () => Promise<RetentionLimits | undefined>;
}

/** Asks for limits, shows what they would remove, and removes it once that is confirmed. */
export async function retentionDialog(
  { applyRetention }: RetentionActions,
  settings: RetentionLimits,
): Promise<void> {
  const picked = await vscode.window.showQuickPick(itemsFor(settings), {
    title: 'Apply retention',
    placeHolder: 'What is to be removed for good? You see what goes before it does.',
  });
  const limits = await picked?.choose();
  if (!limits) return;
  const preview = await working('Looking through the history…', () => applyRetention(limits));
  if (preview.turns === 0) {
    void vscode.window.showInformationMessage(`There is nothing ${limitWords(limits)}.`);
    return;
  }
  const { kept } = preview;
  const answer = await vscode.window.showWarningMessage(
    `Delete ${retentionWords(preview)}, for good?`,
    {
      modal: true,
      detail: `Of all workspaces on this machine, what is ${limitWords(limits)}. ${kept.turns.toLocaleString()} turns of about ${sizeOf(kept.bytes)} stay, among them all that are running or pinned; remembered facts stay too. This cannot be undone: export first if you may need it.`,
    },
    'Delete',
  );
  if (answer !== 'Delete') return;
  const removed = await working('Removing…', () => applyRetention({ ...limits, confirm: true }));
  void vscode.window.showInformationMessage(`Removed ${retentionWords(removed)}.`);
}

function itemsFor(settings: RetentionLimits): readonly LimitItem[] {
  const older = (days: number, label: string): LimitItem => ({
    label,
    choose: () => Promise.resolve({ days }),
  });
  return [
    ...(isLimited(settings)
      ? [
          {
            label: 'What the settings say',
            description: limitWords(settings),
            choose: () => Promise.resolve(settings),
          },
        ]
      : []),
    older(30, 'Older than 30 days'),
    older(90, 'Older than 90 days'),
    older(365, 'Older than a year'),
    {
      label: 'Older than…',
      choose: async () => {
        const days = await askNumber('Remove turns older than how many days?', '180');
        return days === undefined ? undefined : { days };
      },
    },
    {
      label: 'The oldest, down to a size…',
      choose: async () => {
        const megabytes = await askNumber('How many megabytes may the history take in all?', '100');
        return megabytes === undefined ? undefined : { megabytes };
      },
    },
    {
      label: '$(gear) Apply it every day…',
      description: 'throughline.retention',
      choose: async () => {
        await vscode.commands.executeCommand('workbench.action.openSettings', 'throughline.retention');
        return undefined;
      },
    },
  ];
}

async function askNumber(prompt: string, value: string): Promise<number | undefined> {
  const answer = await vscode.window.showInputBox({
    title: 'Apply retention',
    prompt,
    value,
    validateInput: (text) => (/^\s*[1-9]\d{0,8}\s*$/.test(text) ? undefined : 'A whole number, please.'),
  });
  return answer === undefined ? undefined : Number(answer);
}

function working<T>(title: string, work: () => Promise<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, work);
}
