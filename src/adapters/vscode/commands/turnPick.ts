import * as vscode from 'vscode';
import type { StoredTurn } from '../../../core/historyLog';
import { answerText } from '../../../core/message';
import { plainLabel } from '../plainText';

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

/** The prompt, in one line. */
export function promptLine({ messages }: Pick<StoredTurn, 'messages'>): string {
  return oneLine(messages.find(({ role }) => role === 'user')?.content ?? '', 80) || '(empty)';
}

function oneLine(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

function when(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? ''
    : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
