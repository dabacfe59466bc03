import assert from 'node:assert/strict';
import { MemoryHistoryLog } from '../../../src/adapters/storage/memoryHistoryLog';
import { HistoryError } from '../../../src/core/errors';
import { answerText, type Message } from '../../../src/core/message';
import { says, ScriptedModel } from '../../support/scriptedModel';
import { setUpSessions } from '../../support/sessionSetup';

const contents = (messages: readonly Message[]): string[] =>
  messages.map(({ role, content }) => `${role}: ${content}`);

suite('turns that could not be written', () => {
  test('where the commit fails the turn is shown as not saved, with its answer', async () => {
    const log = new MemoryHistoryLog();
    log.finish = () => Promise.reject(new HistoryError({ reason: 'disk-full' }));
    const { sessions } = setUpSessions(new ScriptedModel(says('yes')), { log });
    const turn = await (await sessions.active()).send('hi');
    assert.equal(turn.saved, false);
    assert.equal(turn.outage?.reason, 'disk-full');
    assert.equal(answerText(turn), 'yes');
  });

  test('on a full disk the chat goes on, and all of it is written once that works again, in order', async () => {
    const log = new MemoryHistoryLog();
    const working = { begin: log.begin.bind(log), createSession: log.createSession.bind(log) };
    const full = (): Promise<never> => Promise.reject(new HistoryError({ reason: 'disk-full' }));
    log.begin = full;
    log.createSession = full;
    const model = new ScriptedModel(says('one'), says('two'), says('three'));
    const { sessions } = setUpSessions(model, { log });
    const session = await sessions.active();
    assert.equal((await session.send('p1')).saved, false);
    assert.equal((await session.send('p2')).saved, false);
    assert.deepEqual(
      session.live.map(({ saved, status }) => `${status} ${saved}`),
      ['complete false', 'complete false'],
    );
    assert.deepEqual(contents(model.requests[1]?.messages ?? []).slice(1), [
      'user: p1',
      'assistant: one',
      'user: p2',
    ]);
    assert.deepEqual(await log.sessions(), []);
    Object.assign(log, working);
    const saved: string[] = [];
    session.onEvent((event) => {
      if (event.type === 'turn-change' && event.turn.saved && event.turn.status === 'complete')
        saved.push(event.turn.id);
    });
    const third = await session.send('p3');
    assert.equal(third.saved, true);
    assert.equal(saved.length, 3);
    const { turns } = await log.turns(session.id, { limit: 10 });
    assert.deepEqual(
      turns.map(({ messages }) => messages.map(({ content }) => content).join(' ')),
      ['p1 one', 'p2 two', 'p3 three'],
    );
    assert.deepEqual(session.live, []);
    assert.deepEqual(contents(model.requests[2]?.messages ?? []).slice(1), [
      'user: p1',
      'assistant: one',
      'user: p2',
      'assistant: two',
      'user: p3',
    ]);
    await sessions.dispose();
  });

  test('a commit that failed is tried again, and the turn then shown as saved', async () => {
    const log = new MemoryHistoryLog();
    const finish = log.finish.bind(log);
    log.finish = () => Promise.reject(new HistoryError({ reason: 'disk-full' }));
    const { sessions } = setUpSessions(new ScriptedModel(says('yes')), { log });
    const session = await sessions.active();
    const turn = await session.send('hi');
    log.finish = finish;
    await sessions.dispose();
    assert.equal((await log.turn(turn.id))?.status, 'complete');
    assert.deepEqual(session.live, []);
  });

  test('clearing forgets them too: nothing writes them afterwards', async () => {
    const log = new MemoryHistoryLog();
    const { begin, createSession } = {
      begin: log.begin.bind(log),
      createSession: log.createSession.bind(log),
    };
    const full = (): Promise<never> => Promise.reject(new HistoryError({ reason: 'disk-full' }));
    Object.assign(log, { begin: full, createSession: full });
    const { sessions } = setUpSessions(new ScriptedModel(says('secret')), { log });
    const session = await sessions.active();
    await session.send('hi');
    Object.assign(log, { begin, createSession });
    await sessions.clear();
    await session.close();
    assert.deepEqual(await log.sessions(), []);
  });

  test('a turn that was deleted in another window while it ran stays deleted, and the next prompt works', async () => {
    const log = new MemoryHistoryLog();
    const finish = log.finish.bind(log);
    log.finish = () => Promise.reject(new HistoryError({ reason: 'not-found' }));
    const { sessions } = setUpSessions(new ScriptedModel(says('one'), says('two')), { log });
    const session = await sessions.active();
    const turn = await session.send('hi', { turnId: 't' });
    assert.equal(turn.saved, false);
    await log.finish('t', 'window-1', { status: 'stopped', messages: turn.messages }).catch(() => undefined);
    await finish('t', 'window-1', { status: 'stopped', messages: turn.messages });
    await log.deleteTurn('t');
    log.finish = finish;
    await session.refresh();
    assert.deepEqual(session.live, []);
    assert.equal((await session.send('again')).saved, true);
  });
});
