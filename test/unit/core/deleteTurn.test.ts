import assert from 'node:assert/strict';
import { newSessionTitle } from '../../../src/core/sessionEntry';
import { says, ScriptedModel } from '../../support/scriptedModel';
import { setUpSessions } from '../../support/sessionSetup';

/** An active session with a turn for each prompt. */
async function withTurns(...prompts: readonly string[]) {
  const model = new ScriptedModel(...prompts.map((prompt) => says(`answer to ${prompt}`)));
  const setup = setUpSessions(model);
  const session = await setup.sessions.active();
  const turns = [];
  for (const prompt of prompts) turns.push(await session.send(prompt));
  return { ...setup, model, session, ids: turns.map(({ id }) => id) };
}

suite('deleting one turn', () => {
  test('is seen at once: the next request carries the others alone, and the session goes on', async () => {
    const { sessions, session, model, ids } = await withTurns('first', 'second', 'third');
    assert.deepEqual(await sessions.deleteTurn(ids[1] ?? ''), {
      sessions: 0,
      turns: 1,
      messages: 2,
      facts: 0,
    });
    assert.equal(session.summary?.length, 2);
    assert.equal((await session.send('fourth')).status, 'complete');
    const sent = JSON.stringify(model.requests.at(-1)?.messages);
    assert.match(sent, /first.*third.*fourth/);
    assert.doesNotMatch(sent, /second/);
  });

  test('tells the faces that the session is another now', async () => {
    const { sessions, session, ids } = await withTurns('first');
    const events: string[] = [];
    session.onEvent(({ type }) => events.push(type));
    await sessions.deleteTurn(ids[0] ?? '');
    assert.ok(events.includes('session-change'));
    assert.deepEqual((await session.page(10)).turns, []);
  });

  test('leaves nothing of its prompt in the title', async () => {
    const { sessions, session, ids } = await withTurns('my secret plan', 'something else');
    assert.equal(session.title, 'my secret plan');
    await sessions.deleteTurn(ids[0] ?? '');
    assert.equal(session.title, 'something else');
    await sessions.deleteTurn(ids[1] ?? '');
    assert.equal(session.title, newSessionTitle);
    await session.send('a new start');
    assert.equal(session.title, 'a new start');
  });

  test('leaves a title that was given, and one that comes from another turn', async () => {
    const { sessions, session, ids } = await withTurns('same', 'same', 'other');
    await sessions.deleteTurn(ids[1] ?? '');
    assert.equal(session.title, 'same');
    await session.rename('Mine');
    await sessions.deleteTurn(ids[0] ?? '');
    assert.equal(session.title, 'Mine');
  });

  test('is refused while it waits or runs, and changes nothing', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { sessions } = setUpSessions(new ScriptedModel([gate, ...says('one')], says('two')));
    const session = await sessions.active();
    const running = session.send('one', { turnId: 't1' });
    const queued = session.send('two', { turnId: 't2' });
    await assert.rejects(sessions.deleteTurn('t1'), { reason: 'busy' });
    await assert.rejects(sessions.deleteTurn('t2'), { reason: 'busy' });
    release();
    assert.deepEqual(
      (await Promise.all([running, queued])).map(({ status }) => status),
      ['complete', 'complete'],
    );
    await assert.rejects(sessions.deleteTurn('nope'), { reason: 'not-found' });
  });
});
