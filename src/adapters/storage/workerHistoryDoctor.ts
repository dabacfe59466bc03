import type { CheckReport, HistoryDoctor, RepairReport, ScrubReport } from '../../core/historyDoctor';
import type { WorkspaceRecord } from '../../protocol/workspaceRecord';
import type { WorkerClient } from './workerClient';

export interface WorkerHistoryDoctorOptions {
  readonly client: WorkerClient;
  /** All workspaces' records that can be used. */
  readonly records: () => readonly WorkspaceRecord[];
}

/** The storage worker's doctor. */
export class WorkerHistoryDoctor implements HistoryDoctor {
  readonly #options: WorkerHistoryDoctorOptions;

  constructor(options: WorkerHistoryDoctorOptions) {
    this.#options = options;
  }

  check(): Promise<CheckReport> {
    const { client, records } = this.#options;
    return client.call('doctor-check', { records: records() });
  }

  repair(): Promise<RepairReport> {
    const { client, records } = this.#options;
    return client.call('doctor-repair', { records: records() });
  }

  onRepair(listener: (report: RepairReport) => void): () => void {
    return this.#options.client.onRepair(listener);
  }

  onScrub(listener: (report: ScrubReport) => void): () => void {
    return this.#options.client.onScrub(listener);
  }

  onNewerVersion(listener: () => void): () => void {
    return this.#options.client.onNewerVersion(listener);
  }
}
