import assert from 'node:assert/strict';
import { MemoryHistoryLog } from '../../../src/adapters/storage/memoryHistoryLog';
import { interruptedResult } from '../../../src/core/agentLoop';
import type { Message } from '../../../src/core/message';
import { says, ScriptedModel } from '../../support/scriptedModel';
import { setUpSessions } from '../../support/sessionSetup';

const call = (id: string) => ({ id, type: 'function' as const, function: { name: 'echo', arguments: '{}' } });

suite('sessions', () => {
  test('looking at a workspace without a prompt stores nothing', async () => {
    const { sessions, log } = setUpSessions(new ScriptedModel());
    await sessions.active();
    await sessions.startFresh();
    assert.deepEqual(await log.sessions(), []);
  });

  test('a window opens with the session that was last active', async () => {
    const log = new MemoryHistoryLog();
    const { sessions } = setUpSessions(new ScriptedModel(), { log });
    await (await sessions.active()).send('first');
    const first = await sessions.active();
    await (await sessions.startFresh()).send('second');
    await sessions.activate(first.id);
    const later = setUpSessions(new ScriptedModel(), { log, newId: () => 'unused' });
    assert.equal((await later.sessions.active()).id, first.id);
  });

  test('a fresh session that got a prompt is the one a window opens with', async () => {
    const log = new MemoryHistoryLog();
    const { sessions } = setUpSessions(new ScriptedModel(), { log });
    await (await sessions.active()).send('first');
    const fresh = await sessions.startFresh();
    await fresh.send('second');
    const later = setUpSessions(new ScriptedModel(), { log });
    assert.equal((await later.sessions.active()).id, fresh.id);
  });

  test('both faces get the very same session', async () => {
    const { sessions } = setUpSessions(new ScriptedModel());
    const [a, b] = await Promise.all([sessions.active(), sessions.active()]);
    assert.equal(a, b);
    await a.send('x');
    assert.equal(await sessions.open(a.id), a);
  });

  test('a session can start from a given history, and carries it', async () => {
    const history: Message[] = [
      { role: 'user', content: 'What is 5 + 10?' },
      { role: 'assistant', content: '', tool_calls: [call('c')] },
      { role: 'tool', content: '15', tool_call_id: 'c' },
      { role: 'assistant', content: 'It is 15.' },
    ];
    const model = new ScriptedModel(says('30'));
    const { sessions } = setUpSessions(model);
    const session = await sessions.create({ title: 'Given', history });
    const plain = (await session.history()).map(({ role, content, tool_calls: calls, tool_call_id: id }) => ({
      role,
      content,
      ...(calls && { tool_calls: calls }),
      ...(id !== undefined && { tool_call_id: id }),
    }));
    assert.deepEqual(plain, history);
    await session.send('Double that');
    assert.equal(model.requests[0]?.messages.length, 6);
  });

  test('a given history with a call but no result is closed; a result without its call is refused', async () => {
    const { sessions } = setUpSessions(new ScriptedModel());
    const open = await sessions.create({
      history: [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: '', tool_calls: [call('c')] },
      ],
    });
    assert.equal((await open.history())[2]?.content, interruptedResult);
    const orphan: Message[] = [
      { role: 'user', content: 'x' },
      { role: 'tool', content: '1', tool_call_id: 'none' },
    ];
    await assert.rejects(sessions.create({ history: orphan }), { reason: 'invalid-argument' });
  });

  test('an unknown session is not found', async () => {
    const { sessions } = setUpSessions(new ScriptedModel());
    await assert.rejects(sessions.open('nope'), { reason: 'not-found' });
  });

  test('deleting the active session leaves another one active, and says what was removed', async () => {
    const { sessions, log } = setUpSessions(new ScriptedModel());
    const kept = await sessions.active();
    await kept.send('keep');
    const doomed = await sessions.startFresh();
    await doomed.send('remove');
    let announced: string | undefined;
    sessions.onActiveChange((session) => (announced = session.id));
    const counts = await sessions.delete(doomed.id);
    assert.deepEqual(counts, { sessions: 1, turns: 1, messages: 2, facts: 0 });
    assert.equal((await sessions.active()).id, kept.id);
    assert.equal(announced, kept.id);
    assert.equal((await log.sessions()).length, 1);
  });

  test('clearing while a turn runs stops it first and leaves nothing', async () => {
    const { sessions, log } = setUpSessions(
      new ScriptedModel([{ type: 'text-delta', text: 'a' }, new Promise(() => undefined)]),
    );
    const session = await sessions.active();
    const running = session.send('go');
    await new Promise<void>((resolve) => {
      session.onEvent((event) => {
        if (event.type === 'text-delta') resolve();
      });
    });
    await sessions.clear();
    assert.equal((await running).status, 'stopped');
    assert.deepEqual(await log.sessions(), []);
    const next = await sessions.active();
    assert.notEqual(next.id, session.id);
    assert.equal((await next.send('again')).status, 'complete');
  });
});
