import assert from 'node:assert/strict';
import { HistoryError, type HistoryErrorReason } from '../../src/core/errors';
import type {
  HistoryChange,
  HistoryDump,
  HistoryLog,
  SessionDump,
  TurnOutcome,
  TurnStart,
} from '../../src/core/historyLog';
import type { Message, Turn } from '../../src/core/message';

export interface LogFixture {
  readonly log: HistoryLog;
  /** Moves the clock of leases on. */
  advance(milliseconds: number): void;
  dispose(): Promise<void>;
}

export const startOfTime = Date.parse('2026-03-01T10:00:00.000Z');
const createdAt = '2026-03-01T10:00:00.000Z';
const leaseMs = 10_000;
const owner = 'window-1';

export function rejectsWith(promise: Promise<unknown>, reason: HistoryErrorReason): Promise<void> {
  return assert.rejects(promise, (error) => error instanceof HistoryError && error.reason === reason);
}

export function user(content: string): Message {
  return { role: 'user', content };
}

export function assistant(content: string): Message {
  return { role: 'assistant', content };
}

const calls: readonly Message[] = [
  user('Add 5 and 10 for me.'),
  {
    role: 'assistant',
    content: '',
    tool_calls: [
      {
        id: 'call-1',
        type: 'function',
        function: { name: 'calculator', arguments: '{"expression":"5+10"}' },
      },
      { id: 'call-2', type: 'function', function: { name: 'now', arguments: 'not json' } },
    ],
  },
  { role: 'tool', content: '15', tool_call_id: 'call-1', name: 'calculator' },
];

function start(id: string, sessionId = 's1', content = `prompt ${id}`): TurnStart {
  return { id, sessionId, createdAt, messages: [user(content)] };
}

function complete(id: string, answer = `answer ${id}`): TurnOutcome {
  return { status: 'complete', messages: [user(`prompt ${id}`), assistant(answer)] };
}

function turn(id: string, more: Partial<Turn> = {}): Turn {
  return {
    id,
    createdAt,
    status: 'complete',
    messages: [user(`prompt ${id}`), assistant(`answer ${id}`)],
    ...more,
  };
}

function session(id: string, turns: readonly Turn[]): SessionDump {
  return { id, title: `Session ${id}`, createdAt, updatedAt: createdAt, turns };
}

/** The promises of the HistoryLog port, to be held by every adapter. */
export function historyLogContract(name: string, create: () => Promise<LogFixture>): void {
  suite(`HistoryLog: ${name}`, () => {
    let fixture: LogFixture;
    let log: HistoryLog;

    setup(async () => {
      fixture = await create();
      log = fixture.log;
    });
    teardown(() => fixture.dispose());

    async function openSession(id = 's1'): Promise<void> {
      await log.createSession({ id, title: `Session ${id}`, createdAt });
    }

    async function append(id: string, sessionId = 's1'): Promise<number> {
      const expectedLength = (await log.session(sessionId))?.length ?? 0;
      const position = await log.begin(start(id, sessionId), { expectedLength, owner, leaseMs });
      await log.finish(id, owner, complete(id));
      return position;
    }

    async function ids(sessionId = 's1'): Promise<string[]> {
      return (await log.turns(sessionId, { limit: 1000 })).turns.map(({ id }) => id);
    }

    suite('sessions', () => {
      test('a new session is empty and carries everything', async () => {
        await openSession();
        assert.deepEqual(await log.session('s1'), {
          id: 's1',
          title: 'Session s1',
          createdAt,
          updatedAt: createdAt,
          length: 0,
          contextStart: 0,
          trims: 0,
        });
      });

      test('a session that does not exist reads as undefined, and has no turns', async () => {
        assert.equal(await log.session('none'), undefined);
        assert.deepEqual(await log.turns('none', { limit: 5 }), { turns: [], more: false });
        assert.equal(await log.activeSession(), undefined);
      });

      test('creating a session twice is creating it once', async () => {
        await openSession();
        await append('t1');
        const again = await log.createSession({ id: 's1', title: 'Other', createdAt });
        assert.equal(again.title, 'Session s1');
        assert.equal(again.length, 1);
      });

      test('a fork remembers where it came from', async () => {
        const forkedFrom = { sessionId: 's0', turnId: 't0' };
        await log.createSession({ id: 's1', title: 'Fork', createdAt, forkedFrom });
        assert.deepEqual((await log.session('s1'))?.forkedFrom, forkedFrom);
        await log.renameSession('s1', 'Renamed');
        assert.deepEqual((await log.session('s1'))?.forkedFrom, forkedFrom);
      });

      test('renaming keeps everything else', async () => {
        await openSession();
        const before = await log.session('s1');
        assert.deepEqual(await log.renameSession('s1', 'Ünï\0cødé 🧵'), { ...before, title: 'Ünï\0cødé 🧵' });
        await rejectsWith(log.renameSession('none', 'x'), 'not-found');
      });

      test('the session that was updated last comes first', async () => {
        for (const id of ['s1', 's2', 's3']) await openSession(id);
        fixture.advance(1000);
        await append('t1', 's2');
        fixture.advance(1000);
        await append('t2', 's1');
        assert.deepEqual(
          (await log.sessions()).map(({ id }) => id),
          ['s1', 's2', 's3'],
        );
      });

      test('the active session is the one last made active, until it is deleted', async () => {
        await openSession('s1');
        await openSession('s2');
        await log.setActiveSession('s1');
        await log.setActiveSession('s2');
        assert.equal(await log.activeSession(), 's2');
        await rejectsWith(log.setActiveSession('none'), 'not-found');
        await log.deleteSession('s2');
        assert.equal(await log.activeSession(), undefined);
      });
    });

    suite('a turn', () => {
      setup(() => openSession());

      test('is running from begin to finish, and read back as written', async () => {
        assert.equal(
          await log.begin({ ...start('t1'), model: 'm' }, { expectedLength: 0, owner, leaseMs }),
          0,
        );
        assert.deepEqual(await log.turn('t1'), {
          id: 't1',
          sessionId: 's1',
          position: 0,
          createdAt,
          status: 'running',
          model: 'm',
          messages: [user('prompt t1')],
        });
        const result: Message = { role: 'tool', content: '', tool_call_id: 'call-2', createdAt };
        const messages = [...calls, result, assistant('15 \0 \u{1f9f5} é \u2028')];
        const usage = { prompt_tokens: 7, completion_tokens: 3, cached_tokens: 1 };
        await log.finish('t1', owner, { status: 'complete', messages, usage, model: 'm-2' });
        const expected = { id: 't1', createdAt, status: 'complete', model: 'm-2', usage, messages };
        assert.deepEqual(await log.turn('t1'), { ...expected, sessionId: 's1', position: 0 });
        assert.deepEqual((await log.dump()).sessions[0]?.turns, [expected]);
      });

      test('that failed keeps its error', async () => {
        await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
        const error = { reason: 'rate-limited', message: 'Try again in 20 s.' };
        await log.finish('t1', owner, { status: 'failed', messages: [user('prompt t1')], error });
        assert.deepEqual((await log.turn('t1'))?.error, error);
      });

      test('begun with another length is refused as stale, and stores nothing', async () => {
        await append('t1');
        await rejectsWith(log.begin(start('t2'), { expectedLength: 0, owner, leaseMs }), 'stale');
        await rejectsWith(log.begin(start('t2'), { expectedLength: 2, owner, leaseMs }), 'stale');
        assert.equal(await log.turn('t2'), undefined);
        assert.equal((await log.session('s1'))?.length, 1);
      });

      test('begun while another of the session runs is refused as busy', async () => {
        await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
        await rejectsWith(log.begin(start('t2'), { expectedLength: 0, owner: 'window-2', leaseMs }), 'busy');
        await rejectsWith(log.begin(start('t2'), { expectedLength: 1, owner, leaseMs }), 'busy');
        await openSession('s2');
        assert.equal(await log.begin(start('t3', 's2'), { expectedLength: 0, owner, leaseMs }), 0);
      });

      test('begun in a session that does not exist is refused as not found', async () => {
        await rejectsWith(log.begin(start('t1', 'none'), { expectedLength: 0, owner, leaseMs }), 'not-found');
      });

      test('begun twice is one turn, with a new lease', async () => {
        await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
        fixture.advance(leaseMs - 1);
        assert.equal(await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs }), 0);
        fixture.advance(leaseMs - 1);
        assert.deepEqual(await log.recover(), []);
        await rejectsWith(log.begin(start('t1'), { expectedLength: 0, owner: 'window-2', leaseMs }), 'busy');
        await log.finish('t1', owner, complete('t1'));
        await rejectsWith(log.begin(start('t1'), { expectedLength: 1, owner, leaseMs }), 'exists');
        assert.equal((await log.session('s1'))?.length, 1);
      });

      test('finished twice alike is finished once; otherwise the first stands', async () => {
        await append('t1');
        await log.finish('t1', owner, complete('t1'));
        await rejectsWith(log.finish('t1', owner, complete('t1', 'another')), 'exists');
        assert.deepEqual((await log.turn('t1'))?.messages.at(-1), assistant('answer t1'));
      });

      test('takes progress and outcome from its owner only', async () => {
        await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
        await rejectsWith(log.progress('t1', 'window-2', { messages: [user('x')], leaseMs }), 'not-found');
        await rejectsWith(log.finish('t1', 'window-2', complete('t1')), 'not-found');
        await rejectsWith(log.progress('none', owner, { messages: [user('x')], leaseMs }), 'not-found');
        await rejectsWith(log.finish('none', owner, complete('none')), 'not-found');
        assert.equal((await log.turn('t1'))?.status, 'running');
      });

      test('shows what progress saved, message by message', async () => {
        await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
        const steps: (readonly Message[])[] = [
          [user('prompt t1'), assistant('Half a thr')],
          [user('prompt t1'), assistant('Half a thread, and more')],
          [user('prompt t1'), assistant('Half a thread, and more')],
          calls,
          [...calls, { role: 'tool', content: 'noon', tool_call_id: 'call-2' }, assistant('15')],
          calls.slice(0, 1),
        ];
        for (const messages of steps) {
          await log.progress('t1', owner, { messages, leaseMs });
          assert.deepEqual((await log.turn('t1'))?.messages, messages);
        }
        await log.finish('t1', owner, complete('t1'));
        assert.deepEqual((await log.turn('t1'))?.messages, complete('t1').messages);
      });

      test('that ends with a tool call without result gets an interrupted one', async () => {
        await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
        await log.finish('t1', owner, { status: 'stopped', messages: calls });
        const last = (await log.turn('t1'))?.messages.at(-1);
        assert.equal(last?.role, 'tool');
        assert.equal(last.tool_call_id, 'call-2');
        assert.match(last.content, /interrupted/);
      });

      test('keeps half a surrogate pair as U+FFFD', async () => {
        await log.begin(start('t1', 's1', 'a\ud83d'), { expectedLength: 0, owner, leaseMs });
        assert.equal((await log.turn('t1'))?.messages[0]?.content, 'a\ufffd');
      });
    });

    suite('recovery', () => {
      setup(() => openSession());

      test('leaves a turn with a live lease alone', async () => {
        await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
        fixture.advance(leaseMs - 1);
        assert.deepEqual(await log.recover(), []);
        await log.progress('t1', owner, { messages: [user('prompt t1')], leaseMs });
        fixture.advance(leaseMs - 1);
        assert.deepEqual(await log.recover(), []);
        assert.equal((await log.turn('t1'))?.status, 'running');
      });

      test('ends a dead turn as stopped, with what the user had seen and no call without result', async () => {
        await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
        await log.progress('t1', owner, { messages: calls, leaseMs });
        fixture.advance(leaseMs);
        assert.deepEqual(await log.recover(), ['t1']);
        assert.deepEqual(await log.recover(), []);
        const stopped = await log.turn('t1');
        assert.equal(stopped?.status, 'stopped');
        assert.deepEqual(stopped.messages.slice(0, 3), calls);
        assert.equal(stopped.messages[3]?.tool_call_id, 'call-2');
        assert.equal(await append('t2'), 1);
      });

      test('happens by itself where the next turn begins', async () => {
        await log.begin(start('t1'), { expectedLength: 0, owner: 'window-2', leaseMs });
        fixture.advance(leaseMs);
        assert.equal(await log.begin(start('t2'), { expectedLength: 1, owner, leaseMs }), 1);
        assert.equal((await log.turn('t1'))?.status, 'stopped');
      });

      test('does not cost an owner that lives after all its answer', async () => {
        await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
        fixture.advance(leaseMs);
        await log.recover();
        await rejectsWith(log.progress('t1', owner, { messages: [user('x')], leaseMs }), 'not-found');
        await log.finish('t1', owner, complete('t1'));
        assert.deepEqual((await log.turn('t1'))?.messages, complete('t1').messages);
        assert.equal((await log.turn('t1'))?.status, 'complete');
        await rejectsWith(log.finish('t1', owner, complete('t1', 'other')), 'exists');
      });
    });

    suite('reading', () => {
      setup(async () => {
        await openSession();
        for (let n = 0; n < 7; n += 1) await append(`t${n}`);
      });

      test('pages go from the newest back, each oldest first', async () => {
        const newest = await log.turns('s1', { limit: 3 });
        assert.deepEqual(
          newest.turns.map(({ id }) => id),
          ['t4', 't5', 't6'],
        );
        assert.equal(newest.more, true);
        const rest = await log.turns('s1', { before: 4, limit: 4 });
        assert.deepEqual(
          rest.turns.map(({ id }) => id),
          ['t0', 't1', 't2', 't3'],
        );
        assert.equal(rest.more, false);
        assert.deepEqual(await log.turns('s1', { before: 0, limit: 4 }), { turns: [], more: false });
      });

      test('trimming moves the start of the context, destroys nothing, and can be undone', async () => {
        assert.equal((await log.trim('s1', 5)).contextStart, 5);
        assert.deepEqual(await log.trim('s1', 6).then(({ trims }) => trims), 2);
        assert.equal((await log.trim('s1', 6)).trims, 2);
        assert.equal((await log.trim('s1', 99)).contextStart, 7);
        assert.equal((await ids()).length, 7);
        for (const contextStart of [6, 5, 0]) {
          assert.equal((await log.undoTrim('s1')).contextStart, contextStart);
        }
        assert.equal((await log.session('s1'))?.trims, 0);
        await rejectsWith(log.undoTrim('s1'), 'not-found');
        await rejectsWith(log.trim('none', 1), 'not-found');
      });
    });

    suite('deleting', () => {
      setup(async () => {
        await openSession('s1');
        await openSession('s2');
        await append('t1', 's1');
        await append('t2', 's2');
      });

      test('a session takes its turns with it, and nothing else', async () => {
        const counts = { sessions: 1, turns: 1, messages: 2, facts: 0 };
        assert.deepEqual(await log.deleteSession('s1'), counts);
        assert.equal(await log.session('s1'), undefined);
        assert.equal(await log.turn('t1'), undefined);
        assert.deepEqual(await ids('s2'), ['t2']);
        await rejectsWith(log.deleteSession('s1'), 'not-found');
      });

      test('everything says what it removed', async () => {
        const before = await log.dump();
        await log.load({ sessions: [], facts: [{ id: 'f1', text: 'Tea', createdAt }] }, 'update');
        assert.deepEqual(await log.clear(), { sessions: 2, turns: 2, messages: 4, facts: 1 });
        assert.deepEqual(await log.dump(), { sessions: [], facts: [] });
        assert.notDeepEqual(before, await log.dump());
      });

      test('is for good: neither begin, create nor import brings it back', async () => {
        const backup = await log.dump();
        await log.deleteSession('s1');
        await rejectsWith(log.createSession({ id: 's1', title: 'again', createdAt }), 'exists');
        await rejectsWith(log.begin(start('t1', 's2'), { expectedLength: 1, owner, leaseMs }), 'exists');
        for (const mode of ['update', 'skip'] as const) {
          const report = await log.load(backup, mode);
          assert.deepEqual(report.deleted, { sessions: 1, turns: 1, messages: 2, facts: 0 });
          assert.deepEqual(report.sessionIds, ['s2']);
          assert.equal(await log.session('s1'), undefined);
        }
      });

      test('stops a running turn: its owner can save no more', async () => {
        await log.begin(start('t3', 's1'), { expectedLength: 1, owner, leaseMs });
        await log.deleteSession('s1');
        await rejectsWith(log.progress('t3', owner, { messages: [user('x')], leaseMs }), 'not-found');
        await rejectsWith(log.finish('t3', owner, complete('t3')), 'not-found');
      });
    });

    suite('loading', () => {
      const dump: HistoryDump = {
        sessions: [
          session('s1', [turn('t1', { pinned: true }), turn('t2', { status: 'failed' })]),
          { ...session('s2', [turn('t3')]), forkedFrom: { sessionId: 's1', turnId: 't1' } },
        ],
        facts: [
          { id: 'f1', text: 'Likes tea', createdAt, source: { sessionId: 's1', turnId: 't2' } },
          { id: 'f2', text: '', createdAt },
        ],
      };
      const all = { sessions: 2, turns: 3, messages: 6, facts: 2 };
      const none = { sessions: 0, turns: 0, messages: 0, facts: 0 };

      test('gives back the same history, and says what it added', async () => {
        const report = await log.load(dump, 'update');
        assert.deepEqual(report, {
          added: all,
          updated: none,
          skipped: none,
          deleted: none,
          sessionIds: ['s1', 's2'],
        });
        assert.deepEqual(await log.dump(), dump);
        assert.deepEqual(await log.dump('s2'), { sessions: [dump.sessions[1]], facts: [] });
        await rejectsWith(log.dump('none'), 'not-found');
      });

      test('again changes nothing, in either mode', async () => {
        await log.load(dump, 'update');
        for (const mode of ['update', 'skip'] as const) {
          const { added, updated, skipped } = await log.load(dump, mode);
          assert.deepEqual({ added, updated, skipped }, { added: none, updated: none, skipped: all });
        }
        assert.deepEqual(await log.dump(), dump);
      });

      test('update replaces what it knows, keeps what the file lacks, and appends what is new', async () => {
        await log.load(dump, 'update');
        const changed = turn('t1', { messages: [user('changed')] });
        const renamed = {
          ...session('s1', [turn('t4'), changed]),
          title: 'Renamed',
          updatedAt: '2027-01-01T00:00:00Z',
        };
        const report = await log.load({ sessions: [renamed], facts: [] }, 'update');
        assert.deepEqual(report.updated, { ...none, sessions: 1, turns: 1, messages: 1 });
        assert.deepEqual(report.added, { ...none, turns: 1, messages: 2 });
        assert.deepEqual(await ids(), ['t1', 't2', 't4']);
        assert.deepEqual((await log.turn('t1'))?.messages, [user('changed')]);
        const summary = await log.session('s1');
        assert.equal(summary?.title, 'Renamed');
        assert.equal(summary.updatedAt, '2027-01-01T00:00:00Z');
        assert.equal(summary.length, 3);
      });

      test('skip leaves what it knows and adds what is new', async () => {
        await log.load(dump, 'update');
        const changed = { ...session('s1', [turn('t1', { messages: [] }), turn('t4')]), title: 'Other' };
        const report = await log.load({ sessions: [changed], facts: [] }, 'skip');
        assert.deepEqual(report.skipped, { ...none, sessions: 1, turns: 1 });
        assert.deepEqual(report.added, { ...none, turns: 1, messages: 2 });
        assert.equal((await log.session('s1'))?.title, 'Session s1');
        assert.deepEqual(await ids(), ['t1', 't2', 't4']);
      });

      test('copy brings everything in once more, under new ids that fit together', async () => {
        await log.load(dump, 'update');
        await log.clear();
        const report = await log.load(dump, 'copy');
        assert.deepEqual(report.added, all);
        assert.deepEqual(report.deleted, none);
        const copy = await log.dump();
        const [first, second] = copy.sessions;
        assert.deepEqual(report.sessionIds, [first?.id, second?.id]);
        assert.notEqual(first?.id, 's1');
        assert.deepEqual(second?.forkedFrom, { sessionId: first?.id, turnId: first?.turns[0]?.id });
        assert.deepEqual(copy.facts[0]?.source, { sessionId: first?.id, turnId: first?.turns[1]?.id });
        assert.deepEqual(
          first?.turns.map(({ messages }) => messages),
          dump.sessions[0]?.turns.map(({ messages }) => messages),
        );
      });

      test('never brings in a running turn or a call without result', async () => {
        await log.load(
          { sessions: [session('s1', [turn('t1', { status: 'running', messages: calls })])], facts: [] },
          'update',
        );
        const loaded = await log.turn('t1');
        assert.equal(loaded?.status, 'stopped');
        assert.equal(loaded.messages.at(-1)?.tool_call_id, 'call-2');
      });

      test('a result without its call is refused, and nothing is stored', async () => {
        const orphan: Message = { role: 'tool', content: '15', tool_call_id: 'call-9' };
        const bad = session('s2', [turn('t9', { messages: [user('x'), orphan] })]);
        await assert.rejects(log.load({ sessions: [session('s1', []), bad], facts: [] }, 'update'), /t9/);
        assert.deepEqual(await log.dump(), { sessions: [], facts: [] });
      });

      test('leaves a turn alone that is running right now', async () => {
        await openSession();
        await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
        const report = await log.load({ sessions: [session('s1', [turn('t1')])], facts: [] }, 'update');
        assert.equal(report.skipped.turns, 1);
        assert.equal((await log.turn('t1'))?.status, 'running');
        assert.deepEqual((await log.dump()).sessions[0]?.turns, []);
      });
    });

    suite('telling of changes', () => {
      test('each change is told, as its own, until the listener leaves', async () => {
        const changes: HistoryChange[] = [];
        const stop = log.onChange((change) => changes.push(change));
        await openSession();
        await append('t1');
        assert.ok(changes.length >= 3);
        assert.ok(changes.every(({ own }) => own));
        assert.ok(changes.some(({ sessionId }) => sessionId === 's1'));
        stop();
        const count = changes.length;
        await append('t2');
        assert.equal(changes.length, count);
      });
    });
  });
}
