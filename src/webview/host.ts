import type { ViewMessage } from '../protocol/chat';

export interface KeptDraft {
  /** Of the turn that it becomes: VS Code may bring back a state from before it was sent. */
  readonly turnId: string;
  readonly text: string;
}

/** What the view alone owns: it survives hiding and reloading. */
export interface KeptState {
  /** By session, the one written last at the end. */
  readonly drafts: Readonly<Record<string, KeptDraft>>;
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
    Object.entries(kept ?? {}).filter((entry): entry is [string, KeptDraft] => isDraft(entry[1])),
  );
  const scroll = 'scroll' in raw ? raw.scroll : undefined;
  if (typeof scroll !== 'object' || scroll === null) return { drafts };
  const turnId = 'turnId' in scroll && typeof scroll.turnId === 'string' ? scroll.turnId : undefined;
  const offset = 'offset' in scroll && typeof scroll.offset === 'number' ? scroll.offset : 0;
  return turnId === undefined ? { drafts } : { drafts, scroll: { turnId, offset } };
}

function isDraft(value: unknown): value is KeptDraft {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'turnId' in value && typeof value.turnId === 'string' && 'text' in value && typeof value.text === 'string'
  );
}

/** @param key the session's */
export function keptDraft(key: string): KeptDraft | undefined {
  const { drafts } = keptState();
  return Object.hasOwn(drafts, key) ? drafts[key] : undefined;
}

export function keepDraft(key: string, { turnId, text }: KeptDraft): void {
  const kept = keptDraft(key);
  if (text === (kept?.text ?? '') && (text === '' || turnId === kept?.turnId)) return;
  const state = keptState();
  const others = Object.entries(state.drafts).filter(([other]) => other !== key);
  const drafts = [...others, ...(text === '' ? [] : [[key, { turnId, text }] as const])].slice(-draftsKept);
  api.setState({ ...state, drafts: Object.fromEntries(drafts) });
}

/** Those that were sent after they had been kept. */
export function dropDrafts(isTurn: (turnId: string) => boolean): void {
  for (const [key, { turnId }] of Object.entries(keptState().drafts)) {
    if (isTurn(turnId)) keepDraft(key, { turnId, text: '' });
  }
}

export function keepScroll(scroll: KeptState['scroll']): void {
  const { drafts } = keptState();
  api.setState(scroll ? { drafts, scroll } : { drafts });
}
