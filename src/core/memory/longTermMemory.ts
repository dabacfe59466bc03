import type { Fact } from '../historyLog';
import type { Role } from '../message';

export interface RecallOptions {
  /** At most this many hits. */
  readonly limit: number;
  /** Only this session. */
  readonly sessionId?: string;
  readonly role?: Role;
  /** Leave this turn out (the one that asks). */
  readonly exceptTurnId?: string;
}

export interface RecallHit {
  readonly messageId: string;
  readonly turnId: string;
  readonly sessionId: string;
  readonly role: Role;
  /** Higher is better; comparable within one answer only. */
  readonly score: number;
  /** The whole message. */
  readonly text: string;
  readonly createdAt: string;
}

export interface FactHit extends Fact {
  readonly score: number;
}

/** Port to the search over all messages and remembered facts of a workspace. Rejects with HistoryError. */
export interface LongTermMemory {
  /** Best first. A query without any searchable word finds nothing. */
  recall(query: string, options: RecallOptions): Promise<readonly RecallHit[]>;
  /** Best first. */
  recallFacts(query: string, limit: number): Promise<readonly FactHit[]>;
  /** Keeps a fact; idempotent by id. */
  remember(fact: Fact): Promise<void>;
  /** Deletes a fact for good. @returns whether there was one */
  forget(factId: string): Promise<boolean>;
  /** Newest first. */
  facts(limit: number): Promise<readonly Fact[]>;
}
