import type { Role } from '../message';
import type { Span } from '../recall/passages';
import type { MarkTarget } from './recallMarks';

/** What a request carries of a message that was said before. */
export interface RecalledPassage {
  readonly messageId: string;
  readonly turnId: string;
  readonly sessionId: string;
  readonly role: Role;
  /** Who speaks, where that is a person of several. */
  readonly name?: string;
  /** When it was said. ISO 8601, UTC. */
  readonly createdAt: string;
  /** Where in the message it stands. */
  readonly passage: Span;
  /** What is sent of it. */
  readonly text: string;
}

/** A remembered fact that a request carries. */
export interface RecalledFact {
  readonly factId: string;
  readonly text: string;
  readonly createdAt: string;
}

export type Recalled = RecalledPassage | RecalledFact;

/** Where something recalled comes from. Without its text, so that it outlives nothing that is deleted. */
export type RecalledSource = Omit<RecalledPassage, 'text'> | Omit<RecalledFact, 'text'>;

export function sourceOf(recalled: Recalled): RecalledSource {
  const { text: _text, ...source } = recalled;
  return source;
}

export function targetOf(recalled: RecalledSource): MarkTarget {
  if ('factId' in recalled) return { factId: recalled.factId };
  return { messageId: recalled.messageId, turnId: recalled.turnId };
}
