import { MemoryHistory } from '../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../src/adapters/storage/memoryHistoryLog';
import { tellLanguage } from '../../src/core/recall/languages/tellLanguage';
import { MemoryLongTermMemory } from '../../src/adapters/storage/memoryLongTermMemory';
import { SqliteHistoryLog } from '../../src/adapters/storage/sqliteHistoryLog';
import { SqliteLongTermMemory } from '../../src/adapters/storage/sqliteLongTermMemory';
import { temporaryStorage, type TemporaryStorage } from '../support/storage';
import { factsContract } from './facts.contract';
import { startOfTime } from './logFixture';
import { longTermMemoryContract, type MemoryFixture } from './longTermMemory.contract';
import { messageListContract } from './messageList.contract';
import { recallContract } from './recall.contract';

function inMemory(): Promise<MemoryFixture> {
  const history = new MemoryHistory();
  return Promise.resolve({
    log: new MemoryHistoryLog({ history }),
    memory: new MemoryLongTermMemory(history, { tellLanguage }),
    dispose: () => Promise.resolve(),
  });
}

longTermMemoryContract('in memory', inMemory);
recallContract('in memory', inMemory);
factsContract('in memory', inMemory);
messageListContract('in memory', inMemory);

suite('One database for all of these', () => {
  let storage: TemporaryStorage;
  let workspaces = 0;
  suiteSetup(async () => {
    storage = await temporaryStorage(startOfTime);
  });
  suiteTeardown(() => storage.dispose());

  const inSqlite = (): Promise<MemoryFixture> => {
    const place = { client: storage.client, workspaceId: `w${(workspaces += 1)}` };
    const log = new SqliteHistoryLog(place);
    return Promise.resolve({ log, memory: new SqliteLongTermMemory(place), dispose: () => log.close() });
  };
  longTermMemoryContract('SQLite in its worker', inSqlite);
  recallContract('SQLite in its worker', inSqlite);
  factsContract('SQLite in its worker', inSqlite);
  messageListContract('SQLite in its worker', inSqlite);
});
