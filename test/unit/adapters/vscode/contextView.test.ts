import assert from 'node:assert/strict';
import { ContextView } from '../../../../src/adapters/vscode/contextView';
import type { ContextItem } from '../../../../src/core/context/context';
import { cutMark } from '../../../../src/core/context/carried';
import { undoSummary } from '../../../../src/core/memory/undoSummary';
import { reasonOf } from '../../../../src/core/errors';
import { estimatingTokenCounter } from '../../../../src/core/tokenCounter';
import type {
  ContextChoice,
  ContextHostMessage,
  ContextLook,
  ShownNext,
  ShownPast,
  ShownSummaries,
} from '../../../../src/protocol/context';
import { calls, says, ScriptedModel } from '../../../support/scriptedModel';
import { plainSources } from '../../../support/receiptSources';
import { setUpSessions, type SessionSetup } from '../../../support/sessionSetup';
import { defineTool } from '../../../../src/core/tools/tool';
import { object } from 'zod/mini';

const inForce: ContextChoice = {
  maxTokens: 8_000,
  policies: ['tokenBudget'],
  windowTurns: 20,
  windowMessages: 0,
  recentTurns: 6,
};
const firstLook: ContextLook = { type: 'look', n: 1, tab: 'next', prompt: 'And now?', listed: 50, open: [] };
const long = 'a long story without an end '.repeat(20);

function open(model: ScriptedModel, setup: SessionSetup = {}) {
  const { sessions, log } = setUpSessions(model, setup);
  const posted: ContextHostMessage[] = [];
  const waiting = new Set<(message: ContextHostMessage) => void>();
  const copied: string[] = [];
  const [changes, revealed, trimmed, sent]: [unknown[], unknown[], unknown[], unknown[]] = [[], [], [], []];
  const view = new ContextView({
    post: (message) => {
      posted.push(message);
      for (const tell of [...waiting]) tell(message);
    },
    activeSession: () => sessions.active(),
    log: () => Promise.resolve(log),
    fact: () => Promise.resolve(undefined),
    strategy: () => 'workspace',
    settings: () => inForce,
    contextWindow: (setting) => setting,
    compaction: () => ({ automatic: true, threshold: 0.8 }),
    counter: () => estimatingTokenCounter(),
    trim: () => void trimmed.push(1),
    describe: (error) => ({ reason: reasonOf(error), message: `Sorry: ${reasonOf(error)}` }),
    undoSummary,
    useSettings: () => Promise.resolve(),
    copy: (text) => Promise.resolve(void copied.push(text)),
    reveal: () => Promise.resolve(),
    sent: (prompt) => void sent.push(prompt),
    receipts: {
      sources: () => Promise.resolve(plainSources(log)),
      change: (change) => Promise.resolve(void changes.push(change)),
    },
    revealSource: (source) => Promise.resolve(void revealed.push(source)),
    rejected: (why) => assert.fail(why),
  });
  const next = <T extends ContextHostMessage['type']>(
    type: T,
    test: (message: Extract<ContextHostMessage, { type: T }>) => boolean = () => true,
  ) =>
    new Promise<Extract<ContextHostMessage, { type: T }>>((resolve) => {
      const tell = (message: ContextHostMessage): void => {
        const typed = message as Extract<ContextHostMessage, { type: T }>;
        if (message.type !== type || !test(typed)) return;
        waiting.delete(tell);
        resolve(typed);
      };
      waiting.add(tell);
    });
  let n = 0;
  const look = async <V>(change: Partial<ContextLook> = {}): Promise<V> => {
    const mine = (n += 1);
    const shown = next('shown', (message) => message.n === mine);
    view.accept({ ...firstLook, ...change, n: mine });
    return (await shown).view as V;
  };
  const ask = async (...prompts: string[]): Promise<void> => {
    const session = await sessions.active();
    for (const prompt of prompts) await session.send(prompt);
  };
  return { view, sessions, log, posted, next, look, ask, copied, trimmed, sent };
}

suite('the Context panel (host side)', () => {
  test('what is being typed in the chat is shown once the panel is there, until it has taken that over', async () => {
    const { view, look, posted } = open(new ScriptedModel());
    view.show({ tab: 'next', prompt: 'half a thought' });
    const shows = (): number => posted.filter(({ type }) => type === 'show').length;
    await look({ prompt: '' });
    assert.equal(shows(), 1);
    await look({ prompt: 'half a thought' });
    await look({ prompt: '' });
    assert.equal(shows(), 1, 'what the user clears stays cleared');
  });

  test('asks for a trim where the panel does', () => {
    const { view, trimmed } = open(new ScriptedModel());
    view.accept({ type: 'trim' });
    assert.equal(trimmed.length, 1);
  });

  test('shows what is sent, and sending it by its id sends that', async () => {
    const model = new ScriptedModel(says('One.'), says('Two.'));
    const { look, ask, view, next, sessions, sent } = open(model);
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
    const { look, ask, view, next, sent } = open(new ScriptedModel(says('One.'), says('Two.')));
    const { contextId } = await look<ShownNext>();
    await ask('First');
    view.accept({ type: 'send', turnId: 'sent', contextId, prompt: 'And now?' });
    assert.equal((await next('sent')).refused, 'Sorry: stale');
    assert.deepEqual(sent, [], 'a draft of the chat stays there');
  });

  test('other settings are compared with those in force, and nothing is changed', async () => {
    const { look, ask } = open(new ScriptedModel(...Array.from({ length: 6 }, () => says(long))));
    await ask('a', 'b', 'c', 'd', 'e', 'f');
    const { difference, context } = await look<ShownNext>({
      instead: { ...inForce, policies: ['slidingWindow', 'tokenBudget'], windowTurns: 2 },
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
    const { look, ask } = open(new ScriptedModel(...Array.from({ length: 60 }, () => says(long))), setup);
    await ask(...Array.from({ length: 60 }, (_, index) => `Prompt ${index}`));
    const { context } = await look<ShownNext>({ instead: { ...inForce, maxTokens: 100_000 } });
    assert.equal(context?.items.filter(({ source, included }) => source === 'window' && included).length, 60);
  });

  test('a prompt that cannot fit is told in words, and there is nothing to send', async () => {
    const { look } = open(new ScriptedModel());
    const { error, contextId } = await look<ShownNext>({ prompt: long.repeat(200) });
    assert.equal(error, 'Sorry: cannot-fit');
    assert.equal(contextId, undefined);
  });

  test('while a turn runs it waits, and shows the next request when that has ended', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const { look, next, sessions } = open(new ScriptedModel([gate, ...says('Done.')]));
    const sent = (await sessions.active()).send('Go');
    assert.equal((await look<ShownNext>()).waiting, true);
    const after = next('shown', ({ view }) => view.tab === 'next' && !view.waiting);
    release();
    await sent;
    const { view } = await after;
    assert.ok(view.tab === 'next' && view.context?.items.some(({ title }) => title === 'Go'));
  });

  test('in a new session, a past turn that was looked at in another gives way to the turns of this one', async () => {
    const { look, ask, sessions, next, view } = open(new ScriptedModel(says('One.'), says('Two.')));
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
    const { look, ask, sessions, view, copied, next } = open(
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
    const { look, log, sessions } = open(new ScriptedModel());
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
    const { look, ask } = open(model, { tools: [big] });
    await ask('Read it');
    const { context } = await look<ShownNext>();
    const item = context?.items.find(({ title }) => title === 'Read it');
    assert.equal(item?.cut, 1);
    const opened = await look<ShownNext>({ open: [item.key] });
    const text = opened.context?.items.flatMap(({ texts = [] }) => texts).find(({ role }) => role === 'tool');
    assert.equal(text?.content.slice(text.cutAt), cutMark);
  });

  test('a summary is made, changed and undone, and says what it saves', async () => {
    const { look, ask, view, next } = open(new ScriptedModel(...Array.from({ length: 4 }, () => says(long))));
    await ask('a', 'b', 'c', 'd');
    const before = await look<ShownSummaries>({ tab: 'summaries' });
    assert.deepEqual([before.summaries.length, before.plan.turns], [0, 3]);
    const made = next('shown', ({ view: { tab } }) => tab === 'summaries');
    view.accept({ type: 'summarise' });
    const { summaries } = (await made).view as ShownSummaries;
    const [summary] = summaries;
    assert.ok(summary);
    assert.equal(summary.by, undefined);
    assert.deepEqual([summary.first?.prompt, summary.last?.prompt, summary.opened], ['a', 'c', undefined]);
    const opened = (await look<ShownSummaries>({ tab: 'summaries', review: summary.id })).summaries[0]
      ?.opened;
    assert.deepEqual(
      opened?.turns.map(({ prompt }) => prompt),
      ['a', 'b', 'c'],
    );
    assert.ok((opened.replaced ?? 0) > summary.tokens);
    const changed = next(
      'shown',
      ({ view: shown }) => (shown as ShownSummaries).summaries[0]?.edited === true,
    );
    view.accept({ type: 'summary-change', summaryId: summary.id, text: 'Mine', state: 'undone' });
    const after = ((await changed).view as ShownSummaries).summaries[0];
    assert.deepEqual([after?.opened?.text, after?.state], ['Mine', 'undone']);
  });

  test('of a summary of 1,000 turns a page is read, once it is opened, and no other turn', async () => {
    const { look, sessions, log, ask } = open(new ScriptedModel());
    await ask('first');
    const session = await sessions.active();
    const [one] = (await log.turns(session.id, { limit: 1 })).turns;
    const ids = Array.from({ length: 1_000 }, (_, n) => `t${n}`);
    const summary = {
      ...{ id: 's', sessionId: session.id, createdAt: '2026-01-02T03:04:05.000Z', text: 'Long.', by: 'x' },
      ...{ turnIds: ids, from: 0, to: 999, state: 'active' as const },
    };
    const others = Array.from({ length: 300 }, (_, n) => ({
      ...summary,
      id: `o${n}`,
      turnIds: ['t0', 't1'],
    }));
    session.requests.summaries = () => Promise.resolve([summary, ...others]);
    let read = 0;
    const text = 'x'.repeat(100_000);
    log.turns = () => assert.fail('no stretch of turns is read');
    log.turn = (id) => {
      read += 1;
      return Promise.resolve(one && { ...one, id, messages: [{ role: 'user', content: text }] });
    };
    const listed = await look<ShownSummaries>({ tab: 'summaries' });
    assert.deepEqual([listed.summaries.length, listed.more, read], [50, true, 2], 'each turn is read once');
    assert.ok(JSON.stringify(listed).length < 50 * 400);
    const item = (summaryId: string, summaryPart: 'replaced' | 'left-out' | 'sent'): ContextItem => ({
      ...{ source: 'summary', tokens: 1, included: summaryPart === 'sent', reason: 'x', messages: [] },
      ...{ summaryId, summaryPart },
    });
    const items = [item('o297', 'replaced'), item('o298', 'left-out'), item('o299', 'sent')];
    const contextOf = session.requests.contextOf.bind(session.requests);
    session.requests.contextOf = (...args) => ({ ...contextOf(...args), items });
    const told = await look<ShownSummaries>({ tab: 'summaries' });
    assert.deepEqual(
      told.summaries.slice(0, 4).map(({ out }) => out),
      [undefined, 'left-out', 'replaced', undefined],
    );
    const opened = await look<ShownSummaries>({ tab: 'summaries', review: 's', coveredFrom: 990 });
    const page = opened.summaries.find(({ id }) => id === 's')?.opened;
    assert.deepEqual([page?.from, page?.listed, page?.turns[0]?.id], [980, 20, 't980']);
    assert.ok(read < 30);
    assert.ok(JSON.stringify(opened).length < 200_000);
  });

  test('what it was told to show is shown by a panel that comes later', async () => {
    const { look, view, next, ask, posted } = open(new ScriptedModel(says('1')));
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
