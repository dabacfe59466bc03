import type { SentContext } from './context/sentContext';
import type { Fact } from './memory/fact';
import type { Summary, SummaryDump } from './memory/summary';
import type { Message, Turn, TurnError, TurnStatus, Usage } from './message';

export type { Fact } from './memory/fact';

export interface SessionSummary {
  readonly id: string;
  readonly title: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** How many turns the session holds. */
  readonly length: number;
  /** Requests carry turns from this position on; 0 carries all. Trimming moves it, undoing moves it back. */
  readonly contextStart: number;
  /** Positions before `contextStart` whose turns are carried all the same; left out where there are none. */
  readonly contextKept?: readonly number[];
  /** How many trims can be undone. */
  readonly trims: number;
  readonly forkedFrom?: { readonly sessionId: string; readonly turnId: string };
  /** The log's own entry is damaged, so the title is lost; its turns may well be sound. */
  readonly corrupt?: boolean;
}

/** A turn as the log keeps it. Positions grow by one within a session; deleting leaves gaps. */
export interface StoredTurn extends Turn {
  readonly sessionId: string;
  readonly position: number;
  /** How many passages and facts its first request recalled. Told by `turn` and `turns`; in no dump. */
  readonly recalled?: number;
}

export interface NewSession {
  readonly id: string;
  readonly title: string;
  readonly createdAt: string;
  readonly forkedFrom?: { readonly sessionId: string; readonly turnId: string };
}

export interface TurnStart {
  readonly id: string;
  readonly sessionId: string;
  readonly createdAt: string;
  readonly model?: string;
  /** The user's message alone. */
  readonly messages: readonly Message[];
}

export interface BeginOptions {
  /** The session's length as the caller knows it; another length is refused as `stale`. */
  readonly expectedLength: number;
  /** Who runs the turn: one id per extension host. */
  readonly owner: string;
  /** For how long from now the turn counts as running without a sign of life, in milliseconds. */
  readonly leaseMs: number;
}

export interface TurnProgress {
  readonly messages: readonly Message[];
  readonly leaseMs: number;
}

export interface TurnOutcome {
  readonly status: Exclude<TurnStatus, 'running'>;
  readonly messages: readonly Message[];
  readonly model?: string;
  readonly usage?: Usage;
  readonly error?: TurnError;
  /** What the turn's requests carried. */
  readonly context?: SentContext;
}

export interface TurnPage {
  /** Oldest first. */
  readonly turns: readonly StoredTurn[];
  /** Whether the session has turns before the first of these. */
  readonly more: boolean;
  /** Turns of the page that are left out, as what is stored of them is not what was written. */
  readonly corrupt?: readonly CorruptTurn[];
}

export interface CorruptTurn {
  readonly id: string;
  readonly sessionId: string;
  readonly position: number;
}

/** How many of each a delete, clear or import touched. */
export interface HistoryCounts {
  readonly sessions: number;
  readonly turns: number;
  readonly messages: number;
  readonly facts: number;
}

export interface SessionDump {
  readonly id: string;
  readonly title: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly forkedFrom?: { readonly sessionId: string; readonly turnId: string };
  readonly turns: readonly Turn[];
  /** Whose turns are all among these, in the order of what they cover; left out where there are none. */
  readonly summaries?: readonly SummaryDump[];
}

/** A whole history, or a part of it, in the order of the log (sessions by creation, turns by position). */
export interface HistoryDump {
  readonly sessions: readonly SessionDump[];
  readonly facts: readonly Fact[];
  /** Turns that are left out, as what is stored of them is not what was written. */
  readonly corrupt?: readonly CorruptTurn[];
}

/**
 * update: what has the id of something stored replaces it; copy: everything comes in under new ids;
 * skip: what has the id of something stored is left out.
 */
export type LoadMode = 'update' | 'copy' | 'skip';

export interface LoadReport {
  readonly added: HistoryCounts;
  readonly updated: HistoryCounts;
  readonly skipped: HistoryCounts;
  /** Left out because they were deleted here: a delete is for good. `copy` brings them in under new ids. */
  readonly deleted: HistoryCounts;
  /** Of the sessions' summaries. Skipped are also those that cover what is not in their session. */
  readonly summaries: Readonly<Record<'added' | 'updated' | 'skipped' | 'deleted', number>>;
  /** Ids of the sessions now holding what was loaded, in the dump's order. */
  readonly sessionIds: readonly string[];
}

/** What changed, told to every open log of the same history (other windows included, in time). */
export interface HistoryChange {
  /** Undefined: any session may have changed. */
  readonly sessionId?: string;
  /** Whether this log made the change, rather than another log on the same history. */
  readonly own: boolean;
}

/**
 * Port to the durable store of one workspace's turns and of every change to them. All calls reject with
 * HistoryError. A promise that resolved is on disk (for the in-memory adapter: in memory). Calls that write are
 * idempotent by id: repeating one that was applied changes nothing and resolves alike.
 */
export interface HistoryLog {
  /** All sessions, the most recently updated first. */
  sessions(): Promise<readonly SessionSummary[]>;
  session(sessionId: string): Promise<SessionSummary | undefined>;
  createSession(session: NewSession): Promise<SessionSummary>;
  renameSession(sessionId: string, title: string): Promise<SessionSummary>;
  /** The session that a window opens with: the one last made active. */
  activeSession(): Promise<string | undefined>;
  setActiveSession(sessionId: string): Promise<void>;

  /**
   * Reserves the turn's place before any model call. `stale` where the length differs from `expectedLength`,
   * `busy` where another turn of the session runs under a live lease. Repeating it for the same turn id and owner
   * while it runs renews the lease; for a turn that has ended it rejects with `exists`.
   * @returns the turn's position
   */
  begin(turn: TurnStart, options: BeginOptions): Promise<number>;
  /** Saves what the user has seen so far, and renews the lease. `not-found` if it does not run under `owner`. */
  progress(turnId: string, owner: string, progress: TurnProgress): Promise<void>;
  /** Commits the turn. Once it resolves, the turn is acknowledged. */
  finish(turnId: string, owner: string, outcome: TurnOutcome): Promise<void>;
  /**
   * Ends as `stopped` every running turn whose lease has run out, closing tool calls without a result.
   * @returns their ids
   */
  recover(): Promise<readonly string[]>;

  /** The `limit` turns before position `before` (the newest, where it is left out). */
  turns(sessionId: string, options: { readonly before?: number; readonly limit: number }): Promise<TurnPage>;
  /** Rejects with `corrupt` where what is stored is not what was written. */
  turn(turnId: string): Promise<StoredTurn | undefined>;

  /** What the session's turns have used, as far as it was reported; undefined where it was for none. */
  usage(sessionId: string): Promise<Usage | undefined>;
  /** What the turn's requests carried; undefined where that is not known. */
  sentContext(turnId: string): Promise<SentContext | undefined>;
  /**
   * Every request of the session carries a pinned turn. `not-found` where there is no such turn, `busy` while it runs
   * under a live lease.
   */
  pin(turnId: string, pinned: boolean): Promise<void>;
  /** The session's pinned turns that have ended, oldest first. */
  pinned(sessionId: string): Promise<readonly StoredTurn[]>;

  /** The session's summaries, whatever their state, in the order of the turns that they cover. */
  summaries(sessionId: string): Promise<readonly Summary[]>;
  /**
   * Adds a summary, or replaces the one with its id. `not-found` where a turn that it covers is not in the session,
   * `busy` where one has not ended, `exists` where the summary was deleted: deleting a turn, or an import that makes
   * another of it, deletes the summaries that cover it for good.
   */
  putSummary(summary: Summary): Promise<void>;

  /** Requests carry turns from `contextStart` on, and those at the positions `contextKept` before it. Undoable. */
  trim(sessionId: string, contextStart: number, contextKept?: readonly number[]): Promise<SessionSummary>;
  /** Takes the last trim back; `not-found` where there is none. */
  undoTrim(sessionId: string): Promise<SessionSummary>;

  /**
   * Deletes one turn for good, leaving a tombstone. The others keep their positions. A session that is called after its
   * prompt is called after another one then. `busy` while it runs under a live lease, `not-found` where there is none.
   */
  deleteTurn(turnId: string): Promise<HistoryCounts>;
  /** Deletes for good, leaving tombstones. */
  deleteSession(sessionId: string): Promise<HistoryCounts>;
  /** Deletes every session and fact of the workspace for good, leaving tombstones. */
  clear(): Promise<HistoryCounts>;

  /** Of one session, or of everything. Only ended turns. */
  dump(sessionId?: string): Promise<HistoryDump>;
  /**
   * All or nothing. What comes in has ended: a running turn as `stopped`, and a tool call without a result gets an
   * "interrupted" one. InputError `not-an-export` for a tool's result without its call.
   */
  load(dump: HistoryDump, mode: LoadMode): Promise<LoadReport>;

  /** Calls `listener` after each change, by this log or another on the same history. @returns unsubscribe */
  onChange(listener: (change: HistoryChange) => void): () => void;
  close(): Promise<void>;
}
