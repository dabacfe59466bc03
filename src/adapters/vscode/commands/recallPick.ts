import * as vscode from 'vscode';
import { plainExcerpt } from '../../../core/recall/excerpt';
import { filtersIn, withFilter } from '../../../core/recall/searchFilters';
import type { ShownHit, ShownSearch } from '../../../protocol/memory';
import type { OpenHit } from '../memory/hitOpener';
import { lookFor, type Searched } from '../memory/searchLook';
import { plainLabel } from '../plainText';
import { markTags } from './markWords';
import type { Describe } from './register';

interface HitItem extends vscode.QuickPickItem {
  readonly hit?: Parameters<OpenHit>[0];
  /** How to look on, where there is more. */
  readonly next?: Further;
}

interface Further {
  readonly limit: number;
  readonly reach: number;
}

export interface RecallPickOptions {
  readonly searched: () => Promise<Searched>;
  readonly open: OpenHit;
  readonly clock: () => Date;
  readonly describe: Describe;
}

const debounceMs = 100;
const pageSize = 30;
const firstPage: Further = { limit: pageSize, reach: 1 };

/** What the buttons write into the text, as they are pressed one time after the other. */
const filterButtons = [
  { name: 'role', values: ['user', 'assistant'], icon: 'account', tooltip: 'Said by you, by the assistant, by anyone' },
  { name: 'in', values: ['session', 'everywhere'], icon: 'folder', tooltip: 'In this session, in all workspaces, in this workspace' },
  { name: 'after', values: ['7d', '30d'], icon: 'calendar', tooltip: 'In the last 7 days, in the last 30 days, at any time' },
] as const; // prettier-ignore

/** Searches as you type over everything said in the workspace; picking a hit shows its turn. */
export function showRecallPick({ searched, open, clock, describe }: RecallPickOptions): Promise<void> {
  const pick = vscode.window.createQuickPick<HitItem>();
  pick.title = 'Recall';
  pick.placeholder =
    'Search everything said. Filters: role:user in:session after:2026-01 path:src/a.ts has:tools';
  pick.matchOnDetail = true;
  const buttons = filterButtons.map(({ icon, tooltip }) => ({
    iconPath: new vscode.ThemeIcon(icon),
    tooltip,
  }));
  pick.buttons = buttons;
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = async (text: string, page = firstPage): Promise<void> => {
    const mine = (asked += 1);
    pick.busy = true;
    try {
      const { view, hits } = await lookFor({ text, ...page }, await searched(), clock());
      if (mine !== asked) return;
      const shown = view.outcome.status === 'found' ? view.outcome.hits : [];
      const items = shown.map((hit, at) => itemOf(hit, hits[at]));
      const notes = view.problems.map(note);
      const empty = items.length > 0 || view.outcome.status === 'idle' ? [] : [nothing];
      pick.keepScrollPosition = page !== firstPage;
      pick.items = [...notes, ...items, ...empty, ...further(view.outcome, page)];
    } catch (error) {
      if (mine === asked) pick.items = [note(describe(error).message)];
    } finally {
      if (mine === asked) pick.busy = false;
    }
  };
  const search = (text: string): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(text), debounceMs);
  };
  pick.onDidChangeValue(search);
  pick.onDidTriggerButton((button) => {
    const filter = filterButtons[buttons.findIndex((one) => one === button)];
    if (!filter) return;
    const at = (filter.values as readonly string[]).indexOf(filtersIn(pick.value)[filter.name] ?? '');
    pick.value = `${withFilter(pick.value, filter.name, filter.values[at + 1])} `.trimStart();
    search(pick.value);
  });
  pick.onDidAccept(() => {
    const { hit, next } = pick.selectedItems[0] ?? {};
    if (next) void run(pick.value, next);
    if (!hit) return;
    pick.hide();
    void open(hit).catch((error: unknown) => vscode.window.showErrorMessage(describe(error).message));
  });
  pick.show();
  return new Promise((resolve) => {
    pick.onDidHide(() => {
      clearTimeout(timer);
      asked += 1;
      pick.dispose();
      resolve();
    });
  });
}

const note = (text: string): HitItem => ({ label: plainLabel(text), alwaysShow: true });
const nothing = note('Nothing found');

/** What goes on with a list that is not at its end. A search by words shows the best alone. */
function further(outcome: ShownSearch['outcome'], { limit, reach }: Further): readonly HitItem[] {
  if (outcome.status !== 'found' || !outcome.listed || !outcome.more) return [];
  const { lookedBackTo } = outcome;
  if (lookedBackTo !== undefined) {
    const detail = `Looked back to ${when(lookedBackTo)}`;
    return [{ label: 'Look Further Back', detail, alwaysShow: true, next: { limit, reach: reach + 1 } }];
  }
  return [{ label: 'Show More', alwaysShow: true, next: { limit: limit + pageSize, reach } }];
}

const icons = { user: 'account', assistant: 'comment', tool: 'tools', system: 'gear' } as const;
const speakers = { user: 'You', assistant: 'Answer', tool: 'Tool', system: 'System' } as const;

/** A list of VS Code's marks nothing in its labels but what is typed as it stands: the words found are told beside. */
function itemOf({ pieces, role, title, createdAt, workspace, mark }: ShownHit, hit: HitItem['hit']): HitItem {
  const found = [...new Set(pieces.filter(({ marked }) => marked).map(({ text }) => text.toLowerCase()))];
  const where = workspace ? ` in the workspace ${workspace.name}` : '';
  const words = found.length > 0 ? ` · found: ${found.join(', ')}` : '';
  return {
    ...(hit && { hit }),
    alwaysShow: true,
    label: plainLabel(plainExcerpt(pieces)) || 'Without words',
    ...(mark && { description: markTags[mark] }),
    iconPath: new vscode.ThemeIcon(icons[role]),
    detail: plainLabel(`${speakers[role]} in “${title}”${where}, ${when(createdAt)}${words}`),
  };
}

function when(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
