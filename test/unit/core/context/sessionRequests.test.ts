import assert from 'node:assert/strict';
import { HistoryError } from '../../../../src/core/errors';
import { noMemory } from '../../../../src/core/memory/noMemory';
import { ScriptedCompactor } from '../../../support/scriptedCompactor';
import { calls, says, ScriptedModel } from '../../../support/scriptedModel';
import { setUpSessions } from '../../../support/sessionSetup';

async function open(model = new ScriptedModel(), ...prompts: readonly string[]) {
  const compactor = new ScriptedCompactor('They talked of a SECRET.');
  const setup = setUpSessions(model, { compactor });
  const session = await setup.sessions.active();
  const ids: string[] = [];
  for (const prompt of prompts) ids.push((await session.send(prompt)).id);
  return { ...setup, session, ids, model };
}

/** A promise that rejects as `stale`, in words that say what to do. */
function isStale(sent: Promise<unknown>): Promise<void> {
  return assert.rejects(
    sent,
    (error) =>
      error instanceof HistoryError && error.reason === 'stale' && /inspect it again/.test(error.message),
  );
}

suite('a context that was inspected', () => {
  test('is sent by its id to the byte, also where settings would make another of it by now', async () => {
    const { session, model } = await open(new ScriptedModel(), 'one', 'two', 'three');
    const { contextId, request } = await session.requests.inspect('four', { policy: noMemory });
    const plain = await session.requests.inspect('four');
    assert.notDeepEqual(request, plain.request);
    await session.requests.trim({ strategy: 'slidingWindow', turns: 1 });
    await session.send('four', { contextId });
    assert.equal(JSON.stringify(model.requests.at(-1)), JSON.stringify(request));
  });

  test('is the turn’s first request, and what is stored of it; the next step goes on from there', async () => {
    const model = new ScriptedModel(says('1'), calls(['echo', '{"text":"x"}']), says('done'));
    const { session } = await open(model, 'one');
    const { contextId, request, tokens } = await session.requests.inspect('two');
    const { id } = await session.send('two', { contextId });
    assert.deepEqual(model.requests[1], request);
    const next = model.requests[2]?.messages.map(({ content }) => content) ?? [];
    assert.deepEqual(
      next.slice(0, -2),
      request.messages.map(({ content }) => content),
    );
    assert.equal((await session.requests.sentContext(id))?.tokens, tokens);
  });

  test('stores nothing and asks no model', async () => {
    const { session, log, model } = await open();
    await session.requests.inspect('hello');
    assert.deepEqual(await log.sessions(), []);
    assert.equal(model.requests.length, 0);
  });

  const changes: Readonly<Record<string, (setup: Awaited<ReturnType<typeof open>>) => Promise<unknown>>> = {
    'the prompt is another': () => Promise.resolve('another prompt'),
    'a turn came since': ({ session }) => session.send('between'),
    'a turn was deleted': ({ sessions, ids }) => sessions.deleteTurn(ids[0] ?? ''),
    'a turn was deleted and another came': async ({ sessions, session, ids }) => {
      await sessions.deleteTurn(ids[0] ?? '');
      await session.send('between');
    },
    'an import made another of a turn': async ({ log, sessions, ids }) => {
      const dump = await log.dump();
      const text = JSON.stringify(dump).replaceAll('my secret plan', 'nothing at all');
      assert.notEqual(text, JSON.stringify(dump), ids[0]);
      await log.load(JSON.parse(text) as typeof dump, 'update');
      await sessions.refresh();
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    test(`is refused where ${what}: nothing is stored, no model is asked`, async () => {
      const setup = await open(new ScriptedModel(), 'my secret plan', 'two');
      const { session, model, log } = setup;
      const { contextId } = await session.requests.inspect('three');
      const changed = await change(setup);
      const prompt = typeof changed === 'string' ? changed : 'three';
      const before = [model.requests.length, await log.dump()];
      await isStale(session.send(prompt, { contextId }));
      assert.deepEqual([model.requests.length, await log.dump()], before);
      assert.equal((await session.send('three')).status, 'complete');
    });
  }

  test('is refused where the summary that it carries tells of what was deleted since', async () => {
    const long = 'and so on '.repeat(60);
    const { session, sessions, ids, model } = await open(new ScriptedModel(), long, long, long, 'last');
    const summary = await session.compaction.run(await session.compaction.plan('all'));
    await session.requests.standIn(summary);
    const { contextId, request } = await session.requests.inspect('next');
    assert.match(JSON.stringify(request), /SECRET/);
    await sessions.deleteTurn(ids[0] ?? '');
    await session.send('between');
    await isStale(session.send('next', { contextId }));
    assert.doesNotMatch(JSON.stringify(model.requests.at(-1)), /SECRET/);
  });

  test('is known by its id for the last eight, and by no other id', async () => {
    const { session } = await open(new ScriptedModel(), 'one');
    const made: string[] = [];
    for (let n = 0; n < 9; n += 1) made.push((await session.requests.inspect('two')).contextId);
    assert.equal(new Set(made).size, 9);
    await isStale(session.send('two', { contextId: made[0] ?? '' }));
    await isStale(session.send('two', { contextId: 'made up' }));
    assert.equal((await session.send('two', { contextId: made[1] ?? '' })).status, 'complete');
  });
});
