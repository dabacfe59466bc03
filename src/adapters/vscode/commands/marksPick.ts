import * as vscode from 'vscode';
import type { MarkedRecalled, MarkPage, MarkTarget, RecallMark } from '../../../core/memory/recallMarks';
import { targetOf } from '../../../core/memory/recalled';
import { shownTitle } from '../../../core/shownTitle';
import { plainLabel } from '../plainText';
import { markTags } from './markWords';

export interface MarksPickOptions {
  readonly list: (page: { limit: number; before?: number }) => Promise<MarkPage>;
  /** Titles by session id. */
  readonly titles: () => Promise<ReadonlyMap<string, string>>;
  readonly mark: (target: MarkTarget, mark: RecallMark | undefined) => Promise<void>;
  /** Shows a turn in its session. */
  readonly reveal: (source: { readonly sessionId: string; readonly turnId: string }) => Promise<void>;
  readonly describe: (error: unknown) => { readonly message: string };
}

interface MarkItem extends vscode.QuickPickItem {
  readonly marked?: MarkedRecalled;
  readonly more?: boolean;
}

const pageSize = 100;

const other = { muted: 'kept', kept: 'muted' } as const;

function button(icon: string, tooltip: string): vscode.QuickInputButton {
  return { iconPath: new vscode.ThemeIcon(icon), tooltip };
}
const remove = button('discard', 'Take the Mark Back');
const change = {
  muted: button('pinned', 'Always Keep Instead'),
  kept: button('mute', 'Mute Instead'),
} as const;

/**
 * All that is muted or always kept, the newest mark first: with buttons to take a mark back or to change it. Picking a
 * message shows its turn.
 */
export function showRecallMarks(options: MarksPickOptions): Promise<void> {
  const { list, titles, mark, reveal, describe } = options;
  const pick = vscode.window.createQuickPick<MarkItem>();
  pick.title = 'Recall Marks';
  pick.placeholder =
    'Muted: never recalled. Always kept: recalled with every prompt. Pick one to see its turn.';
  pick.matchOnDetail = true;
  pick.matchOnDescription = true;
  pick.keepScrollPosition = true;
  let shown: readonly MarkedRecalled[] = [];
  const fail = (error: unknown): void => {
    void vscode.window.showErrorMessage(plainLabel(describe(error).message));
  };
  const load = async (before?: number): Promise<void> => {
    pick.busy = true;
    try {
      const limit = before === undefined ? Math.min(Math.max(pageSize, shown.length), 1000) : pageSize;
      const [page, names] = await Promise.all([
        list({ limit, ...(before !== undefined && { before }) }),
        titles(),
      ]);
      shown = before === undefined ? page.marks : [...shown, ...page.marks];
      const items = shown.map((one) => itemOf(one, names));
      if (page.more) items.push({ label: '$(chevron-down) Show more', alwaysShow: true, more: true });
      pick.items = items.length > 0 ? items : [nothing];
    } finally {
      pick.busy = false;
    }
  };
  pick.onDidTriggerItemButton(({ item: { marked }, button: pressed }) => {
    if (!marked) return;
    const next = pressed === remove ? undefined : other[marked.mark];
    mark(targetOf(marked), next).then(() => load()).catch(fail); // prettier-ignore
  });
  pick.onDidAccept(() => {
    const [item] = pick.selectedItems;
    if (item?.more) {
      load(shown.at(-1)?.cursor).catch(fail);
      return;
    }
    const marked = item?.marked;
    if (!marked || 'factId' in marked) return;
    pick.hide();
    reveal(marked).catch(fail);
  });
  pick.show();
  load().catch(fail);
  return new Promise((resolve) => {
    pick.onDidHide(() => {
      pick.dispose();
      resolve();
    });
  });
}

const nothing: MarkItem = {
  label: 'Nothing is muted or always kept',
  detail: 'Mute or keep what was recalled under an answer: “Recalled 3 passages”.',
  alwaysShow: true,
};

function itemOf(marked: MarkedRecalled, titles: ReadonlyMap<string, string>): MarkItem {
  const day = dateOf(marked.createdAt);
  const place =
    'factId' in marked
      ? `Fact, ${day}`
      : `${marked.role === 'user' ? 'You' : 'Answer'} in “${plainLabel(shownTitle(titles.get(marked.sessionId) ?? ''))}”, ${day}`;
  return {
    marked,
    label: plainLabel(marked.text),
    description: markTags[marked.mark],
    detail: place,
    iconPath: new vscode.ThemeIcon(marked.mark === 'muted' ? 'mute' : 'pinned'),
    buttons: [change[marked.mark], remove],
  };
}

function dateOf(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
