import type { HistoryCounts, LoadMode, LoadReport } from './historyLog';

export interface ExportOptions {
  /** Only this session, and no facts. */
  readonly sessionId?: string;
  readonly workspaceName: string;
  /** Who wrote the file: `throughline x.y.z`. */
  readonly generator: string;
  /** ISO 8601, UTC. */
  readonly exportedAt: string;
}

export interface ExportedHistory {
  /** The file: UTF-8 JSON. */
  readonly bytes: Uint8Array;
  readonly counts: HistoryCounts;
  /** Turns that are left out because what the disk holds of them is not what was written. */
  readonly corruptTurnIds: readonly string[];
}

export interface ImportOptions {
  readonly mode: LoadMode;
  /** Accepts a file whose checksum is wrong. */
  readonly insist?: boolean;
}

export interface ImportReport extends LoadReport {
  /** How many secrets were masked in what the file holds. */
  readonly secretsMasked: number;
  /** Fields of the file that this version does not know and did not keep, as paths; the first hundred. */
  readonly unknownFields: readonly string[];
}

/**
 * Port to the export file (docs/formats). Only ended turns are exported. Rejects with InputError `not-an-export`,
 * `newer-export`, `wrong-checksum` or `invalid-argument` (too large), or with HistoryError; then nothing has changed.
 */
export interface HistoryFile {
  exportHistory(options: ExportOptions): Promise<ExportedHistory>;
  /** `bytes` is given away: its memory may be moved to another thread. */
  importHistory(bytes: Uint8Array, options: ImportOptions): Promise<ImportReport>;
}
