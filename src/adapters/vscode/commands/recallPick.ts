import * as vscode from 'vscode';
import type { RecallHit } from '../../../core/memory/longTermMemory';

interface HitItem extends vscode.QuickPickItem {
  readonly hit: Pick<RecallHit, 'sessionId' | 'text'>;
}

export interface RecallPickOptions {
  readonly search: (query: string) => Promise<readonly RecallHit[]>;
  readonly open: (sessionId: string) => Promise<void>;
  readonly describe: (error: unknown) => { readonly message: string };
}

const debounceMs = 150;

/** Searches as you type over everything said in the workspace; picking a hit opens its session. */
export function showRecallPick({ search, open, describe }: RecallPickOptions): Promise<void> {
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
      if (mine !== asked) return;
      pick.items = hits.length === 0 && query.trim() !== '' ? [nothing] : hits.map(itemOf);
    } catch (error) {
      if (mine === asked) pick.items = [{ ...nothing, label: describe(error).message }];
    } finally {
      if (mine === asked) pick.busy = false;
    }
  };
  pick.onDidChangeValue((query) => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(query), debounceMs);
  });
  pick.onDidAccept(() => {
    const session = pick.selectedItems[0]?.hit.sessionId;
    pick.hide();
    if (session) void open(session);
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

const nothing: HitItem = { label: 'Nothing found', alwaysShow: true, hit: { sessionId: '', text: '' } };

function itemOf(hit: RecallHit): HitItem {
  const text = hit.text.replace(/\s+/g, ' ').trim();
  const who = hit.role === 'user' ? 'You' : hit.role === 'assistant' ? 'Answer' : 'Tool';
  return {
    hit,
    alwaysShow: true,
    label: text.length > 120 ? `${text.slice(0, 119)}…` : text,
    description: who,
    detail: new Date(hit.createdAt).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
  };
}
