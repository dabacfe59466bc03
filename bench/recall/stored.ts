import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteHistoryLog } from '../../src/adapters/storage/sqliteHistoryLog';
import { SqliteLongTermMemory } from '../../src/adapters/storage/sqliteLongTermMemory';
import { WorkerClient } from '../../src/adapters/storage/workerClient';
import { folder, workerPath } from '../store';
import type { HistoryLog } from '../../src/core/historyLog';
import type { LongTermMemory } from '../../src/core/memory/longTermMemory';
import type { LabelledConversation, LabelledQuestion } from './data';
import type { Found } from './metrics';
import { historyOf } from './sessions';

/** Conversations as the product holds them: a database in its worker, indexed and at rest. */
export interface StoredConversations {
  readonly log: HistoryLog;
  readonly memory: LongTermMemory;
  find(question: LabelledQuestion, limit: number): Promise<readonly Found[]>;
  close(): Promise<void>;
}

const workspaceId = 'bench';
let files = 0;

/** @param prefixOf what tells the ids of one conversation from another's; found ids begin with it */
export async function store(
  conversations: readonly LabelledConversation[],
  prefixOf: (conversation: LabelledConversation, index: number) => string,
): Promise<StoredConversations> {
  const databasePath = join(folder, `recall-${(files += 1)}.db`);
  const client = new WorkerClient({ workerPath, databasePath });
  const log = new SqliteHistoryLog({ client, workspaceId });
  const memory = new SqliteLongTermMemory({ client, workspaceId });
  for (const [index, conversation] of conversations.entries()) {
    await log.load(historyOf(conversation, prefixOf(conversation, index)), 'skip');
  }
  await memory.recall('anything', { limit: 1 });
  return {
    log,
    memory,
    async find({ question, date }, limit) {
      const hits = await memory.recall(question, { limit, ...(date !== undefined && { now: date }) });
      return hits.map(({ messageId, text, passage: { start, end } }) => ({
        id: messageId,
        passage: text.slice(start, end),
      }));
    },
    async close() {
      await client.close();
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${databasePath}${suffix}`, { force: true });
    },
  };
}
