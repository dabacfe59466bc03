import type {
  ExportedHistory,
  ExportOptions,
  HistoryFile,
  ImportOptions,
  ImportReport,
} from '../../core/historyFile';
import type { HistoryLog } from '../../core/historyLog';
import { countsOf } from './dumpCounts';
import { readExport, writeExport } from './exportCodec';

export interface MemoryHistoryFileOptions {
  readonly log: HistoryLog;
  /** The `workspace.id` of exports. */
  readonly workspaceId: string;
}

/** Export and import of a history that is in memory anyway. Works on any log, on the calling thread. */
export class MemoryHistoryFile implements HistoryFile {
  readonly #log: HistoryLog;
  readonly #workspaceId: string;

  constructor({ log, workspaceId }: MemoryHistoryFileOptions) {
    this.#log = log;
    this.#workspaceId = workspaceId;
  }

  async exportHistory(options: ExportOptions): Promise<ExportedHistory> {
    const dump = await this.#log.dump(options.sessionId);
    const bytes = writeExport(dump, this.#workspaceId, options);
    return { bytes, counts: countsOf(dump), corruptTurnIds: (dump.corrupt ?? []).map(({ id }) => id) };
  }

  async importHistory(bytes: Uint8Array, { mode, insist }: ImportOptions): Promise<ImportReport> {
    const { dump, unknownFields } = readExport(bytes, insist);
    return { ...(await this.#log.load(dump, mode)), unknownFields };
  }
}
