import { MemoryHistoryLog } from '../../src/adapters/storage/memoryHistoryLog';
import { SqliteHistoryLog } from '../../src/adapters/storage/sqliteHistoryLog';
import { temporaryStorage } from '../support/storage';
import { historyLogContract, startOfTime } from './historyLog.contract';

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

historyLogContract('SQLite in its worker', async () => {
  const storage = await temporaryStorage(startOfTime);
  return { ...storage, log: new SqliteHistoryLog({ client: storage.client, workspaceId: 'w1' }) };
});
