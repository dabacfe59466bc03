import type { ReconcileReport, SourceCounts } from '../../core/historyDoctor';
import type { WorkerClient } from './workerClient';
import type { WorkspaceRecords } from './workspaceRecords';

export interface ReconcileHistoryOptions {
  readonly client: WorkerClient;
  readonly records: WorkspaceRecords;
  readonly workspaceId: string;
  /** Told of what came back, and of what could not be compared. */
  readonly report: (message: string) => void;
}

/**
 * Brings together what the log and globalState know of the workspace, before its history is first used. Costs no more
 * than reading the record; never rejects, as each side is of use alone.
 */
export async function reconcileHistory(
  options: ReconcileHistoryOptions,
): Promise<ReconcileReport | undefined> {
  const { client, records, workspaceId, report } = options;
  const read = records.read(workspaceId);
  if (read.state === 'newer') return undefined;
  try {
    const record = read.state === 'sound' && { record: read.record };
    const found = await client.call('workspace-reconcile', { workspaceId, ...record });
    const said = sayingOf(found);
    if (said !== undefined) report(said);
    if (found.relation !== 'agrees') records.save(workspaceId);
    return found;
  } catch (error) {
    report(`The history was not compared with its record: ${String(error)}`);
    return undefined;
  }
}

/** Undefined where nothing was brought, taken or missed. */
export function sayingOf({ relation, restored, deleted, missing }: ReconcileReport): string | undefined {
  const reasons = {
    'no-record': '',
    agrees: '',
    behind: 'The history had lost some of what VS Code’s own storage still had.',
    'empty-log': 'This machine had no history of this workspace.',
    'other-log': 'This machine and VS Code’s own storage had different parts of the history.',
  };
  const parts = [
    ...(sum(restored) > 0 ? [`Brought back: ${counted(restored)}.`] : []),
    ...(sum(deleted) > 0 ? [`Deleted, as they were deleted there: ${counted(deleted)}.`] : []),
    ...(missing > 0 ? [`Known of, but not kept there: ${missing} turns.`] : []),
  ];
  return parts.length === 0 ? undefined : [reasons[relation], ...parts].join(' ').trim();
}

function sum({ sessions, turns, facts }: SourceCounts): number {
  return sessions + turns + facts;
}

function counted({ sessions, turns, facts }: SourceCounts): string {
  return `${sessions} sessions, ${turns} turns, ${facts} facts`;
}
