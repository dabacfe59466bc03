import * as vscode from 'vscode';
import { HistoryError } from '../../../core/errors';
import type { HistoryLog } from '../../../core/historyLog';
import type { RecallHit, RecallWorkspace } from '../../../core/memory/longTermMemory';
import { plainText } from '../plainText';
import type { TurnDocument } from './turnDocument';

export interface HitOpenerOptions {
  readonly log: () => Promise<Pick<HistoryLog, 'turn'>>;
  /** Shows a turn in its session. */
  readonly reveal: (source: { readonly sessionId: string; readonly turnId: string }) => Promise<void>;
  readonly document: TurnDocument;
  /** The machine that this window's paths are of. */
  readonly remote: () => string;
}

/** What is shown of a turn, and where. */
export type OpenHit = (hit: Pick<RecallHit, 'turnId' | 'workspace'>) => Promise<void>;

const openFolder = 'Open in New Window';

/**
 * Shows a turn where it was said: in its session in the chat, and of another workspace as a document, with its folder
 * to be opened. Rejects with `not-found` where the turn was deleted meanwhile.
 */
export function hitOpener({ log, reveal, document, remote }: HitOpenerOptions): OpenHit {
  return async ({ turnId, workspace }) => {
    if (workspace && !workspace.here) {
      await document.open(workspace, turnId);
      void offerFolder(workspace, remote());
      return;
    }
    await reveal({ sessionId: await sessionOf(await log(), turnId), turnId });
  };
}

async function sessionOf(log: Pick<HistoryLog, 'turn'>, turnId: string): Promise<string> {
  const turn = await log.turn(turnId);
  if (turn) return turn.sessionId;
  throw new HistoryError({ reason: 'not-found', message: `There is no turn ${turnId}` });
}

/** A folder of another machine, or one that is gone, cannot be opened from here: it is named. */
async function offerFolder({ name, uri, remote: of }: RecallWorkspace, remote: string): Promise<void> {
  const folder = uri === undefined ? undefined : vscode.Uri.parse(uri);
  const isNear = folder !== undefined && of === remote;
  const isThere = isNear && (await exists(folder));
  const but = isThere ? '' : isNear ? ', which is not there any more' : `, on ${of}`;
  const where = folder ? ` (${folder.fsPath}${but})` : '';
  const said = `This was said in another workspace, “${name}”${where}.`;
  const chosen = await vscode.window.showInformationMessage(
    plainText(said),
    ...(isThere ? [openFolder] : []),
  );
  if (chosen !== openFolder || !folder) return;
  await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true });
}

async function exists(folder: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(folder);
    return true;
  } catch {
    return false;
  }
}
