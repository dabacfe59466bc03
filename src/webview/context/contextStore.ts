import type { ContextHostMessage, ContextPanelMessage } from '../../protocol/context';
import { LookStore } from '../lookStore';
import { contextModel, reduceContext, type ContextModel, type Look, type PanelAction } from './contextModel';

/** While somebody types, the host is asked when typing pauses. In milliseconds. */
const pause = 250;

export interface ContextStoreOptions {
  readonly look: Look;
  readonly post: (message: ContextPanelMessage) => void;
  readonly keep: (look: Look) => void;
}

export type ContextStore = LookStore<ContextModel, ContextHostMessage | PanelAction>;

export function contextStore({ look, post, keep }: ContextStoreOptions): ContextStore {
  return new LookStore({
    model: contextModel(look),
    reduce: reduceContext,
    ask: ({ look: now, n }) => post({ type: 'look', n, ...now }),
    keep,
    pauseOf: ({ type }) => (type === 'prompt-typed' || type === 'choice-tried' ? pause : 0),
  });
}
