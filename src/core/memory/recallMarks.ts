import type { StoredTurn } from '../historyLog';
import { messageId, type Message } from '../message';
import type { Span } from '../recall/passages';
import type { Recalled } from './recalled';

/** `muted`: never recalled into a request; still found by search. `kept`: recalled into every request it fits. */
export const recallMarks = ['muted', 'kept'] as const;
export type RecallMark = (typeof recallMarks)[number];

export interface MessageTarget {
  readonly messageId: string;
  /** Left out: it is looked for, which takes long where the message was imported with an id of its own. */
  readonly turnId?: string;
}

export interface FactTarget {
  readonly factId: string;
}

/** What is marked: a message as a whole, or a fact. */
export type MarkTarget = MessageTarget | FactTarget;

export type MarkedRecalled = Recalled & {
  readonly mark: RecallMark;
  /** Goes on behind this one: see `list`. */
  readonly cursor: number;
};

export interface MarkPage {
  /** The newest mark first. What is damaged is left out. */
  readonly marks: readonly MarkedRecalled[];
  readonly more: boolean;
}

/**
 * Port to what the user marked of a workspace's memory, for recall into requests. A mark goes with what it is on: with
 * its turn or fact, and where an import makes another of the message. Exports are without. Rejects with HistoryError.
 */
export interface RecallMarks {
  /**
   * In place of the target's mark, if it has one; undefined takes that back. Idempotent. `not-found` where there is no
   * such message or fact, `busy` while the turn runs, `corrupt` where it is damaged; taking back never rejects so.
   * @param passage what is to be kept of a long message; left out: all of it
   */
  mark(target: MarkTarget, mark: RecallMark | undefined, passage?: Span): Promise<void>;
  /** In the targets' order; undefined where there is none. */
  marksOf(targets: readonly MarkTarget[]): Promise<readonly (RecallMark | undefined)[]>;
  /** What is kept, that marked last first, at most `limit` of them: the passages to send. */
  kept(limit: number): Promise<readonly Recalled[]>;
  /** @param before the cursor of the last one that is known: those behind it */
  list(options: { readonly limit: number; readonly before?: number }): Promise<MarkPage>;
}

/** Nothing is marked, and nothing can be. */
export const noRecallMarks: RecallMarks = {
  mark: () => Promise.resolve(),
  marksOf: (targets) => Promise.resolve(targets.map(() => undefined)),
  kept: () => Promise.resolve([]),
  list: () => Promise.resolve({ marks: [], more: false }),
};

/** The message of a turn that has the id; undefined where there is none. */
export function messageIn(
  turn: { readonly id: string; readonly messages: readonly Message[] },
  id: string,
): Message | undefined {
  return turn.messages.find((message, place) => (message.id ?? messageId(turn.id, place)) === id);
}

/** The turn that a message is of, where its id tells. */
export function turnIdIn(id: string): string | undefined {
  const dot = id.lastIndexOf('.');
  return dot > 0 && /^\d+$/.test(id.slice(dot + 1)) ? id.slice(0, dot) : undefined;
}

/** The part of the text that the span is in it, cut to where the text ends; all of it without one. */
export function spanWithin(text: string, span: Span | undefined): Span {
  const start = Math.min(Math.max(0, span?.start ?? 0), text.length);
  const end = Math.min(Math.max(start, span?.end ?? text.length), text.length);
  return end > start ? { start, end } : { start: 0, end: text.length };
}

/** A message as it is recalled; undefined where the turn has no such one. */
export function markedMessage(turn: StoredTurn, id: string, span: Span | undefined): Recalled | undefined {
  const message = messageIn(turn, id);
  if (!message) return undefined;
  const { role, content, createdAt = turn.createdAt } = message;
  const passage = spanWithin(content, span);
  return {
    messageId: id,
    turnId: turn.id,
    sessionId: turn.sessionId,
    role,
    createdAt,
    passage,
    text: content.slice(passage.start, passage.end),
  };
}
