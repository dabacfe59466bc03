/**
 * The messages between the extension host and the storage worker. Requests are answered in the order in which they
 * were sent. Both ends are built together, so nothing is validated here; what the worker reads from disk is.
 */
import type { ExportedHistory, ExportOptions, ImportOptions, ImportReport } from '../core/historyFile';
import type { SentContext } from '../core/context/sentContext';
import type { CheckReport, ReconcileReport, RepairReport, ScrubReport } from '../core/historyDoctor';
import type {
  Fact,
  HistoryCounts,
  HistoryDump,
  LoadMode,
  LoadReport,
  NewSession,
  SessionSummary,
  StoredTurn,
  TurnOutcome,
  TurnPage,
  TurnStart,
} from '../core/historyLog';
import type {
  BatchLimits,
  EmbeddingSource,
  EmbeddingState,
  MadeVector,
  Meaning,
  VectorBatch,
} from '../core/memory/embedding/vectorStore';
import type { FactVersion } from '../core/memory/fact';
import type {
  FactHit,
  FactListOptions,
  FactPage,
  ListedFact,
  MessageListOptions,
  MessagePage,
  RecallHit,
  RecallOptions,
} from '../core/memory/longTermMemory';
import type { Recalled } from '../core/memory/recalled';
import type { MarkPage, MarkTarget, RecallMark } from '../core/memory/recallMarks';
import type { Summary } from '../core/memory/summary';
import type { Message, Usage } from '../core/message';
import type { Span } from '../core/recall/passages';
import type { RetentionLimits, RetentionReport } from '../core/retention';
import type { ForgetCalls } from './forgetCalls';
import type { HashedText } from './hashedContext';
import type { MaskChoice } from './secrets';
import type { WorkspaceRecord } from './workspaceRecord';

interface Scoped {
  readonly workspaceId: string;
}
interface OfSession extends Scoped {
  readonly sessionId: string;
}
interface OfTurn extends Scoped {
  readonly turnId: string;
}
interface OfRun extends OfTurn {
  readonly owner: string;
}
/** A workspace that the log knows. */
export interface KnownWorkspace {
  readonly id: string;
  readonly aliases: readonly string[];
  /** How many turns it holds; 0 where they were not counted. */
  readonly turns: number;
  /** When it was last used, in milliseconds since 1970; 0 likewise. */
  readonly usedAt: number;
}
/** A history that a workspace may want a copy of: of a clone's original, or of a folder that it contains. */
export interface HistoryOffer {
  /** The workspace whose history it is. */
  readonly id: string;
  readonly why: 'clone' | 'member';
}
/** A running turn's messages: the first `keep` as the worker has them, then these. */
export interface MessageChange {
  readonly keep: number;
  readonly messages: readonly Message[];
}

export interface FinishOutcome extends Omit<TurnOutcome, 'messages' | 'context'> {
  /** A HashedContext as JSON: crossing as text costs a tenth. */
  readonly context?: string;
}

export interface StorageState {
  readonly logId: string;
  readonly sequence: number;
  /** Whether recall works: this Node's SQLite has FTS5. */
  readonly fullText: boolean;
  readonly journal: 'wal' | 'rollback';
}

/** What the worker can be asked: the request's tag, what goes with it, what comes back. */
export interface WorkerCalls extends ForgetCalls {
  'storage-open': { input: object; output: StorageState };
  'storage-close': { input: object; output: undefined };
  /** The workspaces that have one of the aliases, are of one of the repositories, or have one of the ids. */
  'workspace-lookup': {
    input: {
      /** The history of the workspace here is offered to nobody, so what it holds is not counted. */
      readonly place?: string;
      readonly aliases: readonly string[];
      readonly repository: readonly string[];
      readonly ids: readonly string[];
    };
    output: {
      readonly known: readonly KnownWorkspace[];
      readonly offers: Readonly<Record<string, HistoryOffer>>;
    };
  };
  /** The workspace is at this place from now on. @returns its id: another where another window was first */
  'workspace-claim': {
    input: Scoped & {
      readonly place: string;
      /** What its folder and repository are, in place of what they were. */
      readonly own: readonly string[];
      /** Places that it is at no more. */
      readonly dropped: readonly string[];
      /** Kept until it is answered, where the workspace is new. */
      readonly offer?: HistoryOffer;
    };
    output: string;
  };
  /** Copies the offered history into the workspace, or leaves it; either way it is not offered again. */
  'workspace-answer': { input: Scoped & { readonly adopt: boolean }; output: LoadReport | undefined };
  'workspace-watch': { input: Scoped & { readonly watch: boolean }; output: undefined };
  'workspace-clear': { input: Scoped; output: HistoryCounts };
  'workspace-record': { input: Scoped & { readonly maxBytes: number }; output: WorkspaceRecord };
  /** The workspace's record as globalState has it; left out where it has none that can be used. */
  'workspace-reconcile': { input: Scoped & { readonly record?: WorkspaceRecord }; output: ReconcileReport };
  'doctor-check': { input: { readonly records: readonly WorkspaceRecord[] }; output: CheckReport };
  'doctor-repair': { input: { readonly records: readonly WorkspaceRecord[] }; output: RepairReport };
  /** Makes one now, if the log has changed since the last. @returns whether it did */
  'backup-make': { input: object; output: boolean };
  /** Applies limits, or finds out what they would remove. @returns the run's id; undefined where it is not due */
  'retention-begin': {
    input: { readonly limits: RetentionLimits; readonly apply: boolean; readonly daily: boolean };
    output: string | undefined;
  };
  /** A bounded part of a run. @returns what was removed, once it is done */
  'retention-step': {
    input: { readonly run: string };
    output: { readonly report: RetentionReport; readonly workspaceIds: readonly string[] } | undefined;
  };
  'session-list': { input: Scoped; output: readonly SessionSummary[] };
  'session-read': { input: OfSession; output: SessionSummary | undefined };
  'session-create': { input: Scoped & { readonly session: NewSession }; output: SessionSummary };
  'session-rename': { input: OfSession & { readonly title: string }; output: SessionSummary };
  'session-active': { input: Scoped; output: string | undefined };
  'session-activate': { input: OfSession; output: undefined };
  'session-trim': {
    input: OfSession & { readonly contextStart: number; readonly contextKept?: readonly number[] };
    output: SessionSummary;
  };
  'session-undo-trim': { input: OfSession; output: SessionSummary };
  'session-delete': { input: OfSession; output: HistoryCounts };
  'turn-begin': {
    input: Scoped & {
      readonly turn: TurnStart;
      readonly expectedLength: number;
      readonly owner: string;
      readonly leaseMs: number;
    };
    output: number;
  };
  'turn-progress': {
    input: OfRun & {
      readonly leaseMs: number;
      /** Left out where nothing has changed since the last one. */
      readonly change?: MessageChange;
    };
    output: undefined;
  };
  'turn-finish': {
    input: OfRun & {
      readonly change: MessageChange;
      readonly outcome: FinishOutcome;
      /** Those of the outcome's context that may not be stored yet. */
      readonly texts?: readonly HashedText[];
    };
    /** `texts-needed`: nothing was written, as a text is not stored. */
    output: 'texts-needed' | undefined;
  };
  'session-usage': { input: OfSession; output: Usage | undefined };
  'turn-recover': { input: Scoped; output: readonly string[] };
  'turn-page': {
    input: OfSession & { readonly before?: number; readonly limit: number };
    output: TurnPage;
  };
  'turn-delete': { input: OfTurn; output: HistoryCounts };
  'turn-read': { input: OfTurn; output: StoredTurn | undefined };
  'turn-context': { input: OfTurn; output: SentContext | undefined };
  'turn-pin': { input: OfTurn & { readonly pinned: boolean }; output: undefined };
  'turn-pinned': { input: OfSession; output: TurnPage };
  'summary-list': {
    input: OfSession;
    /** `corrupt`: ids of those that are left out, as what is stored of them is not what was written. */
    output: { readonly summaries: readonly Summary[]; readonly corrupt?: readonly string[] };
  };
  'summary-put': { input: Scoped & { readonly summary: Summary }; output: undefined };
  'history-dump': { input: Scoped & { readonly sessionId?: string }; output: HistoryDump };
  'history-load': {
    input: Scoped & { readonly dump: HistoryDump; readonly mode: LoadMode };
    output: LoadReport;
  };
  'history-export': { input: Scoped & { readonly options: ExportOptions }; output: ExportedHistory };
  'history-import': {
    input: Scoped & {
      readonly bytes: Uint8Array;
      readonly options: ImportOptions;
      /** Left out: nothing counts as a secret. */
      readonly secrets?: MaskChoice;
    };
    output: ImportReport;
  };
  'memory-recall': {
    input: Scoped & { readonly query: string; readonly options: RecallOptions; readonly meaning?: Meaning };
    output: readonly RecallHit[];
  };
  'memory-list': { input: Scoped & { readonly options: MessageListOptions }; output: MessagePage };
  'vector-next': {
    input: Scoped & {
      readonly source: EmbeddingSource;
      readonly owner: string;
      readonly leaseMs: number;
      readonly limits: BatchLimits;
    };
    output: VectorBatch;
  };
  'vector-put': {
    input: Scoped & { readonly source: EmbeddingSource; readonly vectors: readonly MadeVector[] };
    output: number;
  };
  'vector-release': { input: Scoped & { readonly owner: string }; output: undefined };
  'vector-state': { input: Scoped & { readonly source: EmbeddingSource }; output: EmbeddingState };
  'fact-recall': {
    input: Scoped & { readonly query: string; readonly limit: number; readonly meaning?: Meaning };
    output: readonly FactHit[];
  };
  'fact-remember': { input: Scoped & { readonly fact: Fact }; output: undefined };
  'fact-forget': { input: Scoped & { readonly factId: string }; output: boolean };
  'fact-list': { input: Scoped & { readonly options: FactListOptions }; output: FactPage };
  'fact-read': { input: Scoped & { readonly factId: string }; output: ListedFact | undefined };
  'fact-edit': { input: Scoped & { readonly factId: string; readonly version: FactVersion }; output: Fact };
  'fact-separate': {
    input: Scoped & {
      readonly factId: string;
      readonly ids: { readonly present: string; readonly earlier: string };
    };
    output: { readonly present: Fact; readonly earlier: Fact };
  };
  'mark-set': {
    input: Scoped & { readonly target: MarkTarget; readonly mark?: RecallMark; readonly passage?: Span };
    output: undefined;
  };
  'mark-read': {
    input: Scoped & { readonly targets: readonly MarkTarget[] };
    output: readonly (RecallMark | undefined)[];
  };
  'mark-kept': { input: Scoped & { readonly limit: number }; output: readonly Recalled[] };
  'mark-list': {
    input: Scoped & { readonly limit: number; readonly before?: number };
    output: MarkPage;
  };
}

export type CallType = keyof WorkerCalls;

/** Calls that change nothing. */
export const readCalls: ReadonlySet<CallType> = new Set([
  'storage-open',
  'workspace-lookup',
  'workspace-record',
  'doctor-check',
  'session-list',
  'session-read',
  'session-active',
  'session-usage',
  'turn-page',
  'turn-read',
  'turn-context',
  'turn-pinned',
  'summary-list',
  'history-dump',
  'history-export',
  'memory-recall',
  'memory-list',
  'vector-state',
  'fact-recall',
  'fact-list',
  'fact-read',
  'mark-read',
  'mark-kept',
  'mark-list',
  'forget-find',
  'forget-alike',
  'receipt-list',
]);

/** Calls that may be made again where their answer was lost: reads, and writes that are idempotent by id. */
export const repeatableCalls: ReadonlySet<CallType> = new Set([
  ...readCalls,
  'turn-begin',
  'turn-progress',
  'turn-finish',
  'turn-recover',
  'turn-pin',
  'summary-put',
  'mark-set',
  'vector-next',
  'vector-put',
  'vector-release',
]);
export type CallInput<T extends CallType> = WorkerCalls[T]['input'];
export type CallOutput<T extends CallType> = WorkerCalls[T]['output'];

/** `now` is the caller's clock in milliseconds since 1970: leases and times of change are told by it. */
export type WorkerRequest = {
  [T in CallType]: { readonly type: T; readonly id: number; readonly now: number } & CallInput<T>;
}[CallType];

/** An error as it crosses: rebuilt as HistoryError or InputError on the other side. */
export interface WorkerFailure {
  readonly kind: 'history' | 'input' | 'unexpected';
  readonly reason: string;
  readonly message: string;
}

export type WorkerMessage =
  | { readonly type: 'call-result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'call-failure'; readonly id: number; readonly failure: WorkerFailure }
  /** Damage was met and repaired. */
  | { readonly type: 'history-repaired'; readonly report: RepairReport }
  /** What was deleted was in copies of the history too. */
  | { readonly type: 'copies-scrubbed'; readonly report: ScrubReport }
  /** The log is a newer version's, and is only read. */
  | { readonly type: 'newer-version' }
  /** Another window changed a workspace that is watched. */
  | { readonly type: 'history-change'; readonly workspaceId: string; readonly sessionId?: string };
