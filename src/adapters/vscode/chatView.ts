import { HistoryError } from '../../core/errors';
import type { SessionEvent } from '../../core/liveTurn';
import type { Session } from '../../core/session';
import type { WaitingPrompt } from '../../core/unfinished';
import { shownTitle } from '../../core/shownTitle';
import { HostChannel } from '../../protocol/channel';
import type { ErrorAction, HostMessage, RecallSource, ViewMessage, ViewState } from '../../protocol/chat';
import type { ContextMeter } from './contextMeter';
import { DeltaBatch } from './deltaBatch';
import { OpenReceipts } from './openReceipts';
import type { RecallReceipts } from './recallReceipts';
import { ViewContext } from './viewContext';
import { toViewTurn, type ViewTurnOptions } from './viewState';

export interface ChatViewOptions {
  readonly post: (message: HostMessage) => void;
  readonly activeSession: () => Promise<Session>;
  readonly model: () => Promise<ViewState['model']>;
  readonly strategy: () => ViewState['strategy'];
  readonly meter: ContextMeter;
  readonly describe: (error: unknown) => { readonly reason: string; readonly message: string };
  readonly actions: (reason: string) => readonly ErrorAction[];
  /** What waited in the session when an earlier window closed, until it is sent or dropped. */
  readonly returned: (sessionId: string) => readonly WaitingPrompt[];
  readonly dropReturned: (sessionId: string, turnIds: readonly string[]) => void;
  /** Asks first. */
  readonly deleteTurn: (turnId: string) => Promise<void>;
  /** Asks first where the model would know less. */
  readonly undoSummary: (session: Session, summaryId: string) => Promise<unknown>;
  readonly receipts: Pick<RecallReceipts, 'of' | 'change' | 'onChange'>;
  /** Shows a turn in its session. */
  readonly revealSource: (source: RecallSource) => Promise<void>;
  /** Shows what the model saw. */
  readonly showSentContext: (turnId: string) => Promise<void>;
  readonly openLink: (href: string) => void;
  readonly runCommand: (command: string) => void;
  /** A message from the view that fits no schema. */
  readonly rejected: (why: string) => void;
}

/** A prompt that was sent from elsewhere. */
export interface SentPrompt {
  readonly sessionId: string;
  readonly text: string;
}

const pageSize = 30;
/** On the way to a turn far up. */
const longPageSize = 150;

/**
 * One resolved view: shows the active Session live and does what the view asks. Whenever it is in doubt it sends a
 * complete snapshot.
 */
export class ChatView {
  readonly #options: ChatViewOptions;
  readonly #channel: HostChannel;
  readonly #deltas: DeltaBatch;
  readonly #context: ViewContext;
  readonly #receipts: OpenReceipts;
  #summarised: ReadonlySet<string> = new Set();
  #session: Session | undefined;
  #unsubscribe: () => void = () => undefined;
  /** Whether a snapshot is asked for, or the one under way would have missed something. */
  #wanted = false;
  #sending = false;
  /** Whether the view listens: what is posted before is lost. */
  #ready = false;
  #focusWhenShown = false;
  #revealWhenShown: string | undefined;
  #draftsSent: readonly SentPrompt[] = [];

  constructor(options: ChatViewOptions) {
    this.#options = options;
    this.#channel = new HostChannel({
      post: options.post,
      receive: (message) => {
        this.#receive(message).catch((error: unknown) => this.#tell(error));
      },
      rejected: options.rejected,
    });
    this.#deltas = new DeltaBatch((delta) => this.#channel.send(delta));
    this.#receipts = new OpenReceipts({ ...options, send: (message) => this.#channel.send(message) });
    this.#context = new ViewContext({ ...options, send: (message) => this.#channel.send(message) });
  }

  accept(raw: unknown): void {
    this.#channel.accept(raw);
  }

  /** Shows everything anew: another session is active, or model or strategy changed. */
  refresh(): void {
    this.#wanted = true;
    if (!this.#sending) void this.#sendSnapshots();
  }

  focusComposer(): void {
    this.#focusWhenShown = true;
    this.#channel.send({ type: 'composer-focus' });
  }

  /** Shows a turn of the active session, once the view shows that session. */
  reveal(turnId: string): void {
    this.#revealWhenShown = turnId;
    this.refresh();
  }

  /** @param isShown false: the view is hidden, and is told once it is there again */
  draftSent(prompt: SentPrompt, isShown: boolean): void {
    this.#draftsSent = [...this.#draftsSent, prompt];
    if (!isShown) this.#ready = false;
    if (this.#ready) this.#tellSent();
  }

  #tellSent(): void {
    for (const prompt of this.#draftsSent) this.#channel.send({ type: 'draft-sent', ...prompt });
    this.#draftsSent = [];
  }

  notice(level: 'info' | 'warning' | 'error', message: string): void {
    this.#channel.send({ type: 'notice', level, message });
  }

  dispose(): void {
    this.#unsubscribe();
    this.#context.dispose();
    this.#receipts.dispose();
    this.#deltas.drop();
  }

  async #receive(message: ViewMessage): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.refresh();
        return;
      case 'turn-send':
        return this.#send(message.turnId, message.text, message.wait);
      case 'turn-stop':
        return this.#session?.stop(message.turnId);
      case 'turn-retry':
        return this.#retry(message.turnId, message.newTurnId);
      case 'turn-delete':
        return this.#options.deleteTurn(message.turnId);
      case 'prompts-returned':
        if (this.#session) this.#options.dropReturned(this.#session.id, message.turnIds);
        return;
      case 'turn-pin':
        return (await this.#options.activeSession()).requests.pin(message.turnId, message.pinned);
      case 'turn-context':
        return this.#options.showSentContext(message.turnId);
      case 'receipt-open':
        return this.#receipts.open(message.turnId);
      case 'receipt-close':
        this.#receipts.close(message.turnId);
        return;
      case 'recall-mark':
        return this.#options.receipts.change(message.change);
      case 'recall-reveal':
        return this.#options.revealSource(message.source);
      case 'context-measure':
        this.#context.measure(message.text);
        return;
      case 'compaction-run':
        return this.#session && this.#context.compact(this.#session);
      case 'compaction-cancel':
        this.#session?.compaction.cancel();
        return;
      case 'summary-undo':
        if (this.#session) await this.#options.undoSummary(this.#session, message.summaryId);
        return;
      case 'page-load':
        return this.#sendPage(message);
      case 'link-open':
        this.#options.openLink(message.href);
        return;
      case 'command-run':
        this.#options.runCommand(message.command);
    }
  }

  async #send(turnId: string, text: string, wait = false): Promise<void> {
    const session = await this.#options.activeSession();
    try {
      await session.send(text, { turnId, wait });
    } catch (error) {
      const { reason, message } = this.#options.describe(error);
      const elsewhere = reason === 'stale' || reason === 'busy';
      this.#channel.send({
        type: 'turn-rejected',
        turnId,
        text,
        reason,
        message,
        ...(elsewhere && { choices: ['reload', 'wait'] }),
      });
    }
  }

  async #retry(turnId: string, newTurnId: string): Promise<void> {
    const session = await this.#options.activeSession();
    const prompt = await session.promptOf(turnId);
    if (prompt !== undefined) {
      await this.#send(newTurnId, prompt);
      return;
    }
    const { reason, message } = this.#options.describe(new HistoryError({ reason: 'not-found' }));
    this.#channel.send({ type: 'turn-rejected', turnId: newTurnId, text: '', reason, message });
  }

  async #sendPage({ before, long }: Extract<ViewMessage, { type: 'page-load' }>): Promise<void> {
    const session = await this.#options.activeSession();
    const page = await session.page(long ? longPageSize : pageSize, before);
    const turns = page.turns.map((turn) => toViewTurn(turn, this.#turnOptions(session)));
    this.#channel.send({ type: 'page', before, turns, more: page.more });
  }

  async #sendSnapshots(): Promise<void> {
    this.#sending = true;
    try {
      while (this.#wanted) {
        this.#wanted = false;
        await this.#sendSnapshot();
      }
    } catch (error) {
      this.#sendEmptySnapshot();
      this.#tell(error);
    } finally {
      this.#sending = false;
    }
  }

  /** Where the history cannot be read: the view works, and says what is wrong. */
  #sendEmptySnapshot(): void {
    const session = { id: 'none', title: 'Chat', length: 0 };
    const model = { label: '', builtIn: false };
    const strategy = this.#options.strategy();
    this.#channel.send({ type: 'snapshot', state: { session, turns: [], more: false, model, strategy } });
  }

  async #sendSnapshot(): Promise<void> {
    const session = await this.#options.activeSession();
    this.#follow(session);
    const [page, model, summaries] = await Promise.all([
      session.page(pageSize),
      this.#options.model(),
      session.requests.summaries(),
    ]);
    if (this.#wanted) return;
    const active = summaries.filter(({ state }) => state === 'active');
    this.#summarised = new Set(active.flatMap(({ turnIds }) => turnIds));
    // From here on synchronous: what is live now is in the snapshot, what comes later follows it.
    const options = this.#turnOptions(session);
    const live = new Set(session.live.map((turn) => turn.id));
    const stored = page.turns.filter((turn) => !live.has(turn.id));
    const { id, title, summary } = session;
    this.#deltas.drop();
    this.#channel.send({
      type: 'snapshot',
      state: {
        session: { id, title: shownTitle(title), length: summary?.length ?? 0 },
        turns: [...stored, ...session.live].map((turn) => toViewTurn(turn, options)),
        more: page.more,
        model,
        strategy: this.#options.strategy(),
        compaction: this.#context.compactionOf(session, new Set(active.map((summary) => summary.id))),
      },
    });
    const prompts = this.#options.returned(id).map((prompt) => ({ ...prompt }));
    if (prompts.length > 0) this.#channel.send({ type: 'prompts-return', prompts });
    this.#context.showAnew(session);
    if (!this.#ready) return;
    this.#tellSent();
    if (this.#focusWhenShown) this.#channel.send({ type: 'composer-focus' });
    this.#focusWhenShown = false;
    if (this.#revealWhenShown !== undefined) {
      this.#channel.send({ type: 'turn-reveal', turnId: this.#revealWhenShown });
    }
    this.#revealWhenShown = undefined;
  }

  #follow(session: Session): void {
    if (session === this.#session) return;
    this.#unsubscribe();
    this.#session = session;
    this.#unsubscribe = session.onEvent((event) => this.#show(session, event));
  }

  #show(session: Session, event: SessionEvent): void {
    if (event.type === 'text-delta') {
      this.#deltas.add(event);
      return;
    }
    this.#deltas.flush();
    switch (event.type) {
      case 'session-change':
        this.refresh();
        return;
      case 'turn-change':
        this.#wanted ||= this.#sending;
        this.#channel.send({ type: 'turn-change', turn: toViewTurn(event.turn, this.#turnOptions(session)) });
        return;
      case 'message': {
        const { type, turnId, index, message } = event;
        const calls = message.tool_calls?.map((call) => ({ ...call }));
        this.#channel.send({ type, turnId, index, message: { ...message, tool_calls: calls } });
        return;
      }
      case 'reasoning-delta':
        this.#channel.send(event);
        return;
      case 'compaction-change':
        this.#wanted ||= this.#sending;
        this.#channel.send({ type: event.type, compaction: this.#context.compactionOf(session) });
        return;
      case 'tokens-counted':
      // The meter's business.
    }
  }

  #turnOptions(session: Session): ViewTurnOptions {
    const { strategy, actions } = this.#options;
    return { summary: session.summary, strategy: strategy(), summarised: this.#summarised, actions };
  }

  #tell(error: unknown): void {
    this.notice('error', this.#options.describe(error).message);
  }
}
