import { ContextMeter } from '../../src/adapters/vscode/contextMeter';
import { ChatView } from '../../src/adapters/vscode/chatView';
import { reasonOf } from '../../src/core/errors';
import type { HostMessage, Snapshot } from './viewMessages';
import type { ChatModel } from '../../src/core/chatModel';
import type { SessionSettings } from '../../src/core/sessionDependencies';
import type { ReceiptEntry, RecallReceipt } from '../../src/core/memory/recallReceipt';
import type { RecallMarkChange } from '../../src/protocol/receipt';
import type { WaitingPrompt } from '../../src/core/unfinished';
import { undoSummary } from '../../src/core/memory/undoSummary';
import { setUpSessions } from './sessionSetup';

/** A chat view's host side without a view: what is posted to it, and what it leads to. */
export function openChatView(model: ChatModel, settings: Partial<SessionSettings> = {}) {
  const { sessions, log, ...deps } = setUpSessions(model, { settings });
  const meter = new ContextMeter({ settings: deps.settings, delay: 0, firstDelay: 0 });
  const posted: HostMessage[] = [];
  const receipts = new ScriptedReceipts();
  const revealed: unknown[] = [];
  const left: WaitingPrompt[] = [];
  const waiting: { test: (message: HostMessage) => boolean; resolve: (message: HostMessage) => void }[] = [];
  const view = new ChatView({
    post: (message) => {
      posted.push(message);
      for (const { test, resolve } of waiting) if (test(message)) resolve(message);
    },
    activeSession: () => sessions.active(),
    model: () => Promise.resolve({ label: 'Scripted', builtIn: false }),
    strategy: () => 'workspace',
    meter,
    receipts,
    revealSource: (source) => {
      revealed.push(source);
      return Promise.resolve();
    },
    showSentContext: () => Promise.resolve(),
    describe: (error) => ({ reason: reasonOf(error), message: `Sorry: ${reasonOf(error)}` }),
    actions: () => ['retry'],
    returned: () => left,
    dropReturned: (_sessionId, turnIds) => {
      left.splice(0, left.length, ...left.filter(({ turnId }) => !turnIds.includes(turnId)));
    },
    deleteTurn: async (turnId) => {
      await sessions.deleteTurn(turnId);
    },
    undoSummary,
    openLink: () => undefined,
    runCommand: () => undefined,
    rejected: () => undefined,
  });
  const next = (test: (message: HostMessage) => boolean): Promise<HostMessage> =>
    new Promise((resolve) => waiting.push({ test, resolve }));
  const ready = async (): Promise<Snapshot> => {
    const snapshot = next(({ type }) => type === 'snapshot');
    view.accept({ type: 'ready' });
    return (await snapshot) as Snapshot;
  };
  return { view, sessions, log, posted, left, next, ready, meter, receipts, revealed };
}

/** Receipts as the test tells them. */
class ScriptedReceipts {
  readonly entries: ReceiptEntry[] = [];
  readonly changes: RecallMarkChange[] = [];
  readonly #listeners = new Set<() => void>();

  of(turnId: string): Promise<RecallReceipt | undefined> {
    return Promise.resolve(turnId === 'gone' ? undefined : { turnId, entries: [...this.entries], notes: [] });
  }

  change(change: RecallMarkChange): Promise<void> {
    this.changes.push(change);
    return Promise.resolve();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
