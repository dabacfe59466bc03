import type { Database } from './database';
import type { Erased } from './erased';
import { integerOf } from './database';
import type { SearchIndex } from './searchIndex';
import type { VectorIndex } from './vectors/vectorIndex';

/** What the engine's parts work on, within one transaction: one workspace of the log. */
export interface Scope {
  readonly database: Database;
  readonly search: SearchIndex;
  readonly vectors: VectorIndex;
  /** The workspace's row; 0, which no row has, where it has none yet. */
  readonly workspace: number;
  /** Milliseconds since 1970, by the caller's clock. */
  readonly now: number;
  readonly newId: () => string;
  /** Of the transaction that is open. */
  readonly erased: Erased;
}

export function workspaceKey(database: Database, workspaceId: string): number {
  const row = database.get('SELECT key FROM workspaces WHERE id = ?', workspaceId);
  return row ? integerOf(row, 'key') : 0;
}

export function openWorkspace(database: Database, workspaceId: string): number {
  const known = workspaceKey(database, workspaceId);
  return known || database.insert('INSERT INTO workspaces (id) VALUES (?)', workspaceId);
}
