import type {
  ExportedHistory,
  ExportOptions,
  HistoryFile,
  ImportOptions,
  ImportReport,
} from '../../core/historyFile';
import type { HistoryLog } from '../../core/historyLog';
import type { Masking } from '../../core/secrets/masking';
import { mapDump } from '../../core/secrets/storedTexts';
import { countsOf } from './dumpCounts';
import { readExport, writeExport } from './exportCodec';

export interface MemoryHistoryFileOptions {
  readonly log: HistoryLog;
  readonly masking: Masking;
  /** The `workspace.id` of exports. */
  readonly workspaceId: string;
}

/** Export and import of a history that is in memory anyway. Works on any log, on the calling thread. */
export class MemoryHistoryFile implements HistoryFile {
  readonly #log: HistoryLog;
  readonly #masking: Masking;
  readonly #workspaceId: string;

  constructor({ log, masking, workspaceId }: MemoryHistoryFileOptions) {
    this.#log = log;
    this.#masking = masking;
    this.#workspaceId = workspaceId;
  }

  async exportHistory(options: ExportOptions): Promise<ExportedHistory> {
    const dump = await this.#log.dump(options.sessionId);
    const bytes = writeExport(dump, this.#workspaceId, options);
    return { bytes, counts: countsOf(dump), corruptTurnIds: (dump.corrupt ?? []).map(({ id }) => id) };
  }

  async importHistory(bytes: Uint8Array, { mode, insist }: ImportOptions): Promise<ImportReport> {
    const { dump, unknownFields } = readExport(bytes, insist);
    const { value, kinds } = await this.#masking.in(dump, mapDump);
    return { ...(await this.#log.load(value, mode)), secretsMasked: kinds.length, unknownFields };
  }
}
