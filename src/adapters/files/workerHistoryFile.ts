import type {
  ExportedHistory,
  ExportOptions,
  HistoryFile,
  ImportOptions,
  ImportReport,
} from '../../core/historyFile';
import type { MaskChoice } from '../../protocol/secrets';
import type { ScopedClient } from '../storage/workspaceClient';

export interface WorkerHistoryFileOptions {
  readonly client: ScopedClient;
  readonly workspaceId: string;
  /** What counts as a secret; left out: nothing does. */
  readonly secrets?: () => Promise<MaskChoice>;
}

/** Export and import within the storage worker: this thread only moves the file's bytes. */
export class WorkerHistoryFile implements HistoryFile {
  readonly #client: ScopedClient;
  readonly #workspaceId: string;
  readonly #secrets: (() => Promise<MaskChoice>) | undefined;

  constructor({ client, workspaceId, secrets }: WorkerHistoryFileOptions) {
    this.#client = client;
    this.#workspaceId = workspaceId;
    this.#secrets = secrets;
  }

  exportHistory(options: ExportOptions): Promise<ExportedHistory> {
    return this.#client.call('history-export', { workspaceId: this.#workspaceId, options });
  }

  async importHistory(bytes: Uint8Array, options: ImportOptions): Promise<ImportReport> {
    const workspaceId = this.#workspaceId;
    const secrets = await this.#secrets?.();
    const input = { workspaceId, bytes, options, ...(secrets && { secrets }) };
    const report = await this.#client.call('history-import', input, movable(bytes));
    this.#client.changed({ workspaceId });
    return report;
  }
}

/** A view on a part of a buffer (Node pools small ones) is copied: the rest may be in use. */
function movable(bytes: Uint8Array): ArrayBuffer[] {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
