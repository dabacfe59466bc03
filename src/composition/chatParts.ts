import { randomUUID } from 'node:crypto';
import { MemoryHistoryFile } from '../adapters/files/memoryHistoryFile';
import { WorkerHistoryFile } from '../adapters/files/workerHistoryFile';
import { MemoryForgetting } from '../adapters/storage/memoryForgetting';
import { MemoryHistory } from '../adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../adapters/storage/memoryHistoryLog';
import { MemoryLongTermMemory } from '../adapters/storage/memoryLongTermMemory';
import { MemoryRecallMarks } from '../adapters/storage/memoryRecallMarks';
import { SqliteForgetting } from '../adapters/storage/sqliteForgetting';
import { SqliteHistoryLog } from '../adapters/storage/sqliteHistoryLog';
import { SqliteLongTermMemory } from '../adapters/storage/sqliteLongTermMemory';
import { SqliteRecallMarks } from '../adapters/storage/sqliteRecallMarks';
import type { WorkspaceClient } from '../adapters/storage/workspaceClient';
import type { WorkspaceRecords } from '../adapters/storage/workspaceRecords';
import type { Chat } from '../adapters/vscode/chat';
import type { secretMasking } from './secretMasking';

type MemoryOptions = ConstructorParameters<typeof SqliteLongTermMemory>[0];
type Secrets = ReturnType<typeof secretMasking>;

/** Where one history is kept, and what reads it. */
export type ChatParts = Pick<Chat, 'log' | 'memory' | 'marks' | 'forgetting' | 'file'>;

interface StoredOptions extends Pick<MemoryOptions, 'meaningOf' | 'wordsMissing'> {
  /** What VS Code's own storage keeps of the history: it follows a delete. */
  readonly records: Pick<WorkspaceRecords, 'follows' | 'save'>;
  readonly secrets: Secrets['choice'];
}

/** On disk. */
export function storedBy(
  client: WorkspaceClient,
  { secrets, meaningOf, wordsMissing, records }: StoredOptions,
): ChatParts {
  // The client scopes its calls itself.
  const place = { client, workspaceId: '' };
  const forgetting = new SqliteForgetting({
    ...place,
    newId: randomUUID,
    recordHas: (logId, sequence) => client.id === undefined || records.follows(client.id, logId, sequence),
    forgotten: () => {
      if (client.id !== undefined) records.save(client.id);
    },
  });
  return {
    log: new SqliteHistoryLog(place),
    memory: new SqliteLongTermMemory({
      ...place,
      ...(meaningOf && { meaningOf }),
      ...(wordsMissing && { wordsMissing }),
    }),
    marks: new SqliteRecallMarks(place),
    forgetting,
    file: new WorkerHistoryFile({ ...place, secrets }),
  };
}

/** Gone with the window. */
export function inMemory(
  options: ConstructorParameters<typeof MemoryLongTermMemory>[1],
  { masking }: Pick<Secrets, 'masking'>,
): ChatParts {
  const history = new MemoryHistory();
  const log = new MemoryHistoryLog({ history });
  return {
    log,
    memory: new MemoryLongTermMemory(history, options),
    marks: new MemoryRecallMarks(history),
    forgetting: new MemoryForgetting({ history, log }),
    file: new MemoryHistoryFile({ log, masking, workspaceId: 'memory' }),
  };
}
