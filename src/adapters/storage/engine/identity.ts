import { textOf, type Database } from './database';
import { openWorkspace } from './scope';

/**
 * The workspace that any of the aliases names, the first that is known counting most; else a new one. It answers to
 * all of the aliases that name no other from now on.
 */
export function identifyWorkspace(database: Database, aliases: readonly string[], newId: string): string {
  const known = aliases
    .map((alias) =>
      database.get(
        'SELECT w.id FROM aliases a JOIN workspaces w ON w.key = a.workspace WHERE a.alias = ?',
        alias,
      ),
    )
    .find((row) => row !== undefined);
  const id = known ? textOf(known, 'id') : newId;
  const key = openWorkspace(database, id);
  for (const alias of aliases) {
    database.run('INSERT OR IGNORE INTO aliases (alias, workspace) VALUES (?, ?)', alias, key);
  }
  return id;
}
