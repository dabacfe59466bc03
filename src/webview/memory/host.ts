import { maxSearchLength, type MemoryViewMessage } from '../../protocol/memory';
import { firstLook, type Look } from './memoryModel';

interface VsCodeApi {
  postMessage(message: MemoryViewMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

export const postToHost = (message: MemoryViewMessage): void => api.postMessage(message);

/** What was looked at before the view was hidden or the window reloaded, as far as it fits. */
export function keptLook(): Look {
  const raw = api.getState();
  const text = typeof raw === 'object' && raw !== null && 'text' in raw ? raw.text : undefined;
  const tab =
    typeof raw === 'object' && raw !== null && 'tab' in raw && raw.tab === 'facts' ? 'facts' : 'search';
  return { ...firstLook, tab, text: typeof text === 'string' ? text.slice(0, maxSearchLength) : '' };
}

export function keepLook({ tab, text }: Look): void {
  api.setState({ tab, text });
}
