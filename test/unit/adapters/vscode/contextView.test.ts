import assert from 'node:assert/strict';
import { object } from 'zod/mini';
import { cutMark } from '../../../../src/core/context/carried';
import { defineTool } from '../../../../src/core/tools/tool';
import type { ShownNext, ShownPast } from '../../../../src/protocol/context';
import { contextInForce, openContextView } from '../../../support/openContextView';
import { calls, says, ScriptedModel } from '../../../support/scriptedModel';

const long = 'a long story without an end '.repeat(20);

suite('the Context panel (host side)', () => {
  test('what is being typed in the chat is shown once the panel is there, until it has taken that over', async () => {
    const { view, look, posted } = openContextView(new ScriptedModel());
    view.show({ tab: 'next', prompt: 'half a thought' });
    const shows = (): number => posted.filter(({ type }) => type === 'show').length;
    await look({ prompt: '' });
    assert.equal(shows(), 1);
    await look({ prompt: 'half a thought' });
    await look({ prompt: '' });
    assert.equal(shows(), 1, 'what the user clears stays cleared');
  });

  test('asks for a trim where the panel does', () => {
    const { view, trimmed } = openContextView(new ScriptedModel());
    view.accept({ type: 'trim' });
    assert.equal(trimmed.length, 1);
  });

  test('shows what is sent, and sending it by its id sends that', async () => {
    const model = new ScriptedModel(says('One.'), says('Two.'));
    const { look, ask, view, next, sessions, sent } = openContextView(model);
    await ask('First');
    const { context, contextId } = await look<ShownNext>();
    const keys = context?.items.filter(({ included }) => included).map(({ key }) => key) ?? [];
    const read = await look<ShownNext>({ open: keys });
    assert.equal(read.contextId, contextId);
    const texts = read.context?.items.flatMap((item) => item.texts ?? []) ?? [];
    view.accept({ type: 'send', turnId: 'sent', contextId, prompt: 'And now?' });
    assert.equal((await next('sent')).refused, undefined);
    await (await sessions.active()).settled();
    assert.deepEqual(sent, [{ sessionId: (await sessions.active()).id, text: 'And now?' }]);
    assert.deepEqual(
      model.requests.at(-1)?.messages.map(({ content }) => content),
      texts.filter(({ role }) => role !== 'definition').map(({ content }) => content),
    );
  });

  test('what was shown of a session that has moved on is refused', async () => {
    const { look, ask, view, next, sent } = openContextView(new ScriptedModel(says('One.'), says('Two.')));
    const { contextId } = await look<ShownNext>();
    await ask('First');
    view.accept({ type: 'send', turnId: 'sent', contextId, prompt: 'And now?' });
    assert.equal((await next('sent')).refused, 'Sorry: stale');
    assert.deepEqual(sent, [], 'a draft of the chat stays there');
  });

  test('other settings are compared with those in force, and nothing is changed', async () => {
    const { look, ask } = openContextView(new ScriptedModel(...Array.from({ length: 6 }, () => says(long))));
    await ask('a', 'b', 'c', 'd', 'e', 'f');
    const { difference, context } = await look<ShownNext>({
      instead: { ...contextInForce, policies: ['slidingWindow', 'tokenBudget'], windowTurns: 2 },
    });
    assert.equal(difference?.wentOut, 4);
    assert.equal(difference.cameIn, 0);
    assert.ok((difference.before ?? 0) > difference.after);
    assert.equal(difference.after, context?.tokens);
    assert.equal(context?.items.filter(({ change }) => change === 'out').length, 4);
    assert.equal((await look<ShownNext>()).difference, undefined);
  });

  test('a higher budget brings in turns that the one in force does not even read', async () => {
    const setup = { settings: { maxTokens: 1_000 } };
    const { look, ask } = openContextView(
      new ScriptedModel(...Array.from({ length: 60 }, () => says(long))),
      setup,
    );
    await ask(...Array.from({ length: 60 }, (_, index) => `Prompt ${index}`));
    const { context } = await look<ShownNext>({ instead: { ...contextInForce, maxTokens: 100_000 } });
    assert.equal(context?.items.filter(({ source, included }) => source === 'window' && included).length, 60);
  });

  test('a prompt that cannot fit is told in words, and there is nothing to send', async () => {
    const { look } = openContextView(new ScriptedModel());
    const { error, contextId } = await look<ShownNext>({ prompt: long.repeat(200) });
    assert.equal(error, 'Sorry: cannot-fit');
    assert.equal(contextId, undefined);
  });

  test('while a turn runs it waits, and shows the next request when that has ended', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { look, next, sessions } = openContextView(new ScriptedModel([gate, ...says('Done.')]));
    const sent = (await sessions.active()).send('Go');
    assert.equal((await look<ShownNext>()).waiting, true);
    const after = next('shown', ({ view }) => view.tab === 'next' && !view.waiting);
    release();
    await sent;
    const { view } = await after;
    assert.ok(view.tab === 'next' && view.context?.items.some(({ title }) => title === 'Go'));
  });

  test('in a new session, a past turn that was looked at in another gives way to the turns of this one', async () => {
    const { look, ask, sessions, next, view } = openContextView(new ScriptedModel(says('One.'), says('Two.')));
    await ask('Of the old session');
    const [old] = (await look<ShownPast>({ tab: 'past' })).turns;
    const chosen = { tab: 'past', turnId: old?.id, request: 3 } as const;
    assert.equal((await look<ShownPast>(chosen)).turn?.title, 'Of the old session');
    await sessions.startFresh();
    const empty = next('shown');
    view.refresh();
    const { view: shown } = await empty;
    assert.deepEqual(shown, { tab: 'past', turns: [], more: false, missing: 'no-turns' });
    await ask('Of the new session');
    const past = await look<ShownPast>(chosen);
    assert.equal(past.turn?.title, 'Of the new session');
    assert.equal(past.requests?.shown, 1);
    assert.deepEqual(past.turns.map(({ title }) => title), ['Of the new session']);
    const texts = past.context?.items.map(({ title }) => title) ?? [];
    assert.ok(!texts.some((title) => title.includes('old')), texts.join());
  }); // prettier-ignore

  test('a past turn is shown from what was stored; what is deleted since says so', async () => {
    const { look, ask, sessions, view, copied, next } = openContextView(
      new ScriptedModel(says('1'), says('2'), says('3')),
    );
    await ask('First', 'Second', 'Third');
    const { turns } = await (await sessions.active()).page(10);
    await sessions.deleteTurn(turns[0]?.id ?? '');
    const past = await look<ShownPast>({ tab: 'past', open: ['past:1'] });
    assert.equal(past.turn?.title, 'Third');
    const window = past.context?.items.filter(({ source }) => source === 'window') ?? [];
    assert.deepEqual(
      window.map(({ title, since }) => [title, since]),
      [
        ['A turn that is deleted since', 'deleted'],
        ['Second', undefined],
      ],
    );
    assert.deepEqual(
      window[1]?.texts?.map(({ content }) => content),
      ['Second', '2'],
    );
    const total = past.context?.items.reduce((sum, item) => sum + (item.included ? item.tokens : 0), 0);
    assert.equal(total, past.context?.tokens);
    view.accept({ type: 'copy-json' });
    await next('notice');
    assert.equal((JSON.parse(copied[0] ?? '') as { tokens: number }).tokens, past.context?.tokens);
  });

  test('a turn without a stored context is not known, a deleted one is gone', async () => {
    const { look, log, sessions } = openContextView(new ScriptedModel());
    const session = await sessions.create({
      history: [
        { role: 'user', content: 'Imported' },
        { role: 'assistant', content: 'Yes' },
      ],
    });
    const { turns } = await log.turns(session.id, { limit: 1 });
    assert.equal((await look<ShownPast>({ tab: 'past', turnId: turns[0]?.id })).missing, 'unknown');
    assert.equal((await look<ShownPast>({ tab: 'past', turnId: 'nobody' })).missing, 'deleted');
  });

  test('a result that is sent cut is shown cut, its mark told apart', async () => {
    const big = defineTool({
      name: 'big',
      description: 'Big',
      schema: object({}),
      run: () => 'x'.repeat(60_000),
    });
    const model = new ScriptedModel(calls(['big', '{}']), says('Done.'));
    const { look, ask } = openContextView(model, { tools: [big] });
    await ask('Read it');
    const { context } = await look<ShownNext>();
    const item = context?.items.find(({ title }) => title === 'Read it');
    assert.equal(item?.cut, 1);
    const opened = await look<ShownNext>({ open: [item.key] });
    const text = opened.context?.items.flatMap(({ texts = [] }) => texts).find(({ role }) => role === 'tool');
    assert.equal(text?.content.slice(text.cutAt), cutMark);
  });

  test('what it was told to show is shown by a panel that comes later', async () => {
    const { look, view, next, ask, posted } = openContextView(new ScriptedModel(says('1')));
    await ask('First');
    view.show({ tab: 'past', turnId: 't' });
    const told = next('show');
    await look();
    assert.equal((await told).turnId, 't');
    await look({ tab: 'past', turnId: 't' });
    posted.length = 0;
    await look();
    assert.equal(posted.filter(({ type }) => type === 'show').length, 0);
  });
});
