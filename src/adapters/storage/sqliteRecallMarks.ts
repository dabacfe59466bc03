import type { Recalled } from '../../core/memory/recalled';
import type { MarkPage, MarkTarget, RecallMark, RecallMarks } from '../../core/memory/recallMarks';
import type { Span } from '../../core/recall/passages';
import type { ScopedClient } from './workspaceClient';

export interface SqliteRecallMarksOptions {
  readonly client: ScopedClient;
  readonly workspaceId: string;
}

/** One workspace's recall marks in the storage worker's database. */
export class SqliteRecallMarks implements RecallMarks {
  readonly #client: ScopedClient;
  readonly #workspaceId: string;

  constructor({ client, workspaceId }: SqliteRecallMarksOptions) {
    this.#client = client;
    this.#workspaceId = workspaceId;
  }

  async mark(target: MarkTarget, mark: RecallMark | undefined, passage?: Span): Promise<void> {
    const workspaceId = this.#workspaceId;
    const change = { target, ...(mark && { mark }), ...(passage && { passage }) };
    await this.#client.call('mark-set', { workspaceId, ...change });
    this.#client.changed({ workspaceId, by: this, memoryOnly: true });
  }

  async marksOf(targets: readonly MarkTarget[]): Promise<readonly (RecallMark | undefined)[]> {
    if (targets.length === 0) return [];
    const marks = await this.#client.call('mark-read', { workspaceId: this.#workspaceId, targets });
    return targets.map((_, index) => marks[index]);
  }

  kept(limit: number): Promise<readonly Recalled[]> {
    return this.#client.call('mark-kept', { workspaceId: this.#workspaceId, limit });
  }

  list(page: { readonly limit: number; readonly before?: number }): Promise<MarkPage> {
    return this.#client.call('mark-list', { workspaceId: this.#workspaceId, ...page });
  }
}
