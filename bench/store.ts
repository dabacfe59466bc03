import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SqliteHistoryLog } from '../src/adapters/storage/sqliteHistoryLog';
import { SqliteLongTermMemory } from '../src/adapters/storage/sqliteLongTermMemory';
import { WorkerClient } from '../src/adapters/storage/workerClient';
import { recognizeWorkspace } from '../src/adapters/storage/workspace/recognizeWorkspace';
import type { SentContext } from '../src/core/context/sentContext';
import type { SessionDump } from '../src/core/historyLog';
import type { Message } from '../src/core/message';

export const workerPath = join(process.cwd(), 'dist', 'worker.js');
export const folder = mkdtempSync(join(tmpdir(), 'throughline-bench-'));
export const workspaceId = 'bench';
/** A real folder, so that recognizing it costs what it costs. */
export const place = { remote: 'local', folders: [pathToFileURL(process.cwd()).href] };
/** The active session, which holds everything. */
export const sessionId = 's0';
const createdAt = '2026-03-01T10:00:00.000Z';

let seed = 42;
function random(): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
}

/** Words as often as words come: few often, many rarely. */
export function text(words: number): string {
  return Array.from({ length: words }, () => `word${Math.floor(20_000 * random() ** 3)}`).join(' ');
}

export function messagesOf(id: string): readonly [Message, Message] {
  return [
    { id: `${id}.0`, role: 'user', content: text(25), createdAt },
    { id: `${id}.1`, role: 'assistant', content: text(120), createdAt },
  ];
}

const window = Array.from({ length: 30 }, (_, n) => n);

/** What a turn's request carries: instructions, tools, a window of 30 turns. */
export const sentContext: SentContext = {
  maxTokens: 16_000,
  reserve: 2_000,
  tokens: 9_000,
  items: [
    { source: 'instructions', included: true, reason: 'Your instructions', tokens: 400, text: text(300) },
    { source: 'environment', included: true, reason: 'Where this is', tokens: 40, text: text(30) },
    { source: 'tools', included: true, reason: 'What can be called', tokens: 1_500, text: text(1_200) },
    { source: 'window', included: false, reason: 'Left out, as it is too old', tokens: 0, turns: 900 },
    {
      source: 'window',
      included: true,
      reason: 'One of the newest turns',
      tokens: 6_600,
      positions: window.map((n) => 900 + n),
      each: window.map(() => 220),
    },
    { source: 'prompt', included: true, reason: 'Your prompt', tokens: 40 },
  ],
};

export interface Store {
  readonly messages: number;
  readonly databasePath: string;
  readonly client: WorkerClient;
  readonly log: SqliteHistoryLog;
}

/** A history of so many messages in one active session, indexed and at rest. */
export async function makeStore(messages: number): Promise<Store> {
  const databasePath = join(folder, `history-${messages}.db`);
  const client = new WorkerClient({ workerPath, databasePath });
  await recognizeWorkspace(place, { client, newId: () => workspaceId, recordsWith: () => [] });
  const log = new SqliteHistoryLog({ client, workspaceId });
  const turns = Array.from({ length: messages / 2 }, (_, n) => ({
    id: `old-${n}`,
    createdAt,
    status: 'complete' as const,
    messages: messagesOf(`old-${n}`),
  }));
  const session: SessionDump = { id: sessionId, title: 'All', createdAt, updatedAt: createdAt, turns };
  await log.load({ sessions: [session], facts: [] }, 'skip');
  await log.setActiveSession(sessionId);
  await new SqliteLongTermMemory({ client, workspaceId }).recall('word1', { limit: 1 });
  await client.close();
  return open(messages, databasePath);
}

function open(messages: number, databasePath: string): Store {
  const client = new WorkerClient({ workerPath, databasePath });
  return { messages, databasePath, client, log: new SqliteHistoryLog({ client, workspaceId }) };
}

export function turnStart(id: string, prompt: Message) {
  return { id, sessionId, createdAt, messages: [prompt] };
}
