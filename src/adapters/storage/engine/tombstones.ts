import type { Scope } from './scope';

export type BuriedKind = 'session' | 'turn' | 'fact';

/** Remembers that `id` was deleted, and nothing of what it was: no reconcile, restore or import brings it back. */
export function bury({ database, workspace }: Scope, kind: BuriedKind, id: string): void {
  database.run(
    'INSERT OR IGNORE INTO tombstones (workspace, kind, id, sequence) VALUES (?, ?, ?, ?)',
    workspace,
    kind,
    id,
    database.nextSequence(),
  );
  // Copies of the log are to follow: see doctor/scrub.ts.
  database.run(`INSERT OR REPLACE INTO meta VALUES ('lastDelete', ?)`, database.nextSequence());
}

export function isDeleted({ database, workspace }: Scope, kind: BuriedKind, id: string): boolean {
  const row = database.get(
    'SELECT 1 FROM tombstones WHERE workspace = ? AND kind = ? AND id = ?',
    workspace,
    kind,
    id,
  );
  return row !== undefined;
}
