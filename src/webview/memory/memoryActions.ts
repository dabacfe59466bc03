import type {
  FactChange,
  FilterName,
  MemoryHostMessage,
  MemoryTab,
  MemoryViewMessage,
  ShownHit,
} from '../../protocol/memory';
import type { MemoryStore } from './memoryStore';

type Command = Extract<MemoryViewMessage, { type: 'command-run' }>['command'];

/** What the user can do. One object for the life of the view. */
export interface MemoryActions {
  chooseTab(tab: MemoryTab): void;
  type(text: string): void;
  /** Without a value the filter is taken out. */
  setFilter(name: FilterName, value?: string): void;
  showMore(): void;
  /** Further back than until now. */
  lookOn(): void;
  open(hit: Pick<ShownHit, 'turnId' | 'workspace'>): void;
  copy(hit: ShownHit): void;
  /** Without a mark the one that it has is taken back. */
  mark(hit: Pick<ShownHit, 'id' | 'turnId'>, mark?: ShownHit['mark']): void;
  /** The host shows what would go, and asks. */
  forget(hit: Pick<ShownHit, 'turnId'>): void;
  /** @returns why it failed, if it did */
  change(change: FactChange): Promise<string | undefined>;
  /** The host has answered a change. */
  settle(answer: Extract<MemoryHostMessage, { type: 'fact-changed' }>): void;
  run(command: Command): void;
  lookAgain(): void;
  dismissNotice(): void;
}

export function memoryActions(options: {
  readonly store: MemoryStore;
  readonly post: (message: MemoryViewMessage) => void;
}): MemoryActions {
  const { store, post } = options;
  const waiting = new Map<number, (failure: string | undefined) => void>();
  let requests = 0;
  return {
    chooseTab: (tab) => store.dispatch({ type: 'tab-chosen', tab }),
    type: (text) => store.dispatch({ type: 'typed', text }),
    setFilter: (name, value) =>
      store.dispatch({ type: 'filter-set', name, ...(value !== undefined && { value }) }),
    showMore: () => store.dispatch({ type: 'more-hits' }),
    lookOn: () => store.dispatch({ type: 'looked-on' }),
    open: ({ turnId, workspace }) =>
      post({ type: 'open', turnId, ...(workspace && { workspaceId: workspace.id }) }),
    mark: ({ turnId, id }, mark) => post({ type: 'mark', turnId, id, ...(mark && { mark }) }),
    forget: ({ turnId }) => post({ type: 'forget', turnId }),
    copy: ({ turnId, id }) => post({ type: 'copy', turnId, id }),
    change: (change) =>
      new Promise((resolve) => {
        requests += 1;
        waiting.set(requests, resolve);
        post({ type: 'fact-change', request: requests, change });
      }),
    settle: ({ request, failure }) => {
      waiting.get(request)?.(failure);
      waiting.delete(request);
    },
    run: (command) => post({ type: 'command-run', command }),
    lookAgain: () => store.dispatch({ type: 'looked-again' }),
    dismissNotice: () => store.dispatch({ type: 'notice-dismissed' }),
  };
}
