import type { WorkerClient } from './workerClient';

export interface WorkspaceIdentityOptions {
  readonly client: WorkerClient;
  /** Finds the id under which a workspace with one of the aliases is known elsewhere, should the log not know it. */
  readonly knownElsewhere: (aliases: readonly string[]) => string | undefined;
  readonly newId: () => string;
}

/**
 * The workspace's own id: the one that any of its aliases is known by, in the log or else in the records of
 * globalState; a new one where none is. Two windows that ask at the same time get the same. Ids are ours, as VS Code's
 * change with path, host and port.
 */
export function identifyWorkspace(
  aliases: readonly string[],
  { client, knownElsewhere, newId }: WorkspaceIdentityOptions,
): Promise<string> {
  return client.call('workspace-identify', { aliases, newId: knownElsewhere(aliases) ?? newId() });
}
