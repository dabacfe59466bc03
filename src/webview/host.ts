import type { ViewMessage } from '../protocol/chat';

/** What the view alone owns: it survives hiding and reloading. */
export interface KeptState {
  /** By session, the one written last at the end. */
  readonly drafts: Readonly<Record<string, string>>;
  /** Where the transcript was scrolled to; absent at the bottom. */
  readonly scroll?: { readonly turnId: string; readonly offset: number };
}

/** The oldest beyond go. */
const draftsKept = 20;

interface VsCodeApi {
  postMessage(message: ViewMessage): void;
  getState(): unknown;
  setState(state: KeptState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

export const postToHost = (message: ViewMessage): void => api.postMessage(message);

/** Whatever else was kept is read as far as it fits. */
export function keptState(): KeptState {
  const raw = api.getState();
  if (typeof raw !== 'object' || raw === null) return { drafts: {} };
  const kept = 'drafts' in raw && typeof raw.drafts === 'object' ? raw.drafts : null;
  const drafts = Object.fromEntries(
    Object.entries(kept ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const scroll = 'scroll' in raw ? raw.scroll : undefined;
  if (typeof scroll !== 'object' || scroll === null) return { drafts };
  const turnId = 'turnId' in scroll && typeof scroll.turnId === 'string' ? scroll.turnId : undefined;
  const offset = 'offset' in scroll && typeof scroll.offset === 'number' ? scroll.offset : 0;
  return turnId === undefined ? { drafts } : { drafts, scroll: { turnId, offset } };
}

/** @param key the session's */
export function keptDraft(key: string): string {
  const { drafts } = keptState();
  return Object.hasOwn(drafts, key) ? (drafts[key] ?? '') : '';
}

export function keepDraft(key: string, text: string): void {
  if (text === keptDraft(key)) return;
  const state = keptState();
  const others = Object.entries(state.drafts).filter(([other]) => other !== key);
  const drafts = [...others, ...(text === '' ? [] : [[key, text] as const])].slice(-draftsKept);
  api.setState({ ...state, drafts: Object.fromEntries(drafts) });
}

export function keepScroll(scroll: KeptState['scroll']): void {
  const { drafts } = keptState();
  api.setState(scroll ? { drafts, scroll } : { drafts });
}
