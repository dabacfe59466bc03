import { contextTabs, type ContextPanelMessage } from '../../protocol/context';
import { firstLook, type Look } from './contextModel';

interface VsCodeApi {
  postMessage(message: ContextPanelMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();

export const postToHost = (message: ContextPanelMessage): void => api.postMessage(message);

/** What was looked at before the panel was hidden or the window reloaded, as far as it fits. */
export function keptLook(): Look {
  const raw = api.getState();
  if (typeof raw !== 'object' || raw === null) return firstLook;
  const tab = 'tab' in raw ? contextTabs.find((name) => name === raw.tab) : undefined;
  const prompt = 'prompt' in raw && typeof raw.prompt === 'string' ? raw.prompt : '';
  const turnId =
    'turnId' in raw && typeof raw.turnId === 'string' && raw.turnId !== '' ? raw.turnId : undefined;
  return { ...firstLook, prompt, ...(tab && { tab }), ...(turnId !== undefined && { turnId }) };
}

export function keepLook({ tab, prompt, turnId }: Look): void {
  api.setState({ tab, prompt, turnId });
}
