import { deleteMarksOf } from './markRows';
import { progressOf } from './erasure';
import type { Scope } from './scope';

/** `title`: an earlier title of a session that is still there, by the session's id. */
export const buriedKinds = ['session', 'turn', 'fact', 'summary', 'title'] as const;
export type BuriedKind = (typeof buriedKinds)[number];

/** Remembers that `id` was deleted, and nothing of what it was: no reconcile, restore or import brings it back. */
export function bury(scope: Scope, kind: BuriedKind, id: string): void {
  const { database, workspace } = scope;
  database.run(
    // A title can go more than once.
    kind === 'title'
      ? 'INSERT OR REPLACE INTO tombstones (workspace, kind, id, sequence) VALUES (?, ?, ?, ?)'
      : 'INSERT OR IGNORE INTO tombstones (workspace, kind, id, sequence) VALUES (?, ?, ?, ?)',
    workspace,
    kind,
    id,
    database.nextSequence(),
  );
  deleteMarksOf(scope, kind, id);
  noteDelete(scope);
}

/** The write-ahead log is to follow, and copies of the log: see doctor/scrub.ts. */
export function noteDelete({ database }: Scope): void {
  database.setProgress(progressOf.lastDelete, database.nextSequence());
  database.noteDelete();
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
