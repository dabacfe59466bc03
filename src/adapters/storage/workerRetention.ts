import type { Retention, RetentionLimits, RetentionReport } from '../../core/retention';
import type { WorkerClient } from './workerClient';

export interface WorkerRetentionOptions {
  readonly client: WorkerClient;
  /** Told which workspaces' histories are shorter now. */
  readonly removed: (workspaceIds: readonly string[]) => void;
}

/** Retention in the storage worker, a step at a time, so that turns are stored in between. */
export class WorkerRetention implements Retention {
  readonly #options: WorkerRetentionOptions;

  constructor(options: WorkerRetentionOptions) {
    this.#options = options;
  }

  async preview(limits: RetentionLimits): Promise<RetentionReport> {
    return (await this.#run(limits, { apply: false, daily: false })) ?? nothing;
  }

  async apply(limits: RetentionLimits): Promise<RetentionReport> {
    return (await this.#run(limits, { apply: true, daily: false })) ?? nothing;
  }

  applyDaily(limits: RetentionLimits): Promise<RetentionReport | undefined> {
    return this.#run(limits, { apply: true, daily: true });
  }

  async #run(
    limits: RetentionLimits,
    how: { readonly apply: boolean; readonly daily: boolean },
  ): Promise<RetentionReport | undefined> {
    const { client, removed } = this.#options;
    const run = await client.call('retention-begin', { limits, ...how });
    if (run === undefined) return undefined;
    for (;;) {
      const outcome = await client.call('retention-step', { run });
      if (!outcome) continue;
      const { report, workspaceIds } = outcome;
      if (how.apply) {
        for (const workspaceId of workspaceIds) client.changed({ workspaceId });
        if (workspaceIds.length > 0) removed(workspaceIds);
      }
      return report;
    }
  }
}

const nothing: RetentionReport = { sessions: 0, turns: 0, bytes: 0, kept: { turns: 0, bytes: 0 } };
