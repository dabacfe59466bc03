import assert from 'node:assert/strict';
import type { HistoryLog } from '../../src/core/historyLog';
import type { Message } from '../../src/core/message';
import {
  append,
  assistant,
  calls,
  complete,
  createdAt,
  leaseMs,
  type LogFixture,
  openSession,
  owner,
  rejectsWith,
  start,
  user,
} from './logFixture';

export function historyLogTurns(fixture: () => LogFixture): void {
  let log: HistoryLog;
  function advance(milliseconds: number): void {
    fixture().advance(milliseconds);
  }

  setup(() => {
    log = fixture().log;
  });

  suite('a turn', () => {
    setup(() => openSession(log));

    test('is running from begin to finish, and read back as written', async () => {
      assert.equal(await log.begin({ ...start('t1'), model: 'm' }, { expectedLength: 0, owner, leaseMs }), 0);
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
      await append(log, 't1');
      await rejectsWith(log.begin(start('t2'), { expectedLength: 0, owner, leaseMs }), 'stale');
      await rejectsWith(log.begin(start('t2'), { expectedLength: 2, owner, leaseMs }), 'stale');
      assert.equal(await log.turn('t2'), undefined);
      assert.equal((await log.session('s1'))?.length, 1);
    });

    test('begun while another of the session runs is refused as busy', async () => {
      await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
      await rejectsWith(log.begin(start('t2'), { expectedLength: 0, owner: 'window-2', leaseMs }), 'busy');
      await rejectsWith(log.begin(start('t2'), { expectedLength: 1, owner, leaseMs }), 'busy');
      await openSession(log, 's2');
      assert.equal(await log.begin(start('t3', 's2'), { expectedLength: 0, owner, leaseMs }), 0);
    });

    test('begun in a session that does not exist is refused as not found', async () => {
      await rejectsWith(log.begin(start('t1', 'none'), { expectedLength: 0, owner, leaseMs }), 'not-found');
    });

    test('begun twice is one turn, with a new lease', async () => {
      await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
      advance(leaseMs - 1);
      assert.equal(await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs }), 0);
      advance(leaseMs - 1);
      assert.deepEqual(await log.recover(), []);
      await rejectsWith(log.begin(start('t1'), { expectedLength: 0, owner: 'window-2', leaseMs }), 'busy');
      await log.finish('t1', owner, complete('t1'));
      await rejectsWith(log.begin(start('t1'), { expectedLength: 1, owner, leaseMs }), 'exists');
      assert.equal((await log.session('s1'))?.length, 1);
    });

    test('finished twice alike is finished once; otherwise the first stands', async () => {
      await append(log, 't1');
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
    setup(() => openSession(log));

    test('leaves a turn with a live lease alone', async () => {
      await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
      advance(leaseMs - 1);
      assert.deepEqual(await log.recover(), []);
      await log.progress('t1', owner, { messages: [user('prompt t1')], leaseMs });
      advance(leaseMs - 1);
      assert.deepEqual(await log.recover(), []);
      assert.equal((await log.turn('t1'))?.status, 'running');
    });

    test('ends a dead turn as stopped, with what the user had seen and no call without result', async () => {
      await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
      await log.progress('t1', owner, { messages: calls, leaseMs });
      advance(leaseMs);
      assert.deepEqual(await log.recover(), ['t1']);
      assert.deepEqual(await log.recover(), []);
      const stopped = await log.turn('t1');
      assert.equal(stopped?.status, 'stopped');
      assert.equal(stopped.error?.reason, 'interrupted', 'it is told from one that was stopped');
      assert.deepEqual(stopped.messages.slice(0, 3), calls);
      assert.equal(stopped.messages[3]?.tool_call_id, 'call-2');
      assert.equal(await append(log, 't2'), 1);
    });

    test('happens by itself where the next turn begins', async () => {
      await log.begin(start('t1'), { expectedLength: 0, owner: 'window-2', leaseMs });
      advance(leaseMs);
      assert.equal(await log.begin(start('t2'), { expectedLength: 1, owner, leaseMs }), 1);
      assert.equal((await log.turn('t1'))?.status, 'stopped');
    });

    test('does not cost an owner that lives after all its answer', async () => {
      await log.begin(start('t1'), { expectedLength: 0, owner, leaseMs });
      advance(leaseMs);
      await log.recover();
      await rejectsWith(log.progress('t1', owner, { messages: [user('x')], leaseMs }), 'not-found');
      await log.finish('t1', owner, complete('t1'));
      assert.deepEqual((await log.turn('t1'))?.messages, complete('t1').messages);
      assert.equal((await log.turn('t1'))?.status, 'complete');
      assert.equal((await log.turn('t1'))?.error, undefined);
      await log.finish('t1', owner, complete('t1'));
      await rejectsWith(log.finish('t1', owner, complete('t1', 'other')), 'exists');
    });
  });
}
