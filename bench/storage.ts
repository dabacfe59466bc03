/**
 * What storage costs, at the port, worker hop included, against a raw `write` + `fdatasync` of the same bytes.
 * npx esbuild bench/storage.ts --bundle --platform=node --outfile=dist/bench/storage.js && node dist/bench/storage.js
 * (after `npm run build`)
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteHistoryLog } from '../src/adapters/storage/sqliteHistoryLog';
import { SqliteLongTermMemory } from '../src/adapters/storage/sqliteLongTermMemory';
import { WorkerClient } from '../src/adapters/storage/workerClient';
import type { SessionDump } from '../src/core/historyLog';
import type { Message } from '../src/core/message';

const createdAt = '2026-03-01T10:00:00.000Z';
const owner = 'bench';
const leaseMs = 30_000;
const rounds = 300;
const workspaceId = 'w1';
const workerPath = join(process.cwd(), 'dist', 'worker.js');
const folder = mkdtempSync(join(tmpdir(), 'throughline-bench-'));

let seed = 42;
function random(): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
}

/** Words as often as words come: few often, many rarely. */
function text(words: number): string {
  return Array.from({ length: words }, () => `word${Math.floor(20_000 * random() ** 3)}`).join(' ');
}

function messagesOf(id: string): readonly Message[] {
  return [
    { id: `${id}.0`, role: 'user', content: text(25), createdAt },
    { id: `${id}.1`, role: 'assistant', content: text(120), createdAt },
  ];
}

function p(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

function line(what: string, values: readonly number[]): void {
  console.log(
    `${what.padEnd(52)} p50 ${p(values, 0.5).toFixed(2)} ms   p95 ${p(values, 0.95).toFixed(2)} ms`,
  );
}

async function timed<T>(into: number[], work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  into.push(performance.now() - start);
  return result;
}

function raw(bytes: Buffer, file: number): number {
  const start = performance.now();
  writeSync(file, bytes);
  fdatasyncSync(file);
  return performance.now() - start;
}

async function fill(client: WorkerClient, messages: number): Promise<void> {
  const log = new SqliteHistoryLog({ client, workspaceId });
  const perSession = 1000;
  for (let done = 0; done < messages; done += perSession) {
    const count = Math.min(perSession, messages - done) / 2;
    const id = `s${done}`;
    const session: SessionDump = {
      id,
      title: id,
      createdAt,
      updatedAt: createdAt,
      turns: Array.from({ length: count }, (_, n) => ({
        id: `${id}-t${n}`,
        createdAt,
        status: 'complete' as const,
        messages: messagesOf(`${id}-t${n}`),
      })),
    };
    await log.load({ sessions: [session], facts: [] }, 'update');
  }
}

interface Store {
  readonly databasePath: string;
  readonly figures: Map<string, number[]>;
  client: WorkerClient;
}

function series({ figures }: Store, name: string): number[] {
  const values = figures.get(name) ?? [];
  figures.set(name, values);
  return values;
}

async function prepare(stored: number): Promise<Store> {
  const databasePath = join(folder, `history-${stored}.db`);
  const client = new WorkerClient({ workerPath, databasePath });
  await fill(client, stored);
  await new SqliteLongTermMemory({ client, workspaceId }).recall('word1', { limit: 1 });
  await client.close();
  return { databasePath, client, figures: new Map() };
}

/** As a window does when it opens. */
async function open(store: Store): Promise<void> {
  await store.client.close();
  store.client = new WorkerClient({ workerPath, databasePath: store.databasePath });
  const log = new SqliteHistoryLog({ client: store.client, workspaceId });
  await timed(series(store, 'start the worker, open the session'), async () => {
    await Promise.all([log.recover(), log.sessions(), log.activeSession(), log.turns('s0', { limit: 50 })]);
  });
}

async function append(store: Store, id: string, file: number): Promise<void> {
  const log = new SqliteHistoryLog({ client: store.client, workspaceId });
  const [prompt, answer] = messagesOf(id) as [Message, Message];
  const half = { ...answer, content: answer.content.slice(0, answer.content.length / 2) };
  const expectedLength = (await log.session('s0'))?.length ?? 0;
  series(store, 'raw write + fdatasync of the turn').push(
    raw(Buffer.from(JSON.stringify([prompt, answer])), file),
  );
  await timed(series(store, 'worker hop alone'), () => store.client.open());
  const turn = { id, sessionId: 's0', createdAt, messages: [prompt] };
  await timed(series(store, 'begin'), () => log.begin(turn, { expectedLength, owner, leaseMs }));
  await timed(series(store, 'progress'), () =>
    log.progress(id, owner, { messages: [prompt, half], leaseMs }),
  );
  const outcome = { status: 'complete', messages: [prompt, answer] } as const;
  await timed(series(store, 'finish'), () => log.finish(id, owner, outcome));
  await timed(series(store, 'newest 20 turns'), () => log.turns('s0', { limit: 20 }));
}

async function main(): Promise<void> {
  const few = await prepare(100);
  const many = await prepare(100_000);
  const stores = [few, many];
  // Turn and turn about, so that what else the machine does meets both alike.
  for (let n = 0; n < 10; n += 1) for (const store of stores) await open(store);
  const file = openSync(join(folder, 'raw'), 'a');
  for (let n = 0; n < rounds; n += 1) for (const store of stores) await append(store, `new-${n}`, file);
  closeSync(file);
  for (let n = 0; n < 50; n += 1) {
    for (const store of stores) {
      const { client } = store;
      const memory = new SqliteLongTermMemory({ client, workspaceId });
      await timed(series(store, 'recall, 5 words'), () => memory.recall(text(5), { limit: 10 }));
      await timed(series(store, 'workspace record'), () => client.recordOf(workspaceId, 65_536));
    }
  }
  for (const { client } of stores) await client.close();
  for (const [name, values] of few.figures) {
    const other = many.figures.get(name) ?? [];
    line(`${name}, 100 messages`, values);
    line(`${name}, 100,000 messages`, other);
    console.log(`${''.padEnd(52)} ratio ${(p(other, 0.5) / p(values, 0.5)).toFixed(2)}`);
  }
  const floor = p(many.figures.get('raw write + fdatasync of the turn') ?? [], 0.5);
  const finish = p(many.figures.get('finish') ?? [], 0.5);
  console.log(`finish, 100,000 messages, against raw write + fdatasync: ${(finish / floor).toFixed(2)}`);
}

void main().finally(() => rmSync(folder, { recursive: true, force: true }));
