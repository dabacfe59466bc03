import { textOf, type Database } from './database';
import { marksChangedSince } from './markRows';

export interface WatchedChange {
  readonly workspaceId: string;
  /** Left out where it is not one session alone that changed. */
  readonly sessionId?: string;
}

/** Finds out what other windows changed, by the sequences that the log's rows bear. */
export class ChangeWatch {
  readonly #database: Database;
  readonly #workspaces = new Set<string>();
  /** So many changes since the last look are this connection's own. */
  #own = 0;
  #dataVersion: number;
  #sequence: number;

  constructor(database: Database) {
    this.#database = database;
    this.#dataVersion = database.dataVersion;
    this.#sequence = database.sequence;
  }

  get isWatching(): boolean {
    return this.#workspaces.size > 0;
  }

  watch(workspaceId: string, watch: boolean): undefined {
    if (!this.isWatching) this.#lookAway();
    if (watch) this.#workspaces.add(workspaceId);
    else this.#workspaces.delete(workspaceId);
  }

  #lookAway(): void {
    this.#dataVersion = this.#database.dataVersion;
    this.#sequence = this.#database.sequence;
    this.#own = 0;
  }

  /** Notes a change of this connection's own, unless the transaction gave out no sequence. */
  own(sequence: number | undefined): void {
    if (sequence !== undefined) this.#own += 1;
  }

  /** May name a session that only this window changed, where another window changed something at the same time. */
  changes(): readonly WatchedChange[] {
    const version = this.#database.dataVersion;
    if (version === this.#dataVersion) return [];
    const since = this.#sequence;
    const { sequence, sessions, others } = this.#database.read(() => ({
      sequence: this.#database.sequence,
      sessions: this.#sessionsSince(since),
      others: [...this.#workspaces].filter(
        (id) => this.#hasDeletionSince(id, since) || marksChangedSince(this.#database, id, since),
      ),
    }));
    const foreign = sequence - since - this.#own;
    this.#dataVersion = version;
    this.#sequence = sequence;
    this.#own = 0;
    if (foreign === 0) return [];
    return [
      ...others.map((workspaceId) => ({ workspaceId })),
      ...sessions.filter(({ workspaceId }) => this.#workspaces.has(workspaceId)),
    ];
  }

  #sessionsSince(sequence: number): readonly WatchedChange[] {
    return this.#database
      .all(
        `SELECT w.id AS workspace_id, s.id AS session_id FROM sessions s
         JOIN workspaces w ON w.key = s.workspace WHERE s.sequence > ?`,
        sequence,
      )
      .map((row) => ({ workspaceId: textOf(row, 'workspace_id'), sessionId: textOf(row, 'session_id') }));
  }

  #hasDeletionSince(workspaceId: string, sequence: number): boolean {
    const row = this.#database.get(
      `SELECT 1 FROM tombstones t JOIN workspaces w ON w.key = t.workspace
       WHERE w.id = ? AND t.sequence > ? LIMIT 1`,
      workspaceId,
      sequence,
    );
    return row !== undefined;
  }
}
