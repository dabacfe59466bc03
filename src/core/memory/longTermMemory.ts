import type { Fact } from '../historyLog';
import type { Role } from '../message';
import type { Span } from '../recall/passages';

export interface RecallOptions {
  /** At most this many hits. */
  readonly limit: number;
  /** Only this session. */
  readonly sessionId?: string;
  readonly role?: Role;
  /** Only what was said at this time or later. ISO 8601. */
  readonly after?: string;
  /** Only what was said before this time. ISO 8601. */
  readonly before?: string;
  /** Only messages that call tools, and what these returned. */
  readonly hasToolCall?: boolean;
  /** Only messages that name this path, or one that ends so, in their text or in what they call. */
  readonly path?: string;
  /**
   * What was said in the log's other workspaces, too; each hit then names its own. Only where the user asks for it: what
   * is recalled into a request, and what an agent asks for, stays within the workspace.
   */
  readonly everywhere?: boolean;
  /** Leave this turn out (the one that asks). */
  readonly exceptTurnId?: string;
  /** When it is asked, which "last week" in the query is told from. ISO 8601; left out: now. */
  readonly now?: string;
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
  /** The stretch of a long text that answers best; all of a short one. In UTF-16 code units of `text`. */
  readonly passage: Span;
  /** Where the passage holds words of the query, ascending. Empty where its neighbours alone do. */
  readonly highlights: readonly Span[];
  /** Of a search everywhere. */
  readonly workspace?: RecallWorkspace;
}

/** A workspace of the log, as people know it. */
export interface RecallWorkspace {
  readonly id: string;
  /** The last part of the path of its folder or workspace file. */
  readonly name: string;
  /** Whether it is the one that is asked in. */
  readonly here: boolean;
  /** Its folder or workspace file, if it is a single one: as the machine `remote` knows it. */
  readonly uri?: string;
  readonly remote?: string;
}

export interface FactHit extends Fact {
  readonly score: number;
}

/** Port to the search over all messages and remembered facts of a workspace. Rejects with HistoryError. */
export interface LongTermMemory {
  /**
   * Best first: messages that hold words of the query, or stand beside one that does and answer it by that. A query
   * without any searchable word finds nothing.
   */
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
