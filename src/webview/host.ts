import type { ViewMessage } from '../protocol/chat';

/** What the view alone owns: it survives hiding and reloading. */
export interface KeptState {
  readonly draft: string;
  /** Where the transcript was scrolled to; absent at the bottom. */
  readonly scroll?: { readonly turnId: string; readonly offset: number };
}

interface VsCodeApi {
  postMessage(message: ViewMessage): void;
  getState(): unknown;
  setState(state: KeptState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

export const postToHost = (message: ViewMessage): void => api.postMessage(message);

/** Whatever an older version of the view kept is read as far as it fits. */
export function keptState(): KeptState {
  const raw = api.getState();
  if (typeof raw !== 'object' || raw === null) return { draft: '' };
  const draft = 'draft' in raw && typeof raw.draft === 'string' ? raw.draft : '';
  const scroll = 'scroll' in raw ? raw.scroll : undefined;
  if (typeof scroll !== 'object' || scroll === null) return { draft };
  const turnId = 'turnId' in scroll && typeof scroll.turnId === 'string' ? scroll.turnId : undefined;
  const offset = 'offset' in scroll && typeof scroll.offset === 'number' ? scroll.offset : 0;
  return turnId === undefined ? { draft } : { draft, scroll: { turnId, offset } };
}

export function keepState(change: Partial<KeptState>): void {
  api.setState({ ...keptState(), ...change });
}

export function keepScroll(scroll: KeptState['scroll']): void {
  const { draft } = keptState();
  api.setState(scroll ? { draft, scroll } : { draft });
}
