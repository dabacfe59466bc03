import * as vscode from 'vscode';
import type { StoredTurn } from '../../../core/historyLog';
import { answerText } from '../../../core/message';
import { plainLabel } from '../plainText';
import { oneLine, promptLine } from '../promptLine';

export interface TurnQuestion {
  readonly title: string;
  readonly question: string;
  /** What is said where there are no turns. */
  readonly none: string;
}

/** The newest first. Undefined where nothing was picked. */
export async function pickTurn(
  turns: readonly StoredTurn[],
  { title, question, none }: TurnQuestion,
): Promise<StoredTurn | undefined> {
  const items = [...turns].reverse().map((turn) => ({
    turn,
    label: plainLabel(promptLine(turn)),
    description: when(turn.createdAt),
    detail: plainLabel(oneLine(answerText(turn), 120)),
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: items.length === 0 ? none : question,
    matchOnDetail: true,
  });
  return picked?.turn;
}

function when(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? ''
    : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
