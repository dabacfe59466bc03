import { MemoryHistoryLog } from '../../src/adapters/storage/memoryHistoryLog';
import { SqliteHistoryLog } from '../../src/adapters/storage/sqliteHistoryLog';
import { temporaryStorage, type TemporaryStorage } from '../support/storage';
import { historyLogContract } from './historyLog.contract';
import { startOfTime } from './logFixture';

historyLogContract('in memory', () => {
  let time = startOfTime;
  return Promise.resolve({
    log: new MemoryHistoryLog({ now: () => time }),
    advance: (milliseconds: number) => {
      time += milliseconds;
    },
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

  // A workspace for each test: none may see what another has stored under the same ids.
  historyLogContract('SQLite in its worker', () => {
    const log = new SqliteHistoryLog({ client: storage.client, workspaceId: `w${(workspaces += 1)}` });
    return Promise.resolve({ log, advance: storage.advance, dispose: () => log.close() });
  });
});
