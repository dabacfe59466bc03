import type { FilterName, MemoryViewMessage, ShownHit } from '../../protocol/memory';
import type { MemoryStore } from './memoryStore';

type Command = Extract<MemoryViewMessage, { type: 'command-run' }>['command'];

/** What the user can do. One object for the life of the view. */
export interface MemoryActions {
  type(text: string): void;
  /** Without a value the filter is taken out. */
  setFilter(name: FilterName, value?: string): void;
  showMore(): void;
  open(hit: ShownHit): void;
  copy(hit: ShownHit): void;
  run(command: Command): void;
  lookAgain(): void;
  dismissNotice(): void;
}

export function memoryActions(options: {
  readonly store: MemoryStore;
  readonly post: (message: MemoryViewMessage) => void;
}): MemoryActions {
  const { store, post } = options;
  return {
    type: (text) => store.dispatch({ type: 'typed', text }),
    setFilter: (name, value) =>
      store.dispatch({ type: 'filter-set', name, ...(value !== undefined && { value }) }),
    showMore: () => store.dispatch({ type: 'more-hits' }),
    open: ({ turnId, workspace }) =>
      post({ type: 'open', turnId, ...(workspace && { workspaceId: workspace.id }) }),
    copy: ({ turnId, id }) => post({ type: 'copy', turnId, id }),
    run: (command) => post({ type: 'command-run', command }),
    lookAgain: () => store.dispatch({ type: 'looked-again' }),
    dismissNotice: () => store.dispatch({ type: 'notice-dismissed' }),
  };
}
