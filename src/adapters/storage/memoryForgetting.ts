import { HistoryError } from '../../core/errors';
import { beginningOf, isFrom, Likeness, textsOfFact } from '../../core/forgetting/alike';
import { holdsAll, readForgetQuery, type ForgetQuery } from '../../core/forgetting/forgetQuery';
import type {
  ForgetFactItem,
  Forgetting,
  ForgetItem,
  ForgetPreview,
  ForgetQueryOptions,
  ForgetReason,
  ForgetRun,
  ForgetSelection,
  ForgetSummaryItem,
  ForgetTarget,
  ForgetTurnItem,
} from '../../core/forgetting/forgetting';
import {
  countedPlaces,
  noForgetCounts,
  unreachablePlaces,
  type ForgetCounts,
  type ForgetReceipt,
} from '../../core/forgetting/receipt';
import type { Fact } from '../../core/historyLog';
import type { Summary } from '../../core/memory/summary';
import { mergedItems } from './forgetItems';
import type { MemoryHistory, MemoryTurn } from './memoryHistory';
import type { MemoryHistoryLog } from './memoryHistoryLog';
import { calledText } from '../../core/message';

export interface MemoryForgettingOptions {
  readonly history: MemoryHistory;
  readonly log: MemoryHistoryLog;
  readonly now?: () => number;
  readonly newId?: () => string;
}

interface FoundInMemory {
  readonly turns: readonly MemoryTurn[];
  readonly items: readonly ForgetItem[];
}

/** Forgetting in a MemoryHistory, which keeps nothing beside itself: what is deleted is gone at once. */
export class MemoryForgetting implements Forgetting {
  readonly #history: MemoryHistory;
  readonly #log: MemoryHistoryLog;
  readonly #now: () => number;
  readonly #newId: () => string;
  #receipts: readonly ForgetReceipt[] = [];

  constructor({ history, log, now, newId }: MemoryForgettingOptions) {
    this.#history = history;
    this.#log = log;
    this.#now = now ?? Date.now;
    this.#newId = newId ?? (() => crypto.randomUUID());
  }

  preview(target: ForgetTarget): Promise<ForgetPreview> {
    return new Promise((resolve) => resolve(this.#preview(target)));
  }

  #preview(target: ForgetTarget): ForgetPreview {
    const { turns, items } = this.#found(target);
    const facts = items.filter(({ kind }) => kind === 'fact').map(({ id }) => this.#fact(id));
    const covering = [...this.#history.state.summaries.values()].filter(({ turnIds }) =>
      turns.some(({ id }) => turnIds.includes(id)),
    );
    const going = new Set([
      ...items.map(({ kind, id }) => `${kind} ${id}`),
      ...turns.map(({ id }) => `turn ${id}`),
      ...covering.map(({ id }) => `summary ${id}`),
    ]);
    const alike = this.#alike(turns, facts).filter(({ kind, id }) => !going.has(`${kind} ${id}`));
    const summaries = covering.map(({ id, sessionId }) => ({ id, sessionId }));
    return { items: mergedItems(items), alike: mergedItems(alike), summaries, complete: true };
  }

  #found(target: ForgetTarget): FoundInMemory {
    if (target.kind === 'query') return this.#matches(target);
    if (target.kind === 'turn') {
      const turn = this.#history.turn(target.turnId) ?? notFound(`No turn ${target.turnId}`);
      return { turns: [turn], items: [this.#turnItem(turn, 'target')] };
    }
    if (target.kind === 'fact') return { turns: [], items: [factItem(this.#fact(target.factId), 'target')] };
    const { id, createdAt, title, turns: stored } = this.#history.session(target.sessionId);
    const turns = [...stored.values()];
    const counted = turns.map((turn) => this.#turnItem(turn, 'target'));
    const sum = (of: (item: ForgetTurnItem) => number): number =>
      counted.reduce((total, item) => total + of(item), 0);
    const counts = {
      turns: turns.length,
      messages: sum(({ messages }) => messages),
      bytes: sum(({ bytes }) => bytes),
    };
    return {
      turns,
      items: [{ kind: 'session', id, why: 'target', createdAt, beginning: beginningOf(title), ...counts }],
    };
  }

  #fact(id: string): Fact {
    return this.#history.state.facts.get(id) ?? notFound(`No fact ${id}`);
  }

  #turns(): readonly MemoryTurn[] {
    return [...this.#history.state.sessions.values()].flatMap(({ turns }) => [...turns.values()]);
  }

  #matches(options: ForgetQueryOptions): FoundInMemory {
    const query = readForgetQuery(options.query);
    const turns = this.#turns().filter((turn) => matches(turn, query, options));
    const isFiltered = [options.role, options.sessionId, options.after, options.before].some(
      (filter) => filter !== undefined,
    );
    const { facts, summaries, sessions } = this.#history.state;
    const others: readonly ForgetItem[] = isFiltered
      ? []
      : [
          ...[...facts.values()]
            .filter((fact) => textsOfFact(fact).some((text) => holdsAll(query, [text])))
            .map((fact) => factItem(fact, 'target')),
          ...[...summaries.values()]
            .filter(
              ({ text, turnIds }) => holdsAll(query, [text]) && !turns.some(({ id }) => turnIds.includes(id)),
            )
            .map((summary) => summaryItem(summary, 'target')),
          ...[...sessions.values()]
            .filter(({ title }) => holdsAll(query, [title]))
            .map(({ id, title }) => titleItem(id, title)),
        ];
    return { turns, items: [...turns.map((turn) => this.#turnItem(turn, 'target')), ...others] };
  }

  #alike(turns: readonly MemoryTurn[], given: readonly Fact[]): readonly ForgetItem[] {
    const likeness = new Likeness(turns, given);
    const isSource = (id: string): boolean => given.some((fact) => isFrom(fact, id));
    const { facts, summaries } = this.#history.state;
    return [
      ...this.#turns().flatMap((turn) => {
        const why = likeness.turn(turn) ?? (isSource(turn.id) ? 'from' : undefined);
        return why ? [this.#turnItem(turn, why)] : [];
      }),
      ...[...facts.values()].flatMap((fact) => {
        const why = likeness.fact(fact);
        return why ? [factItem(fact, why)] : [];
      }),
      ...[...summaries.values()].flatMap((summary) => {
        const why = likeness.text(summary.text);
        return why ? [summaryItem(summary, why)] : [];
      }),
    ];
  }

  async forget(selection: ForgetSelection, { signal, progress }: ForgetRun = {}): Promise<ForgetReceipt> {
    signal?.throwIfAborted();
    const { state } = this.#history;
    const before = this.#sizes();
    const titles = [...state.sessions.values()].map(({ id, title }) => ({ id, title }));
    const messages = await this.#log.forget(selection);
    const unfinished = this.#buried(selection.unfinishedIds ?? []);
    progress?.(1);
    const after = this.#sizes();
    const counts: ForgetCounts = {
      ...noForgetCounts,
      sessions: before.sessions - after.sessions,
      turns: before.turns - after.turns,
      facts: before.facts - after.facts,
      summaries: before.summaries - after.summaries,
      titles: titles.filter(({ id, title }) => {
        const left = state.sessions.get(id);
        const isChosen = selection.titleIds.includes(id) && (selection.seenTitles?.[id] ?? title) === title;
        return left && (left.title !== title || isChosen);
      }).length,
      messages,
      unfinished: unfinished.length,
    };
    const places = [...countedPlaces(counts), ...unreachablePlaces];
    const forgottenAt = new Date(this.#now()).toISOString();
    const receipt: ForgetReceipt = { id: this.#newId(), forgottenAt, state: 'done', counts, places };
    this.#receipts = [receipt, ...this.#receipts];
    return receipt;
  }

  /** Those that were not yet. */
  #buried(turnIds: readonly string[]): readonly string[] {
    const { tombstones } = this.#history.state;
    const fresh = [...new Set(turnIds)].filter((id) => !tombstones.has(`turn ${id}`));
    for (const id of fresh) this.#history.bury('turn', id);
    return fresh;
  }

  #sizes(): Pick<ForgetCounts, 'sessions' | 'turns' | 'facts' | 'summaries'> {
    const { sessions, facts, summaries } = this.#history.state;
    return {
      sessions: sessions.size,
      turns: this.#turns().length,
      facts: facts.size,
      summaries: summaries.size,
    };
  }

  receipts(): Promise<readonly ForgetReceipt[]> {
    return Promise.resolve(this.#receipts);
  }

  settled(receiptId: string): Promise<ForgetReceipt> {
    const receipt = this.#receipts.find(({ id }) => id === receiptId);
    if (receipt) return Promise.resolve(receipt);
    return Promise.reject(new HistoryError({ reason: 'not-found', message: `No receipt ${receiptId}` }));
  }

  #turnItem(turn: MemoryTurn, why: ForgetReason): ForgetTurnItem {
    const { id, sessionId, createdAt, messages, status, leaseUntil } = turn;
    const isRunning = status === 'running' && leaseUntil > this.#now();
    const first = messages.find(({ role }) => role === 'user') ?? messages[0];
    return {
      kind: 'turn',
      id,
      why,
      sessionId,
      createdAt,
      beginning: beginningOf(first?.content ?? ''),
      messages: messages.length,
      bytes: messages.reduce((total, message) => total + bytesOf(message), 0),
      ...(isRunning && { running: true as const }),
    };
  }
}

function matches(turn: MemoryTurn, query: ForgetQuery, options: ForgetQueryOptions): boolean {
  const { sessionId, role, after, before } = options;
  if (sessionId !== undefined && turn.sessionId !== sessionId) return false;
  return turn.messages.some((message) => {
    const at = Date.parse(message.createdAt ?? turn.createdAt);
    return (
      (role === undefined || message.role === role) &&
      (after === undefined || at >= Date.parse(after)) &&
      (before === undefined || at < Date.parse(before)) &&
      holdsAll(query, [message.content, calledText(message)])
    );
  });
}

function bytesOf(value: object): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

function factItem(fact: Fact, why: ForgetReason): ForgetFactItem {
  const { id, text, createdAt } = fact;
  return { kind: 'fact', id, why, createdAt, beginning: beginningOf(text), bytes: bytesOf(fact) };
}

function summaryItem(summary: Summary, why: ForgetReason): ForgetSummaryItem {
  const { id, sessionId, createdAt, text } = summary;
  return {
    kind: 'summary',
    id,
    why,
    sessionId,
    createdAt,
    beginning: beginningOf(text),
    bytes: bytesOf(summary),
  };
}

function titleItem(id: string, title: string): ForgetItem {
  return { kind: 'title', id, why: 'target', beginning: title, bytes: title.length };
}

function notFound(message: string): never {
  throw new HistoryError({ reason: 'not-found', message });
}
