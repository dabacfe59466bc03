import * as vscode from 'vscode';

/** Why the chat begins without its history. */
export async function tellOutage(message: string): Promise<void> {
  await vscode.window.showWarningMessage(
    `The history cannot be opened yet, and the chat goes on without it. ${message}`,
  );
}

/** Why prompts are sent without what they would recall. */
export async function tellNoRecall(message: string): Promise<void> {
  await vscode.window.showWarningMessage(
    `Nothing can be recalled for now, and prompts are sent without (strategy "longTerm"). ${message}`,
  );
}

/** Turns of the history that is left are not written yet. Nothing needs to be answered: they will be. */
export async function tellUnsaved(turns: number): Promise<void> {
  const what = turns === 1 ? '1 turn is' : `${turns} turns are`;
  await vscode.window.showWarningMessage(
    `${what} not saved in the history yet. That happens as soon as the disk allows, in this window or the next.`,
  );
}
