import * as vscode from 'vscode';
import type { RecallHit } from '../../../core/memory/longTermMemory';
import type { RecallMark, RecallMarks } from '../../../core/memory/recallMarks';
import { shownTitle } from '../../../core/shownTitle';
import { plainLabel } from '../plainText';
import { markTags } from './markWords';

interface HitItem extends vscode.QuickPickItem {
  readonly hit: Pick<RecallHit, 'sessionId' | 'turnId'>;
}

export interface RecallPickOptions {
  readonly search: (query: string) => Promise<readonly RecallHit[]>;
  /** Titles by session id. */
  readonly titles: () => Promise<ReadonlyMap<string, string>>;
  /** Shows the turn in its session. */
  readonly reveal: (source: { readonly sessionId: string; readonly turnId: string }) => Promise<void>;
  readonly marksOf: RecallMarks['marksOf'];
  readonly describe: (error: unknown) => { readonly message: string };
}

const debounceMs = 150;

/** Searches as you type over everything said in the workspace; picking a hit shows its turn. */
export function showRecallPick({
  search,
  titles,
  reveal,
  marksOf,
  describe,
}: RecallPickOptions): Promise<void> {
  const pick = vscode.window.createQuickPick<HitItem>();
  pick.title = 'Recall';
  pick.placeholder = 'Search everything said in this workspace';
  pick.matchOnDetail = true;
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = async (query: string): Promise<void> => {
    const mine = (asked += 1);
    pick.busy = true;
    try {
      const hits = query.trim() === '' ? [] : await search(query);
      const found = onePerTurn(hits);
      const [names, marks] = await Promise.all([titles(), marksOf(found)]);
      if (mine !== asked) return;
      const items = found.map((hit, index) => itemOf(hit, names.get(hit.sessionId) ?? '', marks[index]));
      pick.items = items.length === 0 && query.trim() !== '' ? [nothing] : items;
    } catch (error) {
      if (mine === asked) pick.items = [{ ...nothing, label: plainLabel(describe(error).message) }];
    } finally {
      if (mine === asked) pick.busy = false;
    }
  };
  pick.onDidChangeValue((query) => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(query), debounceMs);
  });
  pick.onDidAccept(() => {
    const hit = pick.selectedItems[0]?.hit;
    pick.hide();
    if (hit?.turnId) void reveal(hit).catch(describe);
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

const nothing: HitItem = { label: 'Nothing found', alwaysShow: true, hit: { sessionId: '', turnId: '' } };

/** What tools gave is the answer's raw material: the prompt or the answer of the turn stands for it. */
function onePerTurn(hits: readonly RecallHit[]): readonly RecallHit[] {
  const turns = new Map<string, RecallHit>();
  for (const hit of hits) if (hit.role !== 'tool' && !turns.has(hit.turnId)) turns.set(hit.turnId, hit);
  return [...turns.values()];
}

function itemOf(hit: RecallHit, session: string, mark: RecallMark | undefined): HitItem {
  const text = hit.text.replace(/\s+/g, ' ').trim();
  return {
    hit,
    alwaysShow: true,
    label: plainLabel(text.length > 120 ? `${text.slice(0, 119)}…` : text),
    ...(mark && { description: markTags[mark] }),
    iconPath: new vscode.ThemeIcon(hit.role === 'user' ? 'account' : 'comment'),
    detail: `${hit.role === 'user' ? 'You' : 'Answer'} in “${plainLabel(shownTitle(session))}”, ${when(hit.createdAt)}`,
  };
}

function when(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
