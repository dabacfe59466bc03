import {
  recallReceipt,
  type ReceiptEntry,
  type ReceiptSources,
  type RecallReceipt,
} from '../../core/memory/recallReceipt';
import type { MarkTarget, RecallMark } from '../../core/memory/recallMarks';
import type { HistoryLog } from '../../core/historyLog';
import { InputError } from '../../core/errors';
import type { Span } from '../../core/recall/passages';
import { shownTitle } from '../../core/shownTitle';
import type { RecallMarkChange, ViewReceipt } from '../../protocol/receipt';
import type { CurrentChat } from './chat';

export interface RecallReceiptsOptions {
  readonly chat: CurrentChat;
  /** A mark was set or taken back here: what the next request carries may have changed. */
  readonly marked: () => void;
}

/** What was recalled for the turns of the current chat, and what the user marks of it. */
export class RecallReceipts {
  readonly #options: RecallReceiptsOptions;
  readonly #listeners = new Set<() => void>();
  #log: HistoryLog | undefined;
  #unfollow: () => void = () => undefined;

  constructor(options: RecallReceiptsOptions) {
    this.#options = options;
    options.chat.onActiveSession(() => void this.#follow().catch(() => undefined));
  }

  /** Undefined where there is no such turn. */
  async of(turnId: string): Promise<RecallReceipt | undefined> {
    const { log, memory, marks, sessions } = await this.#options.chat.get();
    const live = sessions.liveTurn(turnId);
    const turn = live?.turn ?? (await log.turn(turnId));
    if (!turn) return undefined;
    const prompt = turn.messages[0]?.content ?? '';
    const sent = live?.sent ?? (await log.sentContext(turnId));
    return recallReceipt({ id: turnId, prompt }, sent, { log, memory, marks });
  }

  async mark(target: MarkTarget, mark: RecallMark | undefined, passage?: Span): Promise<void> {
    await (await this.#options.chat.get()).marks.mark(target, mark, passage);
    this.#options.marked();
  }

  /** What receipts are read from. */
  async sources(): Promise<ReceiptSources> {
    return this.#options.chat.get();
  }

  /** As a view asks for it. */
  async change(change: RecallMarkChange): Promise<void> {
    await this.mark(targetIn(change), change.mark, change.passage);
  }

  /** Told when a receipt may have changed: marks, and what was deleted or edited. @returns unsubscribe */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#unfollow();
    this.#listeners.clear();
  }

  async #follow(): Promise<void> {
    const { log } = await this.#options.chat.get();
    if (log === this.#log) return;
    this.#unfollow();
    this.#log = log;
    this.#unfollow = log.onChange(() => this.#listeners.forEach((listener) => listener()));
  }
}

/** So much of a passage is shown. In characters. */
const mostShown = 8_000;

export function toViewReceipt({ turnId, entries, notes }: RecallReceipt): ViewReceipt {
  return { turnId, entries: entries.map(toViewEntry), notes: [...notes] };
}

function toViewEntry({
  text,
  sessionTitle,
  passage,
  words,
  ...entry
}: ReceiptEntry): ViewReceipt['entries'][number] {
  const shown = text !== undefined && text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
  return {
    ...entry,
    words: [...words],
    ...(passage && { passage: { ...passage } }),
    ...(shown !== undefined && { text: shown }),
    ...(sessionTitle !== undefined && { sessionTitle: shownTitle(sessionTitle) }),
  };
}

function targetIn({ messageId, turnId, factId }: RecallMarkChange): MarkTarget {
  if (factId !== undefined) return { factId };
  if (messageId !== undefined) return { messageId, ...(turnId !== undefined && { turnId }) };
  throw new InputError({ reason: 'invalid-argument', message: 'A mark is on a message or a fact.' });
}
