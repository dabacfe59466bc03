import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { MemoryHistoryLog } from '../../src/adapters/storage/memoryHistoryLog';
import { SqliteHistoryLog } from '../../src/adapters/storage/sqliteHistoryLog';
import { reasonOf } from '../../src/core/errors';
import type { HistoryDump, HistoryLog } from '../../src/core/historyLog';
import { pairToolCalls } from '../../src/core/toolPairs';
import { anyDump, anyMessages } from '../support/arbitraries';
import { temporaryStorage, type TemporaryStorage } from '../support/storage';
import { sent, summary } from './historyLogContext.contract';
import { complete, createdAt, leaseMs, startOfTime, user } from './logFixture';

interface Step {
  readonly say: string;
  readonly advance: number;
  readonly run: (log: HistoryLog) => Promise<unknown>;
}

const sessionId = fc.constantFrom('s1', 's2');
const turnId = fc.constantFrom('t1', 't2', 't3', 't4', 't5');
const owner = fc.constantFrom('window-1', 'window-2');
const advance = fc.constantFrom(0, 1, leaseMs / 2, leaseMs);

function step(say: string, run: (log: HistoryLog) => Promise<unknown>): fc.Arbitrary<Step> {
  return advance.map((milliseconds) => ({ say, advance: milliseconds, run }));
}

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  sessionId.chain((id) => step(`create ${id}`, (log) => log.createSession({ id, title: id, createdAt }))),
  fc.tuple(turnId, sessionId, owner, fc.integer({ min: -1, max: 1 })).chain(([id, session, who, off]) =>
    step(`begin ${id} in ${session} by ${who} ${off}`, async (log) => {
      const expectedLength = ((await log.session(session))?.length ?? 0) + off;
      const turn = { id, sessionId: session, createdAt, messages: [user(`prompt of ${id}`)] };
      return log.begin(turn, { expectedLength, owner: who, leaseMs });
    }),
  ),
  fc
    .tuple(turnId, owner, anyMessages)
    .chain(([id, who, messages]) =>
      step(`progress ${id} by ${who}`, (log) => log.progress(id, who, { messages, leaseMs })),
    ),
  fc
    .tuple(turnId, owner, anyMessages, fc.constantFrom('complete', 'stopped', 'failed'))
    .chain(([id, who, messages, status]) =>
      step(`finish ${id} by ${who}`, (log) => log.finish(id, who, { status, messages })),
    ),
  fc
    .tuple(turnId, owner, fc.nat(2))
    .chain(([id, who, tokens]) =>
      step(`finish ${id} by ${who}, ${tokens} sent`, (log) =>
        log.finish(id, who, { ...complete(id), context: { ...sent, tokens } }),
      ),
    ),
  fc
    .tuple(turnId, fc.boolean())
    .chain(([id, pinned]) => step(`pin ${id}: ${pinned}`, (log) => log.pin(id, pinned))),
  fc
    .tuple(fc.constantFrom('a', 'b'), sessionId, fc.uniqueArray(turnId, { maxLength: 3 }), fc.nat(2))
    .chain(([id, session, covered, from]) =>
      step(`put summary ${id} of ${covered.join()} in ${session}`, (log) =>
        log.putSummary(summary(id, covered, { sessionId: session, from })),
      ),
    ),
  step('recover', async (log) => [...(await log.recover())].sort()),
  fc.tuple(sessionId, fc.nat(6)).chain(([id, at]) => step(`trim ${id} to ${at}`, (log) => log.trim(id, at))),
  sessionId.chain((id) => step(`undo trim of ${id}`, (log) => log.undoTrim(id))),
  sessionId.chain((id) => step(`rename ${id}`, (log) => log.renameSession(id, `${id}, renamed`))),
  sessionId.chain((id) => step(`activate ${id}`, (log) => log.setActiveSession(id))),
  turnId.chain((id) => step(`delete turn ${id}`, (log) => log.deleteTurn(id))),
  sessionId.chain((id) => step(`delete ${id}`, (log) => log.deleteSession(id))),
);

async function outcome(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return `refused: ${reasonOf(error)}`;
  }
}

async function stateOf(log: HistoryLog): Promise<unknown> {
  const sessions = await log.sessions();
  const pages = await Promise.all(sessions.map(({ id }) => log.turns(id, { limit: 100 })));
  const context = await Promise.all(
    sessions.map(async ({ id }) => [await log.pinned(id), await log.summaries(id)]),
  );
  const turns = pages.flatMap((page) => page.turns);
  const contexts = await Promise.all(turns.map(({ id }) => log.sentContext(id)));
  const active = await log.activeSession();
  return { sessions, pages, active, dump: await log.dump(), context, contexts };
}

async function checkInvariants(log: HistoryLog): Promise<void> {
  for (const { id, length } of await log.sessions()) {
    const { turns, more } = await log.turns(id, { limit: 1000 });
    assert.equal(more, false);
    assert.equal(turns.length, length);
    const there = new Set(turns.map((turn) => turn.id));
    for (const { turnIds } of await log.summaries(id)) assert.ok(turnIds.every((turn) => there.has(turn)));
    assert.ok(turns.every(({ position }, n) => position > (turns[n - 1]?.position ?? -1)));
    assert.ok(turns.filter(({ status }) => status === 'running').length <= 1, 'one turn runs at a time');
    for (const { status, messages } of turns) {
      if (status !== 'running') assert.equal(pairToolCalls(messages).messages, messages, 'pairs are whole');
    }
  }
}

/** What a log makes of what comes in: it is stored alike after that. */
async function settled(dump: HistoryDump): Promise<HistoryDump> {
  const log = new MemoryHistoryLog();
  await log.load(dump, 'update');
  return log.dump();
}

suite('HistoryLog, whatever happens', () => {
  let storage: TemporaryStorage;
  let workspaces = 0;
  suiteSetup(async () => {
    storage = await temporaryStorage(startOfTime);
  });
  suiteTeardown(() => storage.dispose());
  const sqliteLog = (): SqliteHistoryLog =>
    new SqliteHistoryLog({ client: storage.client, workspaceId: `w${(workspaces += 1)}` });

  test('both adapters answer any sequence of calls alike, and hold what every history holds', async () => {
    let time = startOfTime;
    const run = async (steps: readonly Step[]): Promise<void> => {
      const memory = new MemoryHistoryLog({ now: () => time });
      const sqlite = sqliteLog();
      for (const { say, advance: milliseconds, run: call } of steps) {
        time += milliseconds;
        storage.advance(milliseconds);
        assert.deepEqual(await outcome(call(sqlite)), await outcome(call(memory)), say);
      }
      assert.deepEqual(await stateOf(sqlite), await stateOf(memory));
      await checkInvariants(sqlite);
    };
    const created = ['s1', 's2'].map((id) => ({
      say: `create ${id}`,
      advance: 0,
      run: (log: HistoryLog) => log.createSession({ id, title: id, createdAt }),
    }));
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 25 }), (steps) =>
        run([...created, ...steps]),
      ),
      { numRuns: 50 },
    );
  });

  test('what was loaded is dumped alike, and loading it again changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(anyDump, async (dump) => {
        const log = sqliteLog();
        await log.load(dump, 'update');
        const first = await log.dump();
        assert.deepEqual(first, await settled(dump));
        const { added, updated } = await log.load(first, 'update');
        assert.deepEqual([added.turns, updated.turns, updated.sessions, updated.facts], [0, 0, 0, 0]);
        assert.deepEqual(await log.dump(), first);
        await checkInvariants(log);
      }),
      { numRuns: 40 },
    );
  });

  test('a copy of a history holds the same content', async () => {
    const content = ({ sessions }: HistoryDump): unknown =>
      sessions.map(({ title, turns }) => ({ title, turns: turns.map(({ status, messages }) => ({ status, messages: messages.map(({ role, content: text }) => ({ role, text })) })) })); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(anyDump, async (dump) => {
        const original = await settled(dump);
        const log = new MemoryHistoryLog();
        await log.load(original, 'update');
        await log.load(original, 'copy');
        const { sessions } = await log.dump();
        const copies = sessions.slice(original.sessions.length);
        assert.deepEqual(content({ sessions: copies, facts: [] }), content(original));
      }),
      { numRuns: 50 },
    );
  });
});
