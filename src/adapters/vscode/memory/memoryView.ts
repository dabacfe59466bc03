import { isAbort } from '../../../core/errors';
import type { RecallHit } from '../../../core/memory/longTermMemory';
import type { RecallMark } from '../../../core/memory/recallMarks';
import {
  parseMemoryViewMessage,
  type MemoryHostMessage,
  type MemoryLook,
  type MemoryShow,
  type MemoryShown,
  type MemoryViewMessage,
  type ShownMemoryView,
} from '../../../protocol/memory';
import type { FactActions } from '../commands/factActions';
import { changeFact, lookAtFacts } from './factsLook';
import { lookFor, type Searched } from './searchLook';

export interface MemoryViewOptions {
  readonly post: (message: MemoryHostMessage) => void;
  readonly searched: () => Promise<Searched>;
  readonly strategy: () => MemoryShown['strategy'];
  readonly facts: FactActions;
  readonly clock: () => Date;
  /** Shows a turn where it was said; rejects with `not-found` where it was deleted. */
  readonly open: (hit: Pick<RecallHit, 'turnId' | 'workspace'>) => Promise<void>;
  readonly copy: (text: string) => Promise<void>;
  /** Where it is kept: its passage. */
  readonly mark: (
    hit: Pick<RecallHit, 'messageId' | 'turnId'> & Partial<Pick<RecallHit, 'passage'>>,
    mark: RecallMark | undefined,
  ) => Promise<void>;
  /** Shows what would be forgotten with the turn, and asks. */
  readonly forget: (turnId: string) => Promise<void>;
  readonly runCommand: (command: string) => void;
  readonly describe: (error: unknown) => { readonly reason: string; readonly message: string };
  /** A message from the view that fits no schema. */
  readonly rejected: (why: string) => void;
}

/** After a change of the history, for as long as that others may follow, in milliseconds. */
const settling = 300;

/**
 * The Memory view's host side: answers what the view looks at, and again whenever that may have changed. One search
 * runs at a time, so that typing never queues up work: what was typed meanwhile is looked for next, and the answer to
 * what is outdated is dropped.
 */
export class MemoryView {
  readonly #options: MemoryViewOptions;
  #look: MemoryLook | undefined;
  #show: MemoryShow | undefined;
  #hits: readonly RecallHit[] = [];
  #log: Searched['log'] | undefined;
  #unfollow: () => void = () => undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wanted = false;
  #working = false;
  #disposed = false;

  constructor(options: MemoryViewOptions) {
    this.#options = options;
  }

  accept(raw: unknown): void {
    const parsed = parseMemoryViewMessage(raw);
    if (!parsed.ok) this.#options.rejected(parsed.why);
    else this.#receive(parsed.value).catch((error: unknown) => this.#tell(error));
  }

  /** Has the view look at this and take the focus, now or once it is there. */
  show(target: Omit<MemoryShow, 'type'>): void {
    this.#show = { type: 'show', ...target };
    if (this.#look) this.#postShow();
  }

  /** The history or the strategy has changed. */
  refresh(): void {
    this.#wanted = true;
    if (!this.#working && this.#look) void this.#answer();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#unfollow();
  }

  async #receive(message: MemoryViewMessage): Promise<void> {
    switch (message.type) {
      case 'look':
        this.#look = message;
        if (this.#show) this.#postShow();
        this.refresh();
        return;
      case 'open':
        return this.#open(message);
      case 'copy': {
        const hit = this.#hits.find(
          ({ turnId, messageId }) => turnId === message.turnId && messageId === message.id,
        );
        if (!hit) return;
        await this.#options.copy(hit.called?.text ?? hit.text);
        this.#options.post({ type: 'notice', level: 'info', message: 'Copied.' });
        return;
      }
      case 'mark':
        return this.#mark(message);
      case 'forget':
        return this.#options.forget(message.turnId);
      case 'fact-change':
        return this.#change(message);
      case 'command-run':
        this.#options.runCommand(message.command);
    }
  }

  /** What is kept of a long message is the stretch that was found. */
  async #mark({ id: messageId, turnId, mark }: Extract<MemoryViewMessage, { type: 'mark' }>): Promise<void> {
    const hit = this.#hits.find((one) => one.messageId === messageId && one.turnId === turnId);
    try {
      await this.#options.mark(
        { messageId, turnId, ...(hit && mark === 'kept' && { passage: hit.passage }) },
        mark,
      );
    } finally {
      this.refresh();
    }
  }

  async #open({ turnId, workspaceId }: Extract<MemoryViewMessage, { type: 'open' }>): Promise<void> {
    const hit = this.#hits.find(
      ({ turnId: of, workspace }) =>
        of === turnId && (workspaceId === undefined || workspace?.id === workspaceId),
    );
    try {
      await this.#options.open(hit ?? { turnId });
    } catch (error) {
      this.#tell(error);
      this.refresh();
    }
  }

  async #change({ request, change }: Extract<MemoryViewMessage, { type: 'fact-change' }>): Promise<void> {
    const { facts, post, describe } = this.#options;
    try {
      post({ type: 'fact-changed', request, told: await changeFact(change, facts) });
    } catch (error) {
      post({ type: 'fact-changed', request, failure: describe(error).message });
    }
    this.refresh();
  }

  #postShow(): void {
    if (this.#show) this.#options.post(this.#show);
    this.#show = undefined;
  }

  async #answer(): Promise<void> {
    this.#working = true;
    while (this.#wanted && !this.#disposed) {
      this.#wanted = false;
      await this.#answerOnce();
    }
    this.#working = false;
  }

  async #answerOnce(): Promise<void> {
    const look = this.#look;
    if (!look) return;
    const view = await this.#viewOf(look);
    // Outdated by what was typed meanwhile: the next round answers.
    if (this.#wanted || this.#disposed) return;
    this.#options.post({ type: 'shown', n: look.n, strategy: this.#options.strategy(), view });
  }

  async #viewOf(look: MemoryLook): Promise<ShownMemoryView> {
    const { searched, facts, clock, describe } = this.#options;
    try {
      const place = await searched();
      this.#follow(place.log);
      if (look.tab === 'facts') return await lookAtFacts(look, facts);
      const { view, hits } = await lookFor(look, place, clock());
      this.#hits = hits;
      return view;
    } catch (error) {
      this.#hits = [];
      const outcome = { status: 'failed' as const, message: describe(error).message };
      if (look.tab === 'facts') return { tab: 'facts', text: look.text, outcome };
      return { tab: 'search', text: look.text, problems: [], outcome, facts: [] };
    }
  }

  #follow(log: Searched['log']): void {
    if (log === this.#log || this.#disposed) return;
    this.#unfollow();
    this.#log = log;
    this.#unfollow = log.onChange(() => {
      // A turn that runs changes it many times a second.
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.refresh();
      }, settling);
    });
  }

  #tell(error: unknown): void {
    if (isAbort(error) || this.#disposed) return;
    this.#options.post({ type: 'notice', level: 'error', message: this.#options.describe(error).message });
  }
}
