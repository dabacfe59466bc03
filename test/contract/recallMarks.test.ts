import { MemoryHistory } from '../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../src/adapters/storage/memoryHistoryLog';
import { MemoryLongTermMemory } from '../../src/adapters/storage/memoryLongTermMemory';
import { MemoryRecallMarks } from '../../src/adapters/storage/memoryRecallMarks';
import { SqliteHistoryLog } from '../../src/adapters/storage/sqliteHistoryLog';
import { SqliteLongTermMemory } from '../../src/adapters/storage/sqliteLongTermMemory';
import { SqliteRecallMarks } from '../../src/adapters/storage/sqliteRecallMarks';
import { temporaryStorage, type TemporaryStorage } from '../support/storage';
import { startOfTime } from './logFixture';
import { recallMarksContract } from './recallMarks.contract';

recallMarksContract('in memory', () => {
  const history = new MemoryHistory();
  return Promise.resolve({
    log: new MemoryHistoryLog({ history }),
    memory: new MemoryLongTermMemory(history),
    marks: new MemoryRecallMarks(history),
    dispose: () => Promise.resolve(),
  });
});

suite('One database for all of these', () => {
  let storage: TemporaryStorage;
  let workspaces = 0;
  suiteSetup(async () => {
    storage = await temporaryStorage(startOfTime);
  });
  suiteTeardown(() => storage.dispose());

  recallMarksContract('SQLite in its worker', () => {
    const place = { client: storage.client, workspaceId: `w${(workspaces += 1)}` };
    const log = new SqliteHistoryLog(place);
    return Promise.resolve({
      log,
      memory: new SqliteLongTermMemory(place),
      marks: new SqliteRecallMarks(place),
      dispose: () => log.close(),
    });
  });
});
