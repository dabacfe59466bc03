import path from 'node:path';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { SqliteHistoryLog } from '../../../src/adapters/storage/sqliteHistoryLog';
import { WorkerClient } from '../../../src/adapters/storage/workerClient';
import type { StoredTurn } from '../../../src/core/historyLog';
import { workerCopy } from './place';

/** Where a VS Code under test keeps the history. */
export function historyFile(userDataDir: string): string {
  const places = ['User', path.join('data', 'User')].map((user) =>
    path.join(userDataDir, user, 'globalStorage', 'throughline.throughline', 'history.db'),
  );
  return places.find((place) => existsSync(place)) ?? places[0] ?? '';
}

/** All turns of all workspaces, read as another window does. */
export async function storedTurns(databasePath: string): Promise<readonly StoredTurn[]> {
  const database = new DatabaseSync(databasePath, { readOnly: true });
  const ids = database.prepare('SELECT id FROM workspaces').all();
  database.close();
  const client = new WorkerClient({ workerPath: workerCopy, databasePath });
  try {
    const turns: StoredTurn[] = [];
    for (const { id } of ids) {
      const log = new SqliteHistoryLog({ client, workspaceId: String(id) });
      await log.recover();
      for (const session of await log.sessions()) {
        const page = await log.turns(session.id, { limit: 100_000 });
        if (page.corrupt) throw new Error(`Turns of ${session.id} are damaged`);
        turns.push(...page.turns);
      }
    }
    return turns;
  } finally {
    await client.close();
  }
}
