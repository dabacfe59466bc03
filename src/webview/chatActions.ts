import type { ErrorAction, RecallMarkChange, RecallSource, ViewMessage } from '../protocol/chat';
import type { ChatStore } from './chatStore';

export type ViewCommand = Extract<ViewMessage, { type: 'command-run' }>['command'];

export interface SendOptions {
  /** The draft's; left out, another. */
  readonly turnId?: string;
  /** Lets another window's turn end first, instead of being refused. */
  readonly wait?: boolean;
}

/** What the user can do. One object for the life of the view. */
export interface ChatActions {
  send(text: string, options?: SendOptions): void;
  /** Shows the session as it is now. */
  reload(): void;
  /** Asks the prompt of an ended turn again. */
  retry(turnId: string, prompt: string): void;
  /** Puts an earlier prompt into the composer; what comes of it is a new turn. */
  edit(prompt: string): void;
  edited(): void;
  /** The composer has let go of what was sent from elsewhere. */
  sentElsewhereSeen(): void;
  /** Stops a running turn; takes a queued one out of the queue. */
  stop(turnId: string): void;
  /** Deletes an ended turn for good; the host asks first. */
  remove(turnId: string): void;
  pin(turnId: string, pinned: boolean): void;
  /** Shows what the model saw when it answered the turn. */
  showContext(turnId: string): void;
  /** Shows what was recalled for the turn, until it is closed again. */
  openReceipt(turnId: string): void;
  closeReceipt(turnId: string): void;
  /** Mutes or keeps something recalled, or takes that back. */
  markRecall(change: RecallMarkChange): void;
  /** Shows the turn that something recalled was said in. */
  revealSource(source: RecallSource): void;
  /** The meter counts the draft in. */
  measure(draft: string): void;
  compact(): void;
  cancelCompaction(): void;
  undoSummary(summaryId: string): void;
  dismissContextNote(key: string): void;
  /** @param long many of them, on the way to one far up */
  loadOlder(before: string, long?: true): void;
  /** The turn that was to be shown is, or cannot be. */
  revealed(): void;
  /** Reads again the page before this turn, which is shown. */
  refreshOlder(before: string): void;
  run(command: ViewCommand): void;
  openLink(href: string): void;
  dismissRejection(): void;
  /** So many prompts that waited when the window closed are in the composer again. */
  tellReturned(count: number): void;
  /** They are not in the composer any more: sent, or not wanted. */
  dropReturned(turnIds: readonly string[]): void;
  dismissNotice(id: number): void;
}

export function chatActions(options: {
  readonly store: ChatStore;
  readonly post: (message: ViewMessage) => void;
  readonly newId: () => string;
}): ChatActions {
  const { store, post, newId } = options;
  return {
    send(text, { turnId = newId(), wait = false } = {}) {
      store.dispatch({ type: 'prompt-sent', turnId, text });
      post({ type: 'turn-send', turnId, text, ...(wait && { wait }) });
    },
    retry(turnId, prompt) {
      const newTurnId = newId();
      store.dispatch({ type: 'prompt-sent', turnId: newTurnId, text: prompt });
      post({ type: 'turn-retry', turnId, newTurnId });
    },
    edit: (text) => store.dispatch({ type: 'prompt-edit', text }),
    edited: () => store.dispatch({ type: 'prompt-edited' }),
    sentElsewhereSeen: () => store.dispatch({ type: 'sent-elsewhere-seen' }),
    reload() {
      store.dispatch({ type: 'rejection-dismissed' });
      post({ type: 'ready' });
    },
    stop: (turnId) => post({ type: 'turn-stop', turnId }),
    remove: (turnId) => post({ type: 'turn-delete', turnId }),
    pin: (turnId, pinned) => post({ type: 'turn-pin', turnId, pinned }),
    showContext: (turnId) => post({ type: 'turn-context', turnId }),
    openReceipt: (turnId) => post({ type: 'receipt-open', turnId }),
    closeReceipt(turnId) {
      store.dispatch({ type: 'receipt-closed', turnId });
      post({ type: 'receipt-close', turnId });
    },
    markRecall: (change) => post({ type: 'recall-mark', change }),
    revealSource: (source) => post({ type: 'recall-reveal', source }),
    measure: (text) => post({ type: 'context-measure', text }),
    compact: () => post({ type: 'compaction-run' }),
    cancelCompaction: () => post({ type: 'compaction-cancel' }),
    undoSummary: (summaryId) => post({ type: 'summary-undo', summaryId }),
    dismissContextNote: (key) => store.dispatch({ type: 'context-note-dismissed', key }),
    revealed: () => store.dispatch({ type: 'turn-revealed' }),
    loadOlder(before, long) {
      store.dispatch({ type: 'page-asked', before });
      post({ type: 'page-load', before, ...(long && { long }) });
    },
    refreshOlder: (before) => post({ type: 'page-load', before }),
    run: (command) => post({ type: 'command-run', command }),
    openLink: (href) => post({ type: 'link-open', href }),
    tellReturned: (count) => store.dispatch({ type: 'prompts-returned', count }),
    dropReturned(turnIds) {
      store.dispatch({ type: 'returned-dropped', turnIds });
      post({ type: 'prompts-returned', turnIds: [...turnIds] });
    },
    dismissRejection: () => store.dispatch({ type: 'rejection-dismissed' }),
    dismissNotice: (id) => store.dispatch({ type: 'notice-dismissed', id }),
  };
}

export const actionCommands = {
  'set-api-key': 'throughline.setApiKey',
  'connect-model': 'throughline.connectModel',
  'open-settings': 'workbench.action.openSettings',
} as const satisfies Record<Exclude<ErrorAction, 'retry'>, ViewCommand>;

export const actionLabels = {
  retry: 'Try Again',
  'set-api-key': 'Set API Key',
  'connect-model': 'Connect a Model',
  'open-settings': 'Open Settings',
} as const satisfies Record<ErrorAction, string>;
