import { isAbort } from '../../core/errors';
import type { CompactionSettings } from '../../core/memory/compaction';
import type { Fact } from '../../core/memory/fact';
import type { HistoryLog } from '../../core/historyLog';
import type { SessionEvent } from '../../core/liveTurn';
import type { Session } from '../../core/session';
import { shownTitle } from '../../core/shownTitle';
import type { TokenCounter } from '../../core/tokenCounter';
import {
  parseContextPanelMessage,
  type ContextChoice,
  type ContextHostMessage,
  type ContextLook,
  type ContextPanelMessage,
  type ContextShow,
  type ContextShown,
  type ShownView,
} from '../../protocol/context';
import type { RecallSource } from '../../protocol/receipt';
import { NextLook } from './context/nextLook';
import { lookAtPast } from './context/pastLook';
import { shownCompaction } from './context/shownSummaries';
import type { SentPrompt } from './chatView';
import type { RecallReceipts } from './recallReceipts';
import { SummaryLabels } from './context/summaryLabels';
import { lookAtSummaries } from './context/summariesLook';

export interface ContextViewOptions {
  readonly post: (message: ContextHostMessage) => void;
  readonly activeSession: () => Promise<Session>;
  readonly log: () => Promise<HistoryLog>;
  /** A remembered fact as it is now; undefined where it is gone. */
  readonly fact: (factId: string) => Promise<Fact | undefined>;
  readonly strategy: () => ContextShown['strategy'];
  /** As they are in force. */
  readonly settings: () => ContextChoice;
  /** How many tokens a request may have under such a setting: the model may take fewer. */
  readonly contextWindow: (setting: number) => number;
  /** Whether and when the oldest turns are summarised by themselves. */
  readonly compaction: () => CompactionSettings;
  readonly counter: () => TokenCounter;
  readonly describe: (error: unknown) => { readonly reason: string; readonly message: string };
  /** Asks first where the model would know less. */
  readonly undoSummary: (session: Session, summaryId: string) => Promise<unknown>;
  /** Asks which turns requests are to carry. */
  readonly trim: () => void;
  readonly useSettings: (choice: ContextChoice) => Promise<void>;
  readonly copy: (text: string) => Promise<void>;
  /** Shows a turn in the chat. */
  readonly reveal: (turnId: string) => Promise<void>;
  /** A prompt was sent from here: it may be the chat's draft. */
  readonly sent: (prompt: SentPrompt) => void;
  readonly receipts: Pick<RecallReceipts, 'sources' | 'change'>;
  /** Shows a turn in its session. */
  readonly revealSource: (source: RecallSource) => Promise<void>;
  /** A message from the panel that fits no schema. */
  readonly rejected: (why: string) => void;
}

const refreshing: ReadonlySet<SessionEvent['type']> = new Set([
  'session-change',
  'turn-change',
  'tokens-counted',
]);

/** The Context panel's host side: answers what the panel looks at, and again whenever that changes. */
export class ContextView {
  readonly #options: ContextViewOptions;
  readonly #next: NextLook;
  readonly #labels: SummaryLabels;
  #look: ContextLook | undefined;
  #show: ContextShow | undefined;
  #session: Session | undefined;
  #unsubscribe: () => void = () => undefined;
  /** What "Copy as JSON" copies. */
  #copied: unknown;
  #wanted = false;
  #working = false;
  #disposed = false;

  constructor(options: ContextViewOptions) {
    this.#options = options;
    this.#labels = new SummaryLabels(options.log);
    this.#next = new NextLook({ ...options, labels: this.#labels });
  }

  accept(raw: unknown): void {
    const parsed = parseContextPanelMessage(raw);
    if (!parsed.ok) this.#options.rejected(parsed.why);
    else this.#receive(parsed.value).catch((error: unknown) => this.#tell(error));
  }

  /** Has the panel look at this, now or once it is there. */
  show(target: Omit<ContextShow, 'type'>): void {
    this.#show = { type: 'show', ...target };
    if (this.#look) this.#options.post(this.#show);
  }

  /** Session, history or settings have changed. */
  refresh(): void {
    this.#next.forget();
    this.#wanted = true;
    if (!this.#working && this.#look) void this.#answer();
  }

  dispose(): void {
    this.#disposed = true;
    this.#unsubscribe();
  }

  async #receive(message: ContextPanelMessage): Promise<void> {
    const { activeSession, log, reveal, receipts, revealSource, useSettings, copy } = this.#options;
    switch (message.type) {
      case 'look':
        this.#looks(message);
        return;
      case 'send':
        return this.#send(message);
      case 'pin': {
        const turn = await (await log()).turn(message.turnId);
        const session = await activeSession();
        if (turn?.sessionId === session.id) await session.requests.pin(message.turnId, message.pinned);
        return;
      }
      case 'reveal':
        return reveal(message.turnId);
      case 'recall-mark':
        return receipts.change(message.change);
      case 'recall-reveal':
        return revealSource(message.source);
      case 'use-settings':
        return useSettings(message.choice);
      case 'copy-json':
        await copy(`${JSON.stringify(this.#copied ?? null, null, 2)}\n`);
        this.#options.post({ type: 'notice', level: 'info', message: 'Copied as JSON.' });
        return;
      case 'summary-change':
        return this.#changeSummary(message);
      case 'trim':
        this.#options.trim();
        return;
      case 'undo-trim':
        return (await activeSession()).requests.undoTrim();
      case 'summarise': {
        const { compaction } = await activeSession();
        await compaction.run(await compaction.plan('all'));
        return;
      }
      case 'summarise-cancel':
        (await activeSession()).compaction.cancel();
    }
  }

  #looks(look: ContextLook): void {
    this.#look = look;
    if (this.#show && isLookedAt(this.#show, look)) this.#show = undefined;
    if (this.#show) this.#options.post(this.#show);
    this.#wanted = true;
    if (!this.#working) void this.#answer();
  }

  async #answer(): Promise<void> {
    this.#working = true;
    try {
      while (this.#wanted && !this.#disposed) {
        this.#wanted = false;
        await this.#answerOnce();
      }
    } catch (error) {
      this.#tell(error);
    } finally {
      this.#working = false;
    }
  }

  async #answerOnce(): Promise<void> {
    const look = this.#look;
    if (!look) return;
    const session = await this.#options.activeSession();
    this.#follow(session);
    const view = await this.#viewOf(look, session);
    // Outdated by what has happened meanwhile: the next round answers.
    if (this.#wanted) return;
    this.#options.post({
      type: 'shown',
      n: look.n,
      session: { id: session.id, title: shownTitle(session.title) },
      strategy: this.#options.strategy(),
      settings: this.#options.settings(),
      view,
    });
  }

  async #viewOf(look: ContextLook, session: Session): Promise<ShownView> {
    const { log, fact, counter, settings, contextWindow, describe, post } = this.#options;
    switch (look.tab) {
      case 'next': {
        const view = await this.#next.look(look, session);
        this.#copied = this.#next.context;
        return view;
      }
      case 'past': {
        const { view, sent } = await lookAtPast(look, session, {
          log: await log(),
          labels: this.#labels,
          fact,
          sources: await this.#options.receipts.sources(),
        });
        this.#copied = sent;
        return view;
      }
      case 'summaries': {
        const { view, summaries } = await lookAtSummaries(look, session, {
          log: await log(),
          labels: this.#labels,
          counter: counter(),
          maxTokens: contextWindow(settings().maxTokens),
        });
        this.#copied = summaries;
        post({ type: 'compaction', compaction: shownCompaction(session.compaction.state, describe) });
        return view;
      }
    }
  }

  async #send({ turnId, contextId, prompt }: Extract<ContextPanelMessage, { type: 'send' }>): Promise<void> {
    const { post, activeSession, describe } = this.#options;
    const session = await activeSession();
    try {
      const ended = session.send(prompt, { turnId, contextId });
      await Promise.race([ended, begun(session, turnId)]);
      post({ type: 'sent', turnId });
      this.#options.sent({ sessionId: session.id, text: prompt });
      await ended;
    } catch (error) {
      post({ type: 'sent', turnId, refused: describe(error).message });
    }
  }

  async #changeSummary({
    summaryId,
    state,
    text,
  }: Extract<ContextPanelMessage, { type: 'summary-change' }>): Promise<void> {
    const session = await this.#options.activeSession();
    const summary = (await session.requests.summaries()).find(({ id }) => id === summaryId);
    if (summary) {
      const isChanged = text !== undefined && text !== summary.text;
      const change = { ...(isChanged && { text, edited: true }), ...(state === 'active' && { state }) };
      if (Object.keys(change).length > 0) await session.requests.putSummary({ ...summary, ...change });
      if (state === 'undone') await this.#options.undoSummary(session, summaryId);
    }
    this.refresh();
  }

  #follow(session: Session): void {
    if (session === this.#session) return;
    this.#unsubscribe();
    this.#session = session;
    this.#unsubscribe = session.onEvent((event) => this.#hear(event));
  }

  #hear(event: SessionEvent): void {
    if (event.type === 'compaction-change') {
      const { describe, post } = this.#options;
      post({ type: 'compaction', compaction: shownCompaction(event.state, describe) });
      if (event.state.status === 'done') this.refresh();
    } else if (refreshing.has(event.type)) this.refresh();
  }

  #tell(error: unknown): void {
    if (isAbort(error)) return;
    this.#options.post({ type: 'notice', level: 'error', message: this.#options.describe(error).message });
  }
}

/** A draft is taken over where there is no other prompt. */
function isLookedAt({ tab, turnId, prompt = '' }: ContextShow, look: ContextLook): boolean {
  return tab === look.tab && (turnId ?? look.turnId) === look.turnId && (prompt === '' || look.prompt !== '');
}

/** Resolves once the turn runs: it has its place. */
function begun(session: Session, turnId: string): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = session.onEvent((event) => {
      if (event.type !== 'turn-change' || event.turn.id !== turnId || event.turn.status === 'queued') return;
      unsubscribe();
      resolve();
    });
  });
}
