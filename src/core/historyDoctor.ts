/** How many of each. */
export interface SourceCounts {
  readonly sessions: number;
  readonly turns: number;
  readonly facts: number;
}

/** A turn that is known to have been stored, as far as it can still be named. */
export interface LostTurn {
  readonly id: string;
  readonly workspaceId?: string;
  readonly sessionId?: string;
  readonly sessionTitle?: string;
}

/** Turns of one session that left no trace: only the session's own count tells that they were there. */
export interface MissingTurns {
  readonly workspaceId: string;
  readonly sessionId: string;
  readonly sessionTitle?: string;
  /** At least so many; exactly, where the plan's `countKnown` is true. */
  readonly turns: number;
}

export type HistoryProblemKind =
  | 'unreadable' // SQLite cannot read the file, or a part of it
  | 'checksum' // a turn, fact or session is not what was written
  | 'behind-backup' // a backup of the same log is further than the log
  | 'behind-record' // a workspace's record is further than the log
  | 'other-log' // the file is another log than the backups are of
  | 'missing' // there are backups, and no log
  | 'count' // a session holds fewer turns than it counts
  | 'write-ahead-log'; // acknowledged changes that SQLite would pass over

export interface HistoryProblem {
  readonly kind: HistoryProblemKind;
  /** For the report: says what and where, without content. */
  readonly message: string;
}

/** What a repair brings into the new log, by where it comes from, and what it cannot bring. */
export interface RepairPlan {
  readonly fromLog: SourceCounts;
  /** From a backup, and not in what could be read of the log. */
  readonly fromBackup: SourceCounts;
  /** From a workspace's record, and in neither of the others. */
  readonly fromRecord: SourceCounts;
  readonly lost: readonly LostTurn[];
  /** Beyond `lost`. */
  readonly missing: readonly MissingTurns[];
  /** False: the sessions' counts are damaged too, or older ones, so there may be more that is named nowhere. */
  readonly countKnown: boolean;
  /** How many summaries, and texts that requests carried, cannot be brought back; left out where none is lost. */
  readonly lostSummaries?: number;
  readonly lostTexts?: number;
}

export interface BackupFile {
  readonly path: string;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly bytes: number;
}

export interface CheckReport {
  readonly checkedAt: string;
  readonly sound: boolean;
  readonly problems: readonly HistoryProblem[];
  /** What a repair would do now. A sound log is left as it is, and has no plan. */
  readonly plan?: RepairPlan;
  /** What is stored and sound. */
  readonly holds: SourceCounts;
  /** Newest first. */
  readonly backups: readonly BackupFile[];
  /** Folders with copies of damaged logs, newest first. */
  readonly quarantine: readonly string[];
  /** Why nothing can be stored, sound as the history may be: for the user. Left out where it can. */
  readonly notStored?: string;
}

export interface RepairReport extends RepairPlan {
  readonly repairedAt: string;
  /** False: there was nothing to repair, or another window had done so already. */
  readonly repaired: boolean;
  /** By itself, when damage was met; else it was asked for. */
  readonly automatic: boolean;
  readonly problems: readonly HistoryProblem[];
  /** The folder with the copy of what was there before. */
  readonly quarantine?: string;
  /** The oldest copies, removed as there were too many. */
  readonly quarantineRemoved?: readonly string[];
}

/** What became of what was deleted for good in the copies of the history: backups, and quarantined damaged files. */
export interface ScrubReport {
  readonly scrubbedAt: string;
  /** Copies that held something of it, and do no more. */
  readonly cleaned: readonly string[];
  /** Copies that could not be read and therefore not be cleaned: removed, as the delete asks for. */
  readonly removed: readonly string[];
  /** Copies that could not be reached, and may hold it still: they are tried again. */
  readonly unreachable: readonly string[];
}

/** What activation found by comparing the log with the workspace's record in globalState. */
export interface ReconcileReport {
  /**
   * no-record: nothing to compare with. agrees: the log has all that the record knows.
   * behind: the same log, and the record knows more: the log had lost something.
   * empty-log: nothing was stored here, as in a rebuilt container. other-log: both have a history of their own.
   */
  readonly relation: 'no-record' | 'agrees' | 'behind' | 'empty-log' | 'other-log';
  /** Brought into the log from the record. */
  readonly restored: SourceCounts;
  /** Those of its turns that the log had nothing of. */
  readonly addedTurns: readonly { readonly id: string; readonly sessionId: string }[];
  /** Taken out of the log, as the record knows them deleted for good. */
  readonly deleted: SourceCounts;
  /** Turns that the record counts and does not hold, and that the log does not have; at least so many. */
  readonly missing: readonly MissingTurns[];
}

/** Port to the checks and repairs of the whole history, all workspaces of this machine. Rejects with HistoryError. */
export interface HistoryDoctor {
  /** Reads everything; takes its time. Changes nothing. */
  check(): Promise<CheckReport>;
  /**
   * Copies what is there to quarantine, and replaces it by what can be read of it, filled up from backups and records.
   * What was deleted stays deleted. A sound log is left as it is.
   */
  repair(): Promise<RepairReport>;
  /** Told of every repair of this window, those before it listened too. @returns unsubscribe */
  onRepair(listener: (report: RepairReport) => void): () => void;
  /** Told when something deleted was in copies of the history too, those before it listened too. @returns unsubscribe */
  onScrub(listener: (report: ScrubReport) => void): () => void;
  /** Told when a newer version of the extension has written the history, so that it is only read. @returns unsubscribe */
  onNewerVersion(listener: () => void): () => void;
}
