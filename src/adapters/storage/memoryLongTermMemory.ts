import {
  fitsFilter,
  revisedFact,
  separatedFact,
  withoutHistory,
  type Fact,
  type FactVersion,
} from '../../core/memory/fact';
import type {
  FactHit,
  FactListOptions,
  FactPage,
  ListedFact,
  LongTermMemory,
  MessageListOptions,
  MessagePage,
  RecallHit,
  RecallOptions,
  RecallWorkspace,
} from '../../core/memory/longTermMemory';
import { calledText, isUnanswered, messageId } from '../../core/message';
import { HistoryError } from '../../core/errors';
import { calledIn } from '../../core/recall/called';
import { messageFilter } from '../../core/recall/filter';
import { englishOnly, type TellLanguage } from '../../core/recall/languages/language';
import { asListed } from '../../core/recall/listing';
import { readQuery } from '../../core/recall/query';
import { neighbourOf } from '../../core/recall/neighbour';
import { rankMessages, type Ranked, type RecallMessage, type Thread } from '../../core/recall/rank';
import { rarityIn } from '../../core/recall/rarity';
import type { MemoryHistory, MemorySession, MemoryTurn } from './memoryHistory';
import { handDownMark, putMark } from './memoryRecallMarks';
import { storedFact } from './storedShape';

/** What is kept in memory is of the window that it is kept in. */
const onlyWorkspace: RecallWorkspace = { id: 'memory', name: 'this window', here: true };

interface HeldMessage extends RecallMessage {
  readonly hit: Pick<
    RecallHit,
    'messageId' | 'turnId' | 'sessionId' | 'role' | 'name' | 'text' | 'createdAt'
  >;
  /** The session's turns, which of them it is in, and where. */
  readonly turns: readonly MemoryTurn[];
  readonly index: number;
  readonly place: number;
}

interface MemoryRecallOptions {
  readonly clock?: () => number;
  readonly tellLanguage?: TellLanguage;
}

/** Search over a MemoryHistory: everything is a candidate. */
export class MemoryLongTermMemory implements LongTermMemory {
  readonly #history: MemoryHistory;
  readonly #clock: () => number;
  readonly #tellLanguage: TellLanguage;

  /**
   * @param options.clock milliseconds since 1970: what "last week" in a query is told from
   * @param options.tellLanguage left out: every query is taken for English
   */
  constructor(history: MemoryHistory, options: MemoryRecallOptions = {}) {
    this.#history = history;
    this.#clock = options.clock ?? Date.now;
    this.#tellLanguage = options.tellLanguage ?? englishOnly;
  }

  async recall(query: string, options: RecallOptions): Promise<readonly RecallHit[]> {
    const { sessionId, everywhere, exceptTurnId, answered = false, neighbours, limit, now } = options;
    const carried = new Set(options.carried);
    const asked = readQuery(query, now === undefined ? this.#clock() : Date.parse(now), this.#tellLanguage);
    const threads = [...this.#history.state.sessions.values()]
      .filter(({ id }) => sessionId === undefined || id === sessionId)
      .map(threadOf);
    const fits = messageFilter(options);
    const hits = rankMessages(asked, threads, rarityIn(asked, threads))
      .filter(({ message }) => {
        const { turnId } = message.hit;
        if (answered && isUnansweredAt(message)) return false;
        return turnId !== exceptTurnId && !carried.has(turnId) && fits(message);
      })
      .slice(0, Math.max(0, Math.trunc(limit)))
      .map((ranked) => ({
        ...hitOf(ranked),
        ...(neighbours === true && neighbourAt(ranked.message, answered)),
        ...(everywhere === true && { workspace: onlyWorkspace }),
      }));
    return Promise.resolve(hits);
  }

  async listMessages(options: MessageListOptions): Promise<MessagePage> {
    const { sessionId, everywhere } = options;
    const limit = Math.max(0, Math.trunc(options.limit));
    const fitting = [...this.#history.state.sessions.values()]
      .filter(({ id }) => sessionId === undefined || id === sessionId)
      .flatMap((session) => threadOf(session).messages)
      .reverse()
      .filter((message) => !Number.isNaN(message.at) && messageFilter(options)(message))
      .sort((a, b) => b.at - a.at);
    const messages = fitting.slice(0, limit).map((message) => ({
      ...hitOf({ message, ...asListed(message, options) }),
      ...(everywhere === true && { workspace: onlyWorkspace }),
    }));
    return Promise.resolve({ messages, more: limit > 0 && fitting.length > limit });
  }

  async recallFacts(query: string, limit: number): Promise<readonly FactHit[]> {
    const asked = readQuery(query, this.#clock(), this.#tellLanguage);
    const threads = [...this.#history.state.facts.values()].reverse().map((fact) => ({
      session: fact.id,
      messages: [{ role: 'user' as const, text: fact.text, extra: '', at: Date.parse(fact.createdAt), fact }],
    }));
    const hits = rankMessages(asked, threads, rarityIn(asked, threads)).slice(0, Math.max(0, limit));
    return Promise.resolve(hits.map(({ message: { fact }, score }) => ({ ...withoutHistory(fact), score })));
  }

  async remember(fact: Fact): Promise<void> {
    if (this.#history.isDeleted('fact', fact.id)) {
      return Promise.reject(new HistoryError({ reason: 'exists', message: 'The fact was deleted for good' }));
    }
    if (!this.#history.state.facts.has(fact.id)) this.#history.putFact(storedFact(fact));
    return Promise.resolve();
  }

  async forget(factId: string): Promise<boolean> {
    const known = this.#history.state.facts.delete(factId);
    if (known) this.#history.bury('fact', factId);
    return Promise.resolve(known);
  }

  async editFact(factId: string, version: FactVersion): Promise<Fact> {
    const { facts } = this.#history.state;
    const fact = facts.get(factId);
    if (!fact) return Promise.reject(noFact(factId));
    const revised = revisedFact(fact, storedFact({ id: factId, ...version }));
    if (revised === fact) return Promise.resolve(fact);
    facts.delete(factId);
    facts.set(factId, revised);
    return Promise.resolve(revised);
  }

  async separateFact(
    factId: string,
    ids: { readonly present: string; readonly earlier: string },
  ): Promise<{ readonly present: Fact; readonly earlier: Fact }> {
    const { facts, marks } = this.#history.state;
    const fact = facts.get(factId);
    const separated = fact && separatedFact(fact, ids);
    if (!separated) return Promise.reject(noFact(factId));
    const mark = handDownMark(marks, factId, separated.earlier.id);
    facts.delete(factId);
    this.#history.bury('fact', factId);
    for (const one of [separated.earlier, separated.present]) facts.set(one.id, one);
    if (mark) putMark(marks, { factId: separated.present.id, mark });
    return Promise.resolve(separated);
  }

  async facts(options: FactListOptions): Promise<FactPage> {
    const { before, filter = '', history = false } = options;
    const all = [...this.#history.state.facts.values()].reverse();
    const start = before === undefined ? 0 : all.findIndex(({ id }) => id === before) + 1;
    if (before !== undefined && start === 0) return Promise.reject(noFact(before));
    const fitting = all.slice(start).filter((fact) => fitsFilter(fact, filter, history));
    const facts = fitting.slice(0, Math.max(0, Math.trunc(options.limit)));
    return Promise.resolve({
      facts: facts.map((fact) => this.#listed(history ? fact : withoutHistory(fact))),
      more: fitting.length > facts.length,
    });
  }

  async fact(factId: string): Promise<ListedFact | undefined> {
    const fact = this.#history.state.facts.get(factId);
    return Promise.resolve(fact && this.#listed(fact));
  }

  #listed(fact: Fact): ListedFact {
    const isGone = fact.source !== undefined && !this.#history.turn(fact.source.turnId);
    return { ...fact, ...(isGone && { sourceDeleted: true as const }) };
  }
}

function noFact(id: string): HistoryError {
  return new HistoryError({ reason: 'not-found', message: `No fact ${id}` });
}

function hitOf({ message, extraHighlights, ...match }: Ranked<HeldMessage>): RecallHit {
  return { ...message.hit, ...match, ...calledIn({ message, extraHighlights }) };
}

function threadOf(session: MemorySession): Thread<HeldMessage> {
  const turns = [...session.turns.values()].filter(({ status }) => status !== 'running');
  const messages = turns.flatMap((turn, index) =>
    turn.messages.map((message, place): HeldMessage => {
      const { role, name, content: text, createdAt = turn.createdAt } = message;
      return {
        role,
        ...(name !== undefined && { name }),
        text,
        extra: calledText(message),
        at: Date.parse(createdAt),
        hit: {
          messageId: message.id ?? messageId(turn.id, place),
          turnId: turn.id,
          sessionId: turn.sessionId,
          role,
          ...(name !== undefined && { name }),
          text,
          createdAt,
        },
        turns,
        index,
        place,
      };
    }),
  );
  return { session: session.id, messages };
}

function isUnansweredAt({ turns, index }: HeldMessage): boolean {
  const turn = turns[index];
  return turn !== undefined && isUnanswered(turn);
}

function neighbourAt({ turns, index, place }: HeldMessage, answered: boolean): Pick<RecallHit, 'neighbour'> {
  const turn = turns[index];
  if (!turn) return {};
  const beside = (one: MemoryTurn | undefined): MemoryTurn | undefined =>
    answered && one && isUnanswered(one) ? undefined : one;
  const neighbour = neighbourOf({
    turn,
    place,
    before: () => beside(turns[index - 1]),
    after: () => beside(turns[index + 1]),
  });
  return neighbour ? { neighbour } : {};
}
