import type {
  ExportedHistory,
  ExportOptions,
  HistoryFile,
  ImportOptions,
  ImportReport,
} from '../../core/historyFile';
import type { ScopedClient } from '../storage/workspaceClient';

export interface WorkerHistoryFileOptions {
  readonly client: ScopedClient;
  readonly workspaceId: string;
}

/** Export and import within the storage worker: this thread only moves the file's bytes. */
export class WorkerHistoryFile implements HistoryFile {
  readonly #client: ScopedClient;
  readonly #workspaceId: string;

  constructor({ client, workspaceId }: WorkerHistoryFileOptions) {
    this.#client = client;
    this.#workspaceId = workspaceId;
  }

  exportHistory(options: ExportOptions): Promise<ExportedHistory> {
    return this.#client.call('history-export', { workspaceId: this.#workspaceId, options });
  }

  async importHistory(bytes: Uint8Array, options: ImportOptions): Promise<ImportReport> {
    const workspaceId = this.#workspaceId;
    const report = await this.#client.call('history-import', { workspaceId, bytes, options }, movable(bytes));
    this.#client.changed({ workspaceId });
    return report;
  }
}

/** A view on a part of a buffer (Node pools small ones) is copied: the rest may be in use. */
function movable(bytes: Uint8Array): ArrayBuffer[] {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
