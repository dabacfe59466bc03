import type { Context } from '../../core/context/context';
import { turnsAt } from '../../core/context/turnsAt';
import { isAbort } from '../../core/errors';
import type { HistoryLog, StoredTurn } from '../../core/historyLog';
import type { SessionEvent } from '../../core/liveTurn';
import { chosenPolicy } from '../../core/memory/chosenPolicy';
import { reviewOf } from '../../core/memory/summaryReview';
import type { InspectedContext, Session, SessionSettings } from '../../core/session';
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
  type ShownNext,
  type ShownPast,
  type ShownSummaries,
  type ShownView,
} from '../../protocol/context';
import { promptLine } from './commands/turnPick';
import { differenceOf, withChanges } from './context/difference';
import { shownContext } from './context/shownContext';
import { shownPast } from './context/shownPast';
import { shownCompaction, shownSummary } from './context/shownSummaries';

export interface ContextViewOptions {
  readonly post: (message: ContextHostMessage) => void;
  readonly activeSession: () => Promise<Session>;
  readonly log: () => Promise<HistoryLog>;
  readonly strategy: () => ContextShown['strategy'];
  /** As they are in force. */
  readonly settings: () => ContextChoice;
  readonly counter: () => TokenCounter;
  readonly describe: (error: unknown) => { readonly reason: string; readonly message: string };
  readonly useSettings: (choice: ContextChoice) => Promise<void>;
  readonly copy: (text: string) => Promise<void>;
  /** Shows a turn in the chat. */
  readonly reveal: (turnId: string) => Promise<void>;
  /** A message from the panel that fits no schema. */
  readonly rejected: (why: string) => void;
}

/** What was inspected for a look, kept while nothing changes, so that opening an item does not build it again. */
interface Inspection {
  readonly key: string;
  readonly context: InspectedContext;
  /** Under the settings in force, where others are tried; `none` where nothing fits. */
  readonly before?: Context | 'none';
}

/** The Context panel's host side: answers what the panel looks at, and again whenever that changes. */
export class ContextView {
  readonly #options: ContextViewOptions;
  #look: ContextLook | undefined;
  #show: ContextShow | undefined;
  #session: Session | undefined;
  #unsubscribe: () => void = () => undefined;
  #inspection: Inspection | undefined;
  /** What "Copy as JSON" copies. */
  #copied: unknown;
  #wanted = false;
  #working = false;
  #disposed = false;

  constructor(options: ContextViewOptions) {
    this.#options = options;
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
    this.#inspection = undefined;
    this.#wanted = true;
    if (!this.#working && this.#look) void this.#answer();
  }

  dispose(): void {
    this.#disposed = true;
    this.#unsubscribe();
  }

  async #receive(message: ContextPanelMessage): Promise<void> {
    const { activeSession, log, reveal, useSettings, copy } = this.#options;
    switch (message.type) {
      case 'look':
        this.#looks(message);
        return;
      case 'send':
        return this.#send(message);
      case 'pin': {
        const turn = await (await log()).turn(message.turnId);
        const session = await activeSession();
        if (turn?.sessionId === session.id) await session.pin(message.turnId, message.pinned);
        return;
      }
      case 'reveal':
        return reveal(message.turnId);
      case 'use-settings':
        return useSettings(message.choice);
      case 'copy-json':
        await copy(`${JSON.stringify(this.#copied ?? null, null, 2)}\n`);
        this.#options.post({ type: 'notice', level: 'info', message: 'Copied as JSON.' });
        return;
      case 'summary-change':
        return this.#changeSummary(message);
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
    if (this.#show && this.#show.tab === look.tab && (this.#show.turnId ?? look.turnId) === look.turnId) {
      this.#show = undefined;
    }
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

  #viewOf(look: ContextLook, session: Session): Promise<ShownView> {
    if (look.tab === 'next') return this.#next(look, session);
    return look.tab === 'past' ? this.#past(look, session) : this.#summaries(session);
  }

  async #next(look: ContextLook, session: Session): Promise<ShownNext> {
    const { prompt, open } = look;
    const waiting = session.live.some(({ status }) => status === 'queued' || status === 'running');
    if (waiting) return { tab: 'next', waiting, prompt };
    try {
      const { context, before } = await this.#inspect(look, session);
      const { contextId } = context;
      this.#copied = context;
      const shown = shownContext(context, new Set(open));
      if (before === undefined) return { tab: 'next', waiting, prompt, contextId, context: shown };
      const { difference, changes } = differenceOf(before === 'none' ? undefined : before, context);
      return {
        tab: 'next',
        waiting,
        prompt,
        contextId,
        context: withChanges(shown, changes),
        difference,
      };
    } catch (error) {
      return { tab: 'next', waiting, prompt, error: this.#options.describe(error).message };
    }
  }

  async #inspect({ prompt, instead }: ContextLook, session: Session): Promise<Inspection> {
    const key = JSON.stringify([session.id, prompt, instead, this.#options.settings()]);
    if (this.#inspection?.key === key) return this.#inspection;
    const tried = instead && this.#tried(instead);
    const context = await session.inspect(prompt, tried);
    const before = tried && (await this.#inForce(prompt, session));
    this.#inspection = { key, context, ...(before && { before }) };
    return this.#inspection;
  }

  /** What differs from the settings in force; undefined where nothing does. */
  #tried({ maxTokens, ...choice }: ContextChoice): Partial<SessionSettings> | undefined {
    const { maxTokens: most, ...chosen } = this.#options.settings();
    const otherPolicy =
      this.#options.strategy() !== 'none' && JSON.stringify(choice) !== JSON.stringify(chosen);
    if (maxTokens === most && !otherPolicy) return undefined;
    return {
      ...(maxTokens !== most && { maxTokens }),
      ...(otherPolicy && { policy: chosenPolicy(choice) }),
    };
  }

  async #inForce(prompt: string, session: Session): Promise<Context | 'none'> {
    try {
      return session.contextOf(await session.parts(), prompt);
    } catch {
      return 'none';
    }
  }

  async #past({ turnId: chosen, listed, open }: ContextLook, session: Session): Promise<ShownPast> {
    const log = await this.#options.log();
    const page = await session.page(listed);
    const turns = page.turns
      .filter(({ status }) => status !== 'running')
      .map(lineOf)
      .reverse();
    const list: ShownPast = { tab: 'past', turns, more: page.more };
    this.#copied = undefined;
    const turnId = chosen ?? turns[0]?.id;
    if (turnId === undefined) return { ...list, missing: 'no-turns' };
    const turn = await log.turn(turnId);
    if (!turn) return { ...list, missing: 'deleted' };
    const shown: ShownPast = { ...list, turn: lineOf(turn) };
    const sent = await log.sentContext(turnId);
    if (!sent) return { ...shown, missing: 'unknown' };
    this.#copied = sent;
    const positions = sent.items.flatMap((item) => item.positions ?? []);
    const context = shownPast(sent, {
      turn,
      turns: await turnsAt(log, turn.sessionId, positions),
      summaries: await log.summaries(turn.sessionId),
      open: new Set(open),
    });
    return {
      ...shown,
      context,
      ...(turn.usage && { usage: { ...turn.usage } }),
      ...(turn.model !== undefined && { model: turn.model }),
    };
  }

  async #summaries(session: Session): Promise<ShownSummaries> {
    const { log: logOf, counter, settings, describe } = this.#options;
    const log = await logOf();
    const [summaries, plan] = await Promise.all([
      session.summaries(),
      session.compaction.plan('all').catch(() => ({ turns: [], tokens: 0 })),
    ]);
    const positions = summaries.flatMap(({ from, to }) =>
      Array.from({ length: to - from + 1 }, (_, index) => from + index),
    );
    const turns = [...(await turnsAt(log, session.id, positions)).values()];
    const cost = { counter: counter(), maxTokens: settings().maxTokens };
    turns.sort((a, b) => a.position - b.position);
    this.#copied = summaries;
    this.#options.post({
      type: 'compaction',
      compaction: shownCompaction(session.compaction.state, describe),
    });
    return {
      tab: 'summaries',
      summaries: summaries.map((summary) => shownSummary(reviewOf(summary, turns, cost))).reverse(),
      plan: { turns: plan.turns.length, tokens: plan.tokens },
    };
  }

  async #send({ turnId, contextId, prompt }: Extract<ContextPanelMessage, { type: 'send' }>): Promise<void> {
    const { post, activeSession, describe } = this.#options;
    const session = await activeSession();
    try {
      const ended = session.send(prompt, { turnId, contextId });
      await Promise.race([ended, begun(session, turnId)]);
      post({ type: 'sent', turnId });
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
    const summary = (await session.summaries()).find(({ id }) => id === summaryId);
    if (!summary) return this.refresh();
    await session.putSummary({
      ...summary,
      ...(state !== undefined && { state }),
      ...(text !== undefined && text !== summary.text && { text, edited: true }),
    });
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
    } else if (event.type === 'session-change' || event.type === 'turn-change') this.refresh();
  }

  #tell(error: unknown): void {
    if (isAbort(error)) return;
    this.#options.post({ type: 'notice', level: 'error', message: this.#options.describe(error).message });
  }
}

function lineOf(turn: StoredTurn): { id: string; title: string; createdAt: string } {
  return { id: turn.id, title: promptLine(turn), createdAt: turn.createdAt };
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
