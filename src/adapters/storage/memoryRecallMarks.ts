import { HistoryError } from '../../core/errors';
import type { Recalled } from '../../core/memory/recalled';
import {
  markedMessage,
  messageIn,
  spanWithin,
  turnIdIn,
  type MarkedRecalled,
  type MarkPage,
  type MarkTarget,
  type RecallMark,
  type RecallMarks,
} from '../../core/memory/recallMarks';
import type { Span } from '../../core/recall/passages';
import { storedTurnOf, type MemoryHistory, type MemoryMark } from './memoryHistory';
import { storedText } from './storedShape';

/** In place of the mark that what is marked has, if it has one; it is the newest then. */
export function putMark(marks: Map<string, MemoryMark>, mark: Omit<MemoryMark, 'order'>): void {
  const order = ([...marks.values()].at(-1)?.order ?? 0) + 1;
  marks.delete(keyOf(mark));
  marks.set(keyOf(mark), { ...mark, order });
}

/** The mark of a fact is on another from now on, at the same place among them. @returns it, where there is one */
export function handDownMark(
  marks: Map<string, MemoryMark>,
  from: string,
  to: string,
): RecallMark | undefined {
  const all = [...marks.values()];
  marks.clear();
  for (const one of all) {
    const next = one.factId === from ? { ...one, factId: to } : one;
    marks.set(keyOf(next), next);
  }
  return all.find(({ factId }) => factId === from)?.mark;
}

/** The recall marks of a MemoryHistory. */
export class MemoryRecallMarks implements RecallMarks {
  readonly #history: MemoryHistory;

  constructor(history: MemoryHistory) {
    this.#history = history;
  }

  async mark(target: MarkTarget, mark: RecallMark | undefined, passage?: Span): Promise<void> {
    return new Promise((resolve) => {
      const { marks } = this.#history.state;
      const place = this.#placeOf(target);
      const key = keyOf(place);
      if (mark === undefined) marks.delete(key);
      else {
        const text = this.#textOf(target, place);
        const span = passage && place.factId === undefined && { passage: spanWithin(text, passage) };
        const known = marks.get(key);
        const next = { ...place, mark, ...span };
        if (JSON.stringify(known) !== JSON.stringify({ ...next, order: known?.order })) putMark(marks, next);
      }
      this.#history.changed();
      resolve();
    });
  }

  async marksOf(targets: readonly MarkTarget[]): Promise<readonly (RecallMark | undefined)[]> {
    const { marks } = this.#history.state;
    return Promise.resolve(targets.map((target) => marks.get(keyOf(this.#placeOf(target)))?.mark));
  }

  async kept(limit: number): Promise<readonly Recalled[]> {
    const kept = this.#newestFirst().filter(({ mark }) => mark === 'kept');
    return Promise.resolve(
      kept.slice(0, Math.max(0, limit)).map(({ mark: _mark, cursor: _cursor, ...recalled }) => recalled),
    );
  }

  async list(options: { readonly limit: number; readonly before?: number }): Promise<MarkPage> {
    const { limit, before = Infinity } = options;
    const all = this.#newestFirst().filter(({ cursor }) => cursor < before);
    const marks = all.slice(0, Math.max(0, limit));
    return Promise.resolve({ marks, more: all.length > marks.length });
  }

  #newestFirst(): readonly MarkedRecalled[] {
    return [...this.#history.state.marks.values()].reverse().flatMap((one) => {
      const recalled = this.#recalledOf(one);
      return recalled ? [{ ...recalled, mark: one.mark, cursor: one.order }] : [];
    });
  }

  #recalledOf({ messageId = '', turnId = '', factId, passage }: MemoryMark): Recalled | undefined {
    const fact = factId === undefined ? undefined : this.#history.state.facts.get(factId);
    if (fact) return { factId: fact.id, text: fact.text, createdAt: fact.createdAt };
    const turn = this.#history.turn(turnId);
    return turn && markedMessage(storedTurnOf(turn), messageId, passage);
  }

  #placeOf(target: MarkTarget): Pick<MemoryMark, 'messageId' | 'turnId' | 'factId'> {
    if ('factId' in target) return { factId: storedText(target.factId) };
    const messageId = storedText(target.messageId);
    const turnId = target.turnId === undefined ? this.#turnOf(messageId) : storedText(target.turnId);
    return { messageId, ...(turnId !== undefined && { turnId }) };
  }

  #turnOf(messageId: string): string | undefined {
    const told = turnIdIn(messageId);
    const turn = told === undefined ? undefined : this.#history.turn(told);
    if (turn && messageIn(turn, messageId)) return told;
    const turns = [...this.#history.state.sessions.values()].flatMap((one) => [...one.turns.values()]);
    return turns.find((one) => messageIn(one, messageId))?.id;
  }

  /** Of what there is to be marked. @throws HistoryError */
  #textOf(target: MarkTarget, { messageId = '', turnId = '', factId }: Partial<MemoryMark>): string {
    const turn = this.#history.turn(turnId);
    if (factId === undefined && turn?.status === 'running') {
      throw new HistoryError({ reason: 'busy', message: `Turn ${turnId} is running` });
    }
    const text =
      factId === undefined
        ? turn && messageIn(turn, messageId)?.content
        : this.#history.state.facts.get(factId)?.text;
    if (text !== undefined) return text;
    const what = 'factId' in target ? `fact ${target.factId}` : `message ${target.messageId}`;
    throw new HistoryError({ reason: 'not-found', message: `No ${what}` });
  }
}

function keyOf({ messageId, turnId, factId }: Pick<MemoryMark, 'messageId' | 'turnId' | 'factId'>): string {
  return JSON.stringify(factId === undefined ? ['message', turnId, messageId] : ['fact', factId]);
}
