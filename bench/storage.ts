/**
 * `npm run bench:storage`: what storage costs at the port, worker hop included, against a raw `write` + `fdatasync` of
 * the same bytes, and how little it depends on what is stored. What is compared is measured turn and turn about, so
 * that what else the machine does meets all alike.
 */
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteLongTermMemory } from '../src/adapters/storage/sqliteLongTermMemory';
import { activate, activateInFreshProcess } from './activation';
import { Figures, printLimits } from './figures';
import {
  folder,
  makeStore,
  messagesOf,
  sentContext,
  sessionId,
  text,
  turnStart,
  workspaceId,
  type Store,
} from './store';

const owner = 'bench';
const leaseMs = 30_000;
const appends = 400;
const activations = 21;

async function append({ log, messages }: Store, id: string, file: number, figures: Figures): Promise<void> {
  const [prompt, answer] = messagesOf(id);
  const name = (what: string): string => `${what}, ${messages} messages`;
  const half = { ...answer, content: answer.content.slice(0, answer.content.length / 2) };
  const expectedLength = (await log.session(sessionId))?.length ?? 0;
  const bytes = Buffer.from(JSON.stringify([prompt, answer]));
  figures.add('raw write + fdatasync of the turn', raw(bytes, file));
  const start = turnStart(id, prompt);
  await figures.timed(name('begin'), () => log.begin(start, { expectedLength, owner, leaseMs }));
  await figures.timed(name('progress'), () => log.progress(id, owner, { messages: [prompt, half], leaseMs }));
  const outcome = { status: 'complete', messages: [prompt, answer], context: sentContext } as const;
  await figures.timed(name('finish'), () => log.finish(id, owner, outcome));
  await figures.timed(name('page of 30'), () => log.turns(sessionId, { limit: 30 }));
}

/** @returns the milliseconds it took */
function raw(bytes: Buffer, file: number): number {
  const start = performance.now();
  writeSync(file, bytes);
  fdatasyncSync(file);
  return performance.now() - start;
}

async function measureAppends(stores: readonly Store[], figures: Figures): Promise<void> {
  const file = openSync(join(folder, 'raw'), 'a');
  // The first ones warm up.
  for (let n = -20; n < appends; n += 1) {
    const into = n < 0 ? new Figures() : figures;
    for (const store of n % 2 === 0 ? stores : stores.toReversed())
      await append(store, `new-${n}`, file, into);
  }
  closeSync(file);
}

async function measureActivations(stores: readonly Store[], figures: Figures): Promise<void> {
  for (let n = -2; n < activations; n += 1) {
    for (const { messages, databasePath } of n % 2 === 0 ? stores : stores.toReversed()) {
      const { openMs, pageMs, residentMb } = await activateInFreshProcess(databasePath);
      if (n < 0) continue;
      figures.add(`activation, ${messages} messages`, openMs);
      figures.add(`activation and first page, ${messages} messages`, pageMs);
      figures.add(`resident memory (MB), ${messages} messages`, residentMb);
    }
  }
}

async function measureRest(stores: readonly Store[], figures: Figures): Promise<void> {
  for (let n = 0; n < 50; n += 1) {
    for (const { client, messages } of stores) {
      const memory = new SqliteLongTermMemory({ client, workspaceId });
      await figures.timed(`recall of 5 words, ${messages} messages`, () =>
        memory.recall(text(5), { limit: 10 }),
      );
      await figures.timed(`workspace record, ${messages} messages`, () =>
        client.recordOf(workspaceId, 65_536),
      );
    }
  }
}

async function main(): Promise<number> {
  const figures = new Figures();
  const [few, many] = [await makeStore(100), await makeStore(100_000)];
  await measureAppends([few, many], figures);
  await measureRest([few, many], figures);
  for (const { client } of [few, many]) await client.close();
  await measureActivations([few, many], figures);
  console.log(`${'milliseconds'.padEnd(72)}${'p50'.padStart(10)}${'p95'.padStart(10)}`);
  for (const name of figures.names) {
    console.log(
      `${name.padEnd(72)}${figures.p50(name).toFixed(2).padStart(10)}${figures.p95(name).toFixed(2).padStart(10)}`,
    );
  }
  const ratio = (left: string, right: string): number => figures.p50(left) / figures.p50(right);
  const raw = 'raw write + fdatasync of the turn';
  const grows = (what: string) => ({
    what: `${what}: 100,000 messages against 100`,
    value: ratio(`${what}, 100000 messages`, `${what}, 100 messages`),
    most: 1.2,
    unit: 'x',
  });
  const memory = (messages: number): number => figures.p50(`resident memory (MB), ${messages} messages`);
  return printLimits([
    ...['begin', 'finish'].map((what) => ({
      what: `${what}, 100,000 messages stored: against a raw write + fdatasync`,
      value: ratio(`${what}, 100000 messages`, raw),
      most: 2,
      unit: 'x',
    })),
    ...['begin', 'progress', 'finish', 'activation', 'activation and first page'].map(grows),
    {
      what: 'resident memory: 100,000 messages against 100',
      value: memory(100_000) - memory(100),
      most: 20,
      unit: 'MB',
    },
  ]);
}

const [mode, databasePath] = process.argv.slice(2);
if (mode === 'activate' && databasePath !== undefined) {
  console.log(JSON.stringify(await activate(databasePath)));
} else {
  process.exitCode = await main();
}
rmSync(folder, { recursive: true, force: true });
