import { randomUUID } from 'node:crypto';
import { MemoryForgetting } from '../../src/adapters/storage/memoryForgetting';
import { MemoryHistory } from '../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../src/adapters/storage/memoryHistoryLog';
import { MemoryLongTermMemory } from '../../src/adapters/storage/memoryLongTermMemory';
import { SqliteForgetting } from '../../src/adapters/storage/sqliteForgetting';
import { SqliteHistoryLog } from '../../src/adapters/storage/sqliteHistoryLog';
import { SqliteLongTermMemory } from '../../src/adapters/storage/sqliteLongTermMemory';
import { temporaryStorage, type TemporaryStorage } from '../support/storage';
import { forgettingContract, type ForgettingFixture } from './forgetting.contract';
import { forgettingCountsContract } from './forgettingCounts.contract';
import { forgettingQueryContract } from './forgettingQuery.contract';
import { startOfTime } from './logFixture';

const inMemory = (): Promise<ForgettingFixture> => {
  const history = new MemoryHistory();
  const now = (): number => startOfTime;
  const log = new MemoryHistoryLog({ history, now });
  return Promise.resolve({
    log,
    memory: new MemoryLongTermMemory(history),
    forgetting: new MemoryForgetting({ history, log, now }),
    dispose: () => Promise.resolve(),
  });
};
forgettingContract('in memory', inMemory);
forgettingQueryContract('in memory', inMemory);
forgettingCountsContract('in memory', inMemory);

suite('Forgetting on one database', () => {
  let storage: TemporaryStorage;
  let workspaces = 0;
  suiteSetup(async () => {
    storage = await temporaryStorage(startOfTime);
  });
  suiteTeardown(() => storage.dispose());

  const inSqlite = (): Promise<ForgettingFixture> => {
    const place = { client: storage.client, workspaceId: `w${(workspaces += 1)}` };
    const log = new SqliteHistoryLog(place);
    return Promise.resolve({
      log,
      memory: new SqliteLongTermMemory(place),
      forgetting: new SqliteForgetting({ ...place, newId: randomUUID, pollMs: 20 }),
      dispose: () => log.close(),
    });
  };
  forgettingContract('SQLite in its worker', inSqlite);
  forgettingQueryContract('SQLite in its worker', inSqlite);
  forgettingCountsContract('SQLite in its worker', inSqlite);
});
