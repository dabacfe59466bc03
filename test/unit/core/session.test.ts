import assert from 'node:assert/strict';
import { MemoryHistoryLog } from '../../../src/adapters/storage/memoryHistoryLog';
import { ModelError } from '../../../src/core/errors';
import type { LiveTurn, SessionEvent } from '../../../src/core/liveTurn';
import { answerText, type Message } from '../../../src/core/message';
import type { Session } from '../../../src/core/session';
import { titleOf } from '../../../src/core/sessionEntry';
import { calls, says, ScriptedModel } from '../../support/scriptedModel';
import { setUpSessions } from '../../support/sessionSetup';

const contents = (messages: readonly Message[]): string[] =>
  messages.map(({ role, content }) => `${role}: ${content}`);

function statusesOf(session: Session): string[] {
  const seen: string[] = [];
  session.onEvent((event) => {
    if (event.type === 'turn-change') seen.push(event.turn.status);
  });
  return seen;
}

suite('session', () => {
  test('a later prompt carries the earlier turns, tool calls and results included', async () => {
    const model = new ScriptedModel(calls(['echo', '{"text":"15"}']), says('15'), says('30'));
    const { sessions } = setUpSessions(model);
    const session = await sessions.active();
    await session.send('Add 5 and 10');
    await session.send('Double that');
    assert.deepEqual(contents(model.requests[2]?.messages ?? []), [
      'system: Be brief.',
      'user: Add 5 and 10',
      'assistant: ',
      'tool: echo: 15',
      'assistant: 15',
      'user: Double that',
    ]);
  });

  test('an empty or too long prompt is refused before anything is stored or asked', async () => {
    const model = new ScriptedModel();
    const { sessions, log } = setUpSessions(model, { settings: { maxPromptLength: 10 } });
    const session = await sessions.active();
    await assert.rejects(session.send('  \n'), { reason: 'empty-prompt' });
    await assert.rejects(session.send('x'.repeat(11)), { reason: 'prompt-too-large' });
    assert.deepEqual(await log.sessions(), []);
    assert.equal(model.requests.length, 0);
  });

  test('a prompt that cannot fit the token budget is refused, storing nothing', async () => {
    const { sessions, log } = setUpSessions(new ScriptedModel(), { settings: { maxTokens: 300 } });
    const session = await sessions.active();
    await assert.rejects(session.send('word '.repeat(2_000)), { reason: 'cannot-fit' });
    assert.deepEqual(await log.sessions(), []);
  });

  test('prompts run one at a time, in the order they were sent', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const model = new ScriptedModel([gate, ...says('first')], says('second'));
    const { sessions } = setUpSessions(model);
    const session = await sessions.active();
    const first = session.send('one');
    const second = session.send('two');
    assert.deepEqual(
      session.live.map(({ messages }) => messages[0]?.content),
      ['one', 'two'],
    );
    release();
    assert.equal(answerText(await first), 'first');
    assert.equal(answerText(await second), 'second');
    assert.deepEqual(session.live, []);
  });

  test('another prompt under the id of a turn is refused, not taken for it, be that running or ended', async () => {
    const model = new ScriptedModel(says('once'));
    const session = await setUpSessions(model).sessions.active();
    const first = session.send('hi', { turnId: 't' });
    await assert.rejects(session.send('hi there', { turnId: 't' }), { reason: 'exists' });
    assert.equal(answerText(await first), 'once');
    await assert.rejects(session.send('hi there', { turnId: 't' }), { reason: 'exists' });
    assert.equal((await session.send('hi', { turnId: 't' })).id, 't');
    assert.equal(session.summary?.length, 1);
  });

  test('sending a turn twice is one turn, be it running or ended', async () => {
    const model = new ScriptedModel(says('once'));
    const { sessions, log } = setUpSessions(model);
    const session = await sessions.active();
    const [a, b] = await Promise.all([
      session.send('hi', { turnId: 't' }),
      session.send('hi', { turnId: 't' }),
    ]);
    const c = await session.send('hi', { turnId: 't' });
    assert.equal(model.requests.length, 1);
    assert.deepEqual([answerText(a), answerText(b), answerText(c)], ['once', 'once', 'once']);
    assert.equal((await log.turns(session.id, { limit: 10 })).turns.length, 1);
  });

  test('a turn id of another session is refused, and nothing of that session is shown', async () => {
    const { sessions } = setUpSessions(new ScriptedModel());
    await (await sessions.active()).send('mine', { turnId: 't' });
    const other = await sessions.create({ title: 'Other' });
    await assert.rejects(other.send('new', { turnId: 't' }), { reason: 'exists' });
  });

  test('a turn is shown as done only after its commit', async () => {
    const log = new MemoryHistoryLog();
    const order: string[] = [];
    const finish = log.finish.bind(log);
    log.finish = async (...args) => {
      await finish(...args);
      order.push('committed');
    };
    const { sessions } = setUpSessions(new ScriptedModel(says('yes')), { log });
    const session = await sessions.active();
    session.onEvent((event) => {
      if (event.type === 'turn-change') order.push(event.turn.status);
    });
    await session.send('hi');
    assert.deepEqual(order, ['queued', 'running', 'committed', 'complete']);
  });

  test('a failed turn keeps what had arrived and its reason, and the next prompt works', async () => {
    const model = new ScriptedModel(
      [{ type: 'text-delta', text: 'Hal' }, new ModelError({ reason: 'stream-ended' })],
      says('fine'),
    );
    const { sessions, log } = setUpSessions(model);
    const session = await sessions.active();
    const failed = await session.send('hi', { turnId: 'f' });
    assert.equal(failed.status, 'failed');
    const stored = await log.turn('f');
    assert.equal(stored?.error?.reason, 'stream-ended');
    assert.equal(stored.messages[1]?.content, 'Hal');
    assert.equal(answerText(await session.send('again')), 'fine');
  });

  test('a failed turn without an answer is left out of later requests', async () => {
    const model = new ScriptedModel([new ModelError({ reason: 'unauthorized' })], says('ok'));
    const { sessions } = setUpSessions(model);
    const session = await sessions.active();
    await session.send('lost');
    await session.send('kept');
    assert.deepEqual(contents(model.requests[1]?.messages ?? []), ['system: Be brief.', 'user: kept']);
  });

  test('where no model can be had, the prompt is kept as failed', async () => {
    const { sessions, ...deps } = setUpSessions(new ScriptedModel());
    const broken = { ...deps, model: () => Promise.reject(new ModelError({ reason: 'no-model' })) };
    const { Session } = await import('../../../src/core/session');
    const turn = await new Session('s', broken).send('hi');
    assert.equal(turn.status, 'failed');
    assert.equal(turn.error?.reason, 'no-model');
    assert.equal((await deps.log.turn(turn.id))?.messages[0]?.content, 'hi');
    await sessions.dispose();
  });

  test('a turn that its window left behind is told from one that was stopped', async () => {
    for (const [end, reason] of [
      [(session: Session) => session.stop(), undefined],
      [(session: Session) => session.close(), 'interrupted'],
    ] as const) {
      const model = new ScriptedModel([{ type: 'text-delta', text: 'So far' }, new Promise(() => undefined)]);
      const { sessions, log } = setUpSessions(model);
      const session = await sessions.active();
      const seen = new Promise<void>((resolve) => {
        session.onEvent(({ type }) => (type === 'text-delta' ? resolve() : undefined));
      });
      const sent = session.send('tell', { turnId: 't' });
      await seen;
      await end(session);
      assert.equal((await sent).status, 'stopped');
      const stored = await log.turn('t');
      assert.deepEqual([stored?.status, stored?.error?.reason], ['stopped', reason]);
    }
  });

  test('a stopped turn keeps the text that the user saw, and goes with later requests', async () => {
    const model = new ScriptedModel(
      [{ type: 'text-delta', text: 'So far' }, new Promise(() => undefined)],
      says('ok'),
    );
    const { sessions } = setUpSessions(model);
    const session = await sessions.active();
    const seen = new Promise<void>((resolve) => {
      session.onEvent((event) => {
        if (event.type === 'text-delta') resolve();
      });
    });
    const sent = session.send('tell', { turnId: 't' });
    await seen;
    await session.stop('t');
    const turn = await sent;
    assert.equal(turn.status, 'stopped');
    assert.equal(turn.messages[1]?.content, 'So far');
    await session.send('and?');
    assert.ok(contents(model.requests[1]?.messages ?? []).includes('assistant: So far'));
  });

  test('stopping a queued prompt takes it back before it is stored', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { sessions, log } = setUpSessions(new ScriptedModel([gate, ...says('a')]));
    const session = await sessions.active();
    const first = session.send('one');
    const second = session.send('two', { turnId: 'second' });
    const stopped = session.stop('second');
    release();
    await assert.rejects(second, { name: 'AbortError' });
    await stopped;
    await first;
    assert.equal(await log.turn('second'), undefined);
  });

  test('another window that wrote since is told of before a model is called', async () => {
    const log = new MemoryHistoryLog();
    const mine = new ScriptedModel(says('a'), says('after'));
    const theirs = new ScriptedModel(says('b'));
    const one = setUpSessions(mine, { log });
    const session = await one.sessions.active();
    await session.send('first');
    const other = setUpSessions(theirs, { log, owner: 'window-2', newId: () => 'other-turn' });
    await (await other.sessions.open(session.id)).send('from the other window');
    await assert.rejects(session.send('mine'), { reason: 'stale' });
    assert.equal(mine.requests.length, 1);
    await session.send('mine, knowing');
    assert.ok(contents(mine.requests[1]?.messages ?? []).includes('user: from the other window'));
  });

  test('a prompt that waits is answered once the other window is done, knowing what was said there', async () => {
    const log = new MemoryHistoryLog();
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const mine = new ScriptedModel(says('a'), says('after'));
    const session = await setUpSessions(mine, { log }).sessions.active();
    await session.send('first');
    const other = setUpSessions(new ScriptedModel([{ type: 'text-delta', text: 'b' }, gate, ...says('c')]), {
      log,
      owner: 'window-2',
      newId: () => 'other-turn',
    });
    const there = await other.sessions.open(session.id);
    const running = new Promise<void>((resolve) => {
      there.onEvent(({ type }) => {
        if (type === 'text-delta') resolve();
      });
    });
    const theirs = there.send('theirs');
    await running;
    await assert.rejects(session.send('refused'), { reason: 'busy' });
    const waiting = session.send('patient', { wait: true });
    release();
    await theirs;
    assert.equal(answerText(await waiting), 'after');
    assert.ok(contents(mine.requests[1]?.messages ?? []).includes('user: theirs'));
  });

  test('trimming changes what is sent and nothing else, and can be undone', async () => {
    const model = new ScriptedModel(...Array.from({ length: 6 }, (_, n) => says(`a${n}`)));
    const { sessions, log } = setUpSessions(model);
    const session = await sessions.active();
    for (const prompt of ['p0', 'p1', 'p2', 'p3']) await session.send(prompt);
    assert.equal((await session.requests.trim({ strategy: 'slidingWindow', turns: 1 })).trimmed, 3);
    await session.send('p4');
    assert.deepEqual(contents(model.requests[4]?.messages ?? []), [
      'system: Be brief.',
      'user: p3',
      'assistant: a3',
      'user: p4',
    ]);
    assert.equal((await log.turns(session.id, { limit: 10 })).turns.length, 5);
    await session.requests.undoTrim();
    await session.send('p5');
    assert.equal(model.requests[5]?.messages.length, 12);
    await assert.rejects(session.requests.undoTrim(), { reason: 'nothing-to-undo' });
  });

  test('history() reads back roles, contents and tool calls', async () => {
    const { sessions } = setUpSessions(new ScriptedModel(calls(['echo', '{"text":"x"}', 'c1']), says('y')));
    const session = await sessions.active();
    await session.send('go');
    const history = await session.history();
    assert.deepEqual(contents(history), ['user: go', 'assistant: ', 'tool: echo: x', 'assistant: y']);
    assert.equal(history[1]?.tool_calls?.[0]?.id, 'c1');
    assert.equal(history[2]?.tool_call_id, 'c1');
  });

  test('a session is named after its first prompt, and a name that was given sticks', async () => {
    const { sessions } = setUpSessions(new ScriptedModel());
    const session = await sessions.active();
    await session.send('How do I sort a list?\nMore');
    assert.equal(session.title, 'How do I sort a list?');
    const named = await sessions.create({ title: 'Mine' });
    await named.send('something else');
    assert.equal(named.title, 'Mine');
    assert.equal(titleOf('word '.repeat(40)).length <= 60, true);
  });

  test('a face that joins late finds the running turn with what it has so far', async () => {
    const model = new ScriptedModel([{ type: 'text-delta', text: 'Half' }, new Promise(() => undefined)]);
    const { sessions } = setUpSessions(model);
    const session = await sessions.active();
    const half = new Promise<void>((resolve) => {
      session.onEvent((event: SessionEvent) => {
        if (event.type === 'text-delta') resolve();
      });
    });
    const sent = session.send('go');
    await half;
    const [live] = session.live as [LiveTurn];
    assert.equal(live.status, 'running');
    assert.equal(live.messages[1]?.content, 'Half');
    await session.stop();
    await sent;
  });

  test('progress is saved while the answer comes in, and the lease renewed', async () => {
    const log = new MemoryHistoryLog();
    const saved: number[] = [];
    const progress = log.progress.bind(log);
    let done = (): void => undefined;
    const savedOnce = new Promise<void>((resolve) => (done = resolve));
    log.progress = async (turnId, owner, state) => {
      saved.push(state.messages.length);
      await progress(turnId, owner, state);
      done();
    };
    const { sessions } = setUpSessions(
      new ScriptedModel([{ type: 'text-delta', text: 'x' }, savedOnce, ...says('y')]),
      { log },
    );
    const session = await sessions.active();
    const statuses = statusesOf(session);
    await session.send('go');
    assert.deepEqual(saved, [2]);
    assert.deepEqual(statuses, ['queued', 'running', 'complete']);
  });
});
