import { HistoryError } from '../errors';
import type { HistoryLog } from '../historyLog';
import { calledText } from '../message';
import type { LongTermMemory } from '../memory/longTermMemory';
import { beginningOf, Likeness, type TextFact, type TextTurn } from './alike';
import { holdsAll, readForgetQuery } from './forgetQuery';
import type {
  Forgetting,
  ForgetPreview,
  ForgetQueryOptions,
  ForgetReason,
  ForgetRun,
  ForgetSelection,
  ForgetTarget,
  ForgetTurnItem,
} from './forgetting';
import type { ForgetReceipt } from './receipt';
import type { UnfinishedTurn, UnfinishedTurns } from './unfinishedTurns';

export interface ForgettingUnfinishedOptions {
  /** Of what the log has. */
  readonly forgetting: Forgetting;
  readonly log: Pick<HistoryLog, 'turn' | 'turns'>;
  readonly memory: Pick<LongTermMemory, 'fact'>;
  readonly unfinished: UnfinishedTurns;
}

/** So many turns that are to go are compared with what is unfinished. */
const mostCompared = 200;

/** Forgetting that reaches what no log has yet, too: prompts that wait, and turns that could not be written. */
export class ForgettingUnfinished implements Forgetting {
  readonly #options: ForgettingUnfinishedOptions;

  constructor(options: ForgettingUnfinishedOptions) {
    this.#options = options;
  }

  async preview(target: ForgetTarget, run?: ForgetRun): Promise<ForgetPreview> {
    const all = this.#options.unfinished.list();
    if (all.length === 0) return this.#options.forgetting.preview(target, run);
    const asked = all.filter((turn) => isAsked(turn, target));
    const stored = await this.#stored(target, asked, run);
    const known = new Set([...stored.items, ...stored.alike].map(({ id }) => id));
    const likeness = await this.#likeness(stored, asked);
    const alike = all.flatMap((turn) => {
      const why = asked.includes(turn) || known.has(turn.id) ? undefined : likeness.turn(turn);
      return why ? [itemOf(turn, why)] : [];
    });
    const items = asked.filter(({ id }) => !known.has(id)).map((turn) => itemOf(turn, 'target'));
    return { ...stored, items: [...stored.items, ...items], alike: [...stored.alike, ...alike] };
  }

  /** Nothing of it needs to be stored, where it is unfinished. */
  async #stored(
    target: ForgetTarget,
    asked: readonly UnfinishedTurn[],
    run?: ForgetRun,
  ): Promise<ForgetPreview> {
    try {
      return await this.#options.forgetting.preview(target, run);
    } catch (error) {
      const isNotStored = error instanceof HistoryError && error.reason === 'not-found' && asked.length > 0;
      if (!isNotStored) throw error;
      return { items: [], alike: [], summaries: [], complete: true };
    }
  }

  async #likeness({ items }: ForgetPreview, asked: readonly UnfinishedTurn[]): Promise<Likeness> {
    const { log, memory } = this.#options;
    const turns: TextTurn[] = [...asked];
    const facts: TextFact[] = [];
    for (const { kind, id } of items.slice(-mostCompared)) {
      // What is damaged has no text to compare.
      if (kind === 'turn') turns.push(...asList(await log.turn(id).catch(() => undefined)));
      if (kind === 'fact') facts.push(...asList(await memory.fact(id)));
      if (kind !== 'session') continue;
      const page = await log.turns(id, { limit: mostCompared }).catch(() => undefined);
      turns.push(...(page?.turns ?? []));
    }
    return new Likeness(turns, facts);
  }

  /** First what is unfinished, so that it is not written meanwhile. */
  async forget(selection: ForgetSelection, run?: ForgetRun): Promise<ForgetReceipt> {
    run?.signal?.throwIfAborted();
    const { forgetting, unfinished } = this.#options;
    const unfinishedIds = unfinished
      .list()
      .filter(
        ({ id, sessionId }) => selection.turnIds.includes(id) || selection.sessionIds.includes(sessionId),
      )
      .map(({ id }) => id);
    if (unfinishedIds.length === 0) return forgetting.forget(selection, run);
    await unfinished.remove(unfinishedIds);
    return forgetting.forget({ ...selection, unfinishedIds }, run);
  }

  receipts(): Promise<readonly ForgetReceipt[]> {
    return this.#options.forgetting.receipts();
  }

  settled(receiptId: string, signal?: AbortSignal): Promise<ForgetReceipt> {
    return this.#options.forgetting.settled(receiptId, signal);
  }
}

function isAsked(turn: UnfinishedTurn, target: ForgetTarget): boolean {
  switch (target.kind) {
    case 'turn':
      return turn.id === target.turnId;
    case 'session':
      return turn.sessionId === target.sessionId;
    case 'fact':
      return false;
    case 'query':
      return matches(turn, target);
  }
}

function matches(turn: UnfinishedTurn, options: ForgetQueryOptions): boolean {
  const { sessionId, role, after, before } = options;
  if (sessionId !== undefined && turn.sessionId !== sessionId) return false;
  const query = readForgetQuery(options.query);
  return turn.messages.some((message) => {
    // What has no time is in no period.
    const at = Date.parse(message.createdAt ?? turn.createdAt ?? '');
    return (
      (role === undefined || message.role === role) &&
      (after === undefined || at >= Date.parse(after)) &&
      (before === undefined || at < Date.parse(before)) &&
      holdsAll(query, [message.content, calledText(message)])
    );
  });
}

function itemOf(
  { id, sessionId, state, createdAt, messages }: UnfinishedTurn,
  why: ForgetReason,
): ForgetTurnItem {
  const prompt = messages.find(({ role }) => role === 'user');
  return {
    ...{ kind: 'turn', id, why, sessionId, createdAt: createdAt ?? '', messages: messages.length },
    beginning: beginningOf(prompt?.content ?? ''),
    bytes: new TextEncoder().encode(JSON.stringify(messages)).length,
    unfinished: state,
  };
}

function asList<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}
