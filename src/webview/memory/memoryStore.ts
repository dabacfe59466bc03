import type { MemoryHostMessage, MemoryViewMessage } from '../../protocol/memory';
import { LookStore } from '../lookStore';
import { memoryModel, reduceMemory, type Look, type MemoryAction, type MemoryModel } from './memoryModel';

/** While somebody types, the host is asked when typing pauses. In milliseconds. */
const pause = 100;

export type MemoryStore = LookStore<MemoryModel, MemoryHostMessage | MemoryAction>;

export function memoryStore(options: {
  readonly look: Look;
  readonly post: (message: MemoryViewMessage) => void;
  readonly keep: (look: Look) => void;
}): MemoryStore {
  return new LookStore({
    model: memoryModel(options.look),
    reduce: reduceMemory,
    ask: ({ look, n }) => options.post({ type: 'look', n, ...look }),
    keep: options.keep,
    pauseOf: ({ type }) => (type === 'typed' ? pause : 0),
  });
}
