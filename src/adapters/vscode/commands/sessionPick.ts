import * as vscode from 'vscode';
import type { SessionSummary } from '../../../core/historyLog';
import { shownTitle } from '../../../core/shownTitle';
import { plainLabel } from '../plainText';

export interface SessionPickOptions {
  readonly list: () => Promise<readonly SessionSummary[]>;
  readonly active: string | undefined;
  readonly rename?: (session: SessionSummary) => Promise<void>;
  readonly remove?: (session: SessionSummary) => Promise<void>;
}

interface SessionItem extends vscode.QuickPickItem {
  readonly session: SessionSummary;
}

const renameButton = { iconPath: new vscode.ThemeIcon('edit'), tooltip: 'Rename' };
const removeButton = { iconPath: new vscode.ThemeIcon('trash'), tooltip: 'Delete for good' };

/** The most recent first, the active one marked. Undefined where nothing was picked. */
export async function pickSession(options: SessionPickOptions): Promise<SessionSummary | undefined> {
  const pick = vscode.window.createQuickPick<SessionItem>();
  pick.title = 'Sessions';
  pick.placeholder = 'Type to filter by title';
  pick.busy = true;
  const buttons = [...(options.rename ? [renameButton] : []), ...(options.remove ? [removeButton] : [])];
  try {
    const sessions = await options.list();
    pick.items = sessions.map((session): SessionItem => ({
      session,
      label: plainLabel(shownTitle(session.title)),
      description: session.id === options.active ? 'active' : '',
      detail: `${session.length} ${session.length === 1 ? 'turn' : 'turns'}, ${when(session.updatedAt)}`,
      iconPath: new vscode.ThemeIcon(session.id === options.active ? 'check' : 'comment'),
      buttons,
    }));
    if (sessions.length === 0) pick.placeholder = 'No sessions yet: send a prompt to start one';
    pick.busy = false;
    return await new Promise<SessionSummary | undefined>((resolve, reject) => {
      pick.onDidAccept(() => resolve(pick.selectedItems[0]?.session));
      pick.onDidHide(() => resolve(undefined));
      pick.onDidTriggerItemButton(({ button, item }) => {
        pick.hide();
        const act = button === renameButton ? options.rename : options.remove;
        act?.(item.session).catch(reject);
      });
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

function when(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? ''
    : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
