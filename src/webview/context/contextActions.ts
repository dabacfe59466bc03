import type { ContextChoice, ContextPanelMessage, ContextTab } from '../../protocol/context';
import type { RecallMarkChange, RecallSource } from '../../protocol/receipt';
import type { ContextStore } from './contextStore';

/** What the user can do. One object for the life of the panel. */
export interface ContextActions {
  chooseTab(tab: ContextTab): void;
  type(prompt: string): void;
  /** Shows what other settings would send; undefined goes back to those in force. */
  tryChoice(choice: ContextChoice | undefined): void;
  useChoice(choice: ContextChoice): void;
  /** Sends exactly what is shown. */
  send(contextId: string, prompt: string): void;
  chooseTurn(turnId: string): void;
  /** One of the turn's requests, from 1. */
  chooseRequest(request: number): void;
  /** Or summaries. */
  listMore(): void;
  toggleItem(key: string): void;
  pin(turnId: string, pinned: boolean): void;
  reveal(turnId: string): void;
  /** Mutes or keeps something recalled, or takes that back. */
  markRecall(change: RecallMarkChange): void;
  /** Shows the turn that something recalled was said in, in its session. */
  revealSource(source: RecallSource): void;
  copyJson(): void;
  review(summaryId: string | undefined): void;
  /** Shows the turns that the reviewed summary stands for from this one on. */
  turnCovered(from: number): void;
  changeSummary(
    summaryId: string,
    change: { readonly state?: 'active' | 'undone'; readonly text?: string },
  ): void;
  undoTrim(): void;
  /** Asks which turns requests are to carry. */
  trim(): void;
  summarise(): void;
  cancelSummary(): void;
  dismissNotice(): void;
}

export function contextActions(options: {
  readonly store: ContextStore;
  readonly post: (message: ContextPanelMessage) => void;
  readonly newId: () => string;
}): ContextActions {
  const { store, post, newId } = options;
  return {
    chooseTab: (tab) => store.dispatch({ type: 'tab-chosen', tab }),
    type: (prompt) => store.dispatch({ type: 'prompt-typed', prompt }),
    tryChoice: (choice) => store.dispatch({ type: 'choice-tried', choice }),
    useChoice: (choice) => post({ type: 'use-settings', choice }),
    send(contextId, prompt) {
      const turnId = newId();
      store.dispatch({ type: 'prompt-sent', turnId });
      post({ type: 'send', turnId, contextId, prompt });
    },
    chooseRequest: (request) => store.dispatch({ type: 'request-chosen', request }),
    chooseTurn: (turnId) => store.dispatch({ type: 'turn-chosen', turnId }),
    listMore: () => store.dispatch({ type: 'more-turns' }),
    toggleItem: (key) => store.dispatch({ type: 'item-toggled', key }),
    pin: (turnId, pinned) => post({ type: 'pin', turnId, pinned }),
    reveal: (turnId) => post({ type: 'reveal', turnId }),
    markRecall: (change) => post({ type: 'recall-mark', change }),
    revealSource: (source) => post({ type: 'recall-reveal', source }),
    copyJson: () => post({ type: 'copy-json' }),
    review(summaryId) {
      store.dispatch({ type: 'review-opened', summaryId });
      if (summaryId !== undefined && store.model.look.tab !== 'summaries') {
        store.dispatch({ type: 'tab-chosen', tab: 'summaries' });
      }
    },
    turnCovered: (from) => store.dispatch({ type: 'covered-turned', from }),
    changeSummary: (summaryId, change) => post({ type: 'summary-change', summaryId, ...change }),
    undoTrim: () => post({ type: 'undo-trim' }),
    trim: () => post({ type: 'trim' }),
    summarise: () => post({ type: 'summarise' }),
    cancelSummary: () => post({ type: 'summarise-cancel' }),
    dismissNotice: () => store.dispatch({ type: 'notice-dismissed' }),
  };
}
