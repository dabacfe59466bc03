import * as vscode from 'vscode';
import { changesNothing, type RequestChange } from '../../../core/context/requestChange';
import type { TrimInForce } from '../../../core/context/sessionRequests';
import { trimToSummary, type SummarisedTrim } from '../../../core/memory/trimToSummary';
import type { Session } from '../../../core/session';
import type { Actions } from './actions';
import {
  changeWords,
  previewWords,
  summarisedWords,
  summaryPreviewWords,
  unchangedWords,
} from './changeWords';
import { countOf } from './countWords';
import { undoSummaryDialog } from './undoSummaryDialog';

export interface TrimDialogDependencies {
  readonly actions: Actions;
  readonly session: () => Promise<Session>;
}

type Choice = Exclude<Parameters<Actions['trimMemory']>[0], { readonly strategy: 'summarisation' }>;

/** A way to trim that takes a number. */
interface Way {
  readonly label: string;
  readonly question: string;
  /** What is offered first. */
  readonly value: number;
  /** The least that makes sense, and what is said of less. */
  readonly least: number;
  readonly choice: (value: number) => Choice;
}

interface WayItem extends vscode.QuickPickItem {
  readonly way: Way | 'summarisation';
}

/** Asks which turns requests are to carry, shows beforehand what each way would do, and offers to take it back. */
export async function trimDialog({ actions, session }: TrimDialogDependencies): Promise<void> {
  const active = await session();
  const sessionId = active.id;
  const length = active.summary?.length ?? 0;
  if (length === 0) {
    void vscode.window.showInformationMessage('There is nothing to trim yet: this session has no turns.');
    return;
  }
  const preview = (choice: Choice): Promise<RequestChange> =>
    actions.trimMemory({ ...choice, sessionId, preview: true });
  const way = await pickWay(waysFor(length), {
    preview,
    previewSummary: () => trimToSummary(active, { preview: true }),
  });
  if (way === undefined) return;
  if (way === 'summarisation') {
    await summarise(active);
    return;
  }
  const value = await askNumber(way, preview);
  if (value === undefined) return;
  if (changesNothing(await preview(way.choice(value)))) {
    void vscode.window.showInformationMessage(`Nothing was trimmed. ${unchangedWords}`);
    return;
  }
  const done = await actions.trimMemory({ ...way.choice(value), sessionId });
  const { trimInForce } = active.requests;
  const undo = await vscode.window.showInformationMessage(
    `${changeWords(done)}. All turns stay stored and searchable.`,
    'Undo',
  );
  if (undo) await undoFromToast(active, trimInForce);
}

const undoneMeanwhile = {
  'already-undone': 'That trim is undone already. Nothing was changed.',
  'trimmed-again':
    'Memory was trimmed again since, so nothing was changed. “Throughline: Undo Trim” takes back the last trim.',
} as const;

/** The toast cannot be withdrawn, so it may be of a trim that is undone since. */
async function undoFromToast({ requests }: Session, trim: TrimInForce): Promise<void> {
  const outcome = await requests.undoThisTrim(trim);
  if (outcome !== 'undone') void vscode.window.showInformationMessage(undoneMeanwhile[outcome]);
}

function waysFor(length: number): readonly Way[] {
  const turns = Math.min(5, Math.max(1, length - 1));
  return [
    {
      label: 'Last turns',
      question: 'How many of the newest turns should requests carry?',
      value: turns,
      least: 0,
      choice: (value) => ({ strategy: 'slidingWindow', turns: value }),
    },
    {
      label: 'Last messages',
      question: 'How many of the newest messages should requests carry? Turns stay whole.',
      value: turns * 2,
      least: 0,
      choice: (value) => ({ strategy: 'slidingWindow', messages: value }),
    },
    {
      label: 'Token budget',
      question: 'How many tokens may the newest turns cost together?',
      value: 2000,
      least: 0,
      choice: (value) => ({ strategy: 'tokenBudget', tokens: value }),
    },
    {
      label: 'Selective retention',
      question: 'Turns with tool calls are carried, and so many of the newest:',
      value: turns,
      least: 1,
      choice: (value) => ({ strategy: 'selectiveRetention', turns: value }),
    },
  ];
}

/** The previews come in one by one, while the list is there already. */
async function pickWay(
  ways: readonly Way[],
  from: {
    readonly preview: (choice: Choice) => Promise<RequestChange>;
    readonly previewSummary: () => Promise<SummarisedTrim>;
  },
): Promise<Way | 'summarisation' | undefined> {
  const items: WayItem[] = [
    ...ways.map((way) => ({ way, label: way.label, description: descriptionOf(way), detail: ' ' })),
    {
      way: 'summarisation',
      label: 'Summarise older turns',
      description: 'a summary in place of those before the newest',
      detail: ' ',
    },
  ];
  const pick = vscode.window.createQuickPick<WayItem>();
  pick.title = 'Trim memory';
  pick.placeholder = 'What should requests carry? Pinned turns always; everything stays stored.';
  pick.items = items;
  pick.busy = true;
  let isOpen = true;
  const details = items.map(({ way }) =>
    (way === 'summarisation'
      ? from.previewSummary().then(summaryPreviewWords)
      : from.preview(way.choice(way.value)).then(previewWords)
    ).catch(() => 'No preview'),
  );
  for (const [index, detail] of details.entries()) {
    void detail.then((text) => {
      const item = items[index];
      if (!item || !isOpen) return;
      items[index] = { ...item, detail: text };
      const chosen = pick.activeItems[0]?.way;
      pick.items = [...items];
      if (chosen !== undefined) pick.activeItems = items.filter(({ way }) => way === chosen);
    });
  }
  void Promise.all(details).then(() => {
    if (isOpen) pick.busy = false;
  });
  try {
    return await new Promise((resolve) => {
      pick.onDidAccept(() => resolve(pick.selectedItems[0]?.way));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    isOpen = false;
    pick.dispose();
  }
}

function descriptionOf({ choice, value }: Way): string {
  const chosen = choice(value);
  if (chosen.strategy === 'tokenBudget') return `the newest turns of up to ${value.toLocaleString()} tokens`;
  if (chosen.strategy === 'selectiveRetention') {
    return `turns with tool calls, and the ${countOf(value, 'newest turn')}`;
  }
  return 'turns' in chosen
    ? `the ${countOf(value, 'newest turn')}`
    : `the ${countOf(value, 'newest message')}`;
}

/** What the number would do is shown while it is typed. */
async function askNumber(
  { label, question, value, least, choice }: Way,
  preview: (choice: Choice) => Promise<RequestChange>,
): Promise<number | undefined> {
  const answer = await vscode.window.showInputBox({
    title: `Trim memory: ${label}`,
    prompt: question,
    value: String(value),
    validateInput: async (text) => {
      const number = numberIn(text, least);
      if (number === undefined) return `A whole number, ${least} or more, please.`;
      const message = await preview(choice(number)).then(previewWords, () => undefined);
      return message === undefined
        ? undefined
        : { message, severity: vscode.InputBoxValidationSeverity.Info };
    },
  });
  return answer === undefined ? undefined : numberIn(answer, least);
}

function numberIn(text: string, least: number): number | undefined {
  const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
  return value === undefined || value < least ? undefined : value;
}

async function summarise(session: Session): Promise<void> {
  const { summarised } = await trimToSummary(session, { preview: true });
  const done = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Summarising ${countOf(summarised, 'turn')}…`,
      cancellable: true,
    },
    async (_progress, token) => {
      const abort = new AbortController();
      const listening = token.onCancellationRequested(() => abort.abort());
      return trimToSummary(session, { signal: abort.signal }).finally(() => void listening.dispose());
    },
  );
  const answer = await vscode.window.showInformationMessage(
    `${summarisedWords(done)}. The turns stay stored and searchable.`,
    'Review',
    'Undo',
  );
  if (answer === 'Undo' && done.summary) await undoSummaryDialog(session, done.summary.id);
  else if (answer === 'Review') await vscode.commands.executeCommand('throughline.reviewSummaries');
}
