import { MemoryHistoryFile } from '../adapters/files/memoryHistoryFile';
import { WorkerHistoryFile } from '../adapters/files/workerHistoryFile';
import { MemoryHistory } from '../adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../adapters/storage/memoryHistoryLog';
import { MemoryLongTermMemory } from '../adapters/storage/memoryLongTermMemory';
import { MemoryRecallMarks } from '../adapters/storage/memoryRecallMarks';
import { SqliteHistoryLog } from '../adapters/storage/sqliteHistoryLog';
import { SqliteLongTermMemory } from '../adapters/storage/sqliteLongTermMemory';
import { SqliteRecallMarks } from '../adapters/storage/sqliteRecallMarks';
import type { ScopedClient } from '../adapters/storage/workspaceClient';
import type { Chat } from '../adapters/vscode/chat';
import type { secretMasking } from './secretMasking';

type MemoryOptions = ConstructorParameters<typeof SqliteLongTermMemory>[0];
type Secrets = ReturnType<typeof secretMasking>;

/** Where one history is kept, and what reads it. */
export type ChatParts = Pick<Chat, 'log' | 'memory' | 'marks' | 'file'>;

/** On disk. */
export function storedBy(
  client: ScopedClient,
  { secrets, meaningOf }: { readonly secrets: Secrets['choice'] } & Pick<MemoryOptions, 'meaningOf'>,
): ChatParts {
  // The client scopes its calls itself.
  const place = { client, workspaceId: '' };
  return {
    log: new SqliteHistoryLog(place),
    memory: new SqliteLongTermMemory({ ...place, ...(meaningOf && { meaningOf }) }),
    marks: new SqliteRecallMarks(place),
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
    file: new MemoryHistoryFile({ log, masking, workspaceId: 'memory' }),
  };
}
