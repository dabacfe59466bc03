import * as vscode from 'vscode';
import type { LoadReport } from '../../core/historyLog';
import type { AdoptionOffer } from '../storage/workspace/recognizeWorkspace';
import type { ScopedClient } from '../storage/workspaceClient';
import type { Chat } from './chat';
import { plainText } from './plainText';

const adoptCopy = 'Adopt a Copy';
const startFresh = 'Start Fresh';

export interface AdoptionOptions {
  readonly client: ScopedClient;
  readonly workspaceId: string;
  readonly chat: Chat;
}

/**
 * Asks once whether to bring another workspace's history along, as a copy. Waiting is no answer: what is not answered is
 * asked again in the next window.
 */
export async function offerToAdopt(
  { name: given, turns, why }: AdoptionOffer,
  options: AdoptionOptions,
): Promise<void> {
  const name = plainText(given);
  const what = why === 'clone' ? `This looks like a clone of “${name}”` : `This workspace contains “${name}”`;
  const chosen = await vscode.window.showInformationMessage(
    `${what}. Bring its chat history (${turns === 1 ? '1 turn' : `${turns} turns`}) along?`,
    adoptCopy,
    startFresh,
  );
  if (chosen !== adoptCopy) {
    await answer(options, false);
    return;
  }
  const location = vscode.ProgressLocation.Notification;
  const report = await vscode.window.withProgress({ location, title: 'Copying the history…' }, () =>
    answer(options, true),
  );
  if (!report) return;
  const { sessions, turns: copied } = report.added;
  void vscode.window.showInformationMessage(
    `Copied ${sessions} sessions with ${copied} turns from “${name}”.`,
  );
}

/** Keeps the answer, copies, and opens the copy where nothing was said here yet. */
async function answer(
  { client, workspaceId, chat: { log, sessions } }: AdoptionOptions,
  adopt: boolean,
): Promise<LoadReport | undefined> {
  const report = await client.call('workspace-answer', { workspaceId, adopt });
  if (!report) return undefined;
  client.changed({ workspaceId, by: log });
  await sessions.refresh();
  const [current, copied] = [await sessions.active(), await log.activeSession()];
  if (copied !== undefined && (current.summary?.length ?? 0) === 0 && current.live.length === 0) {
    await sessions.activate(copied);
  }
  return report;
}
