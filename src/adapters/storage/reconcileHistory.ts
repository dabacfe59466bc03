import type { ReconcileReport } from '../../core/historyDoctor';
import type { WorkspaceRecord } from '../../protocol/workspaceRecord';
import type { WorkerClient } from './workerClient';
import type { WorkspaceRecords } from './workspaceRecords';

export interface ReconcileHistoryOptions {
  readonly client: WorkerClient;
  readonly records: WorkspaceRecords;
  /** Told of each comparison, whatever it found. */
  readonly found: (workspaceId: string, report: ReconcileReport) => void;
  /** Told of what could not be compared. */
  readonly report: (message: string) => void;
}

/**
 * Brings together what the log and globalState know of the workspace, before its history is first used. Costs no more
 * than reading the record; never rejects, as each side is of use alone.
 */
export async function reconcileHistory(workspaceId: string, options: ReconcileHistoryOptions): Promise<void> {
  const read = options.records.read(workspaceId);
  if (read.state === 'newer') return;
  await reconcile(workspaceId, read.state === 'sound' ? read.record : undefined, options);
}

/**
 * After a repair, which knew no records: what the records of this log hold comes back, of all its workspaces. The records
 * are read at once, before anything of the repaired history can replace them.
 */
export async function reconcileRepairedLog(options: ReconcileHistoryOptions): Promise<void> {
  const { client, records, report } = options;
  const before = records.all();
  const state = await client.open().catch((error: unknown) => report(notCompared(error)));
  for (const record of before.filter(({ logId }) => logId === state?.logId)) {
    await reconcile(record.workspaceId, record, options);
  }
}

async function reconcile(
  workspaceId: string,
  record: WorkspaceRecord | undefined,
  { client, records, found, report }: ReconcileHistoryOptions,
): Promise<void> {
  try {
    const compared = await client.call('workspace-reconcile', { workspaceId, ...(record && { record }) });
    if (compared.relation !== 'agrees') records.save(workspaceId);
    found(workspaceId, compared);
  } catch (error) {
    report(notCompared(error));
  }
}

function notCompared(error: unknown): string {
  return `The history was not compared with its record: ${String(error)}`;
}
