import assert from 'node:assert/strict';
import { MemoryHistory } from '../../../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../../../src/adapters/storage/memoryHistoryLog';
import { MemoryLongTermMemory } from '../../../../src/adapters/storage/memoryLongTermMemory';
import { MemoryView } from '../../../../src/adapters/vscode/memory/memoryView';
import { HistoryError, reasonOf } from '../../../../src/core/errors';
import { createFactActions } from '../../../../src/adapters/vscode/commands/factActions';
import { Facts } from '../../../../src/core/memory/facts';
import { noRecallMarks } from '../../../../src/core/memory/recallMarks';
import type { LongTermMemory } from '../../../../src/core/memory/longTermMemory';
import type { MemoryHostMessage, MemoryShown, ShownSearch } from '../../../../src/protocol/memory';

const createdAt = '2026-03-05T10:00:00.000Z';

type Searched = MemoryShown & { readonly view: ShownSearch };

type Recall = LongTermMemory['recall'];

/** @param instead takes the place of the search, and may go on with the real one */
function setUp(instead?: (real: Recall) => Recall) {
  const history = new MemoryHistory();
  const log = new MemoryHistoryLog({ history });
  const memory = new MemoryLongTermMemory(history);
  const real: Recall = memory.recall.bind(memory);
  if (instead) memory.recall = instead(real);
  let ids = 0;
  const facts = new Facts({
    memory,
    clock: () => new Date(Date.parse(createdAt) + ++ids),
    newId: () => `f${++ids}`,
  });
  const posted: MemoryHostMessage[] = [];
  const waiting = new Set<() => void>();
  const copied: string[] = [];
  const opened: string[] = [];
  const marked: unknown[] = [];
  const forgotten: string[] = [];
  const view = new MemoryView({
    post: (message) => {
      posted.push(message);
      for (const tell of [...waiting]) tell();
    },
    searched: () =>
      Promise.resolve({ memory, marks: noRecallMarks, log, activeSessionId: 'here', sessionsOf: () => log }),
    facts: createFactActions({ facts: () => Promise.resolve(facts) }),
    strategy: () => 'workspace',
    clock: () => new Date('2026-03-06T10:00:00Z'),
    open: async ({ turnId }) => {
      if (!(await log.turn(turnId))) throw new HistoryError({ reason: 'not-found' });
      opened.push(turnId);
    },
    mark: async (hit, mark) => {
      if (!(await log.turn(hit.turnId))) throw new HistoryError({ reason: 'not-found' });
      marked.push({ ...hit, mark });
    },
    forget: (turnId) => Promise.resolve(void forgotten.push(turnId)),
    copy: (text) => Promise.resolve(void copied.push(text)),
    runCommand: () => undefined,
    describe: (error) => ({ reason: reasonOf(error), message: `Sorry: ${reasonOf(error)}` }),
    rejected: (why) => assert.fail(why),
  });
  /** The first message, of those to come too, that passes. */
  const posts = <T extends MemoryHostMessage['type']>(
    type: T,
    passes: (message: Extract<MemoryHostMessage, { type: T }>) => boolean = () => true,
  ) =>
    new Promise<Extract<MemoryHostMessage, { type: T }>>((resolve) => {
      const look = (): void => {
        const message = posted.find(
          (one): one is Extract<MemoryHostMessage, { type: T }> =>
            one.type === type && passes(one as Extract<MemoryHostMessage, { type: T }>),
        );
        if (!message) return;
        waiting.delete(look);
        resolve(message);
      };
      waiting.add(look);
      look();
    });
  let n = 0;
  const look = (text: string, limit = 50): Promise<Searched> => {
    n += 1;
    const mine = n;
    view.accept({ type: 'look', n: mine, tab: 'search', text, limit });
    return posts('shown', (message) => message.n === mine) as Promise<Searched>;
  };
  const say = async (sessionId: string, turnId: string, prompt: string, answer = 'Noted.'): Promise<void> => {
    const turn = {
      id: turnId,
      createdAt,
      status: 'complete' as const,
      messages: [
        { role: 'user' as const, content: prompt },
        { role: 'assistant' as const, content: answer },
      ],
    };
    const session = { id: sessionId, title: `Title of ${sessionId}`, createdAt, updatedAt: createdAt };
    const stored = (await log.dump()).sessions.find(({ id }) => id === sessionId);
    const turns = [...(stored?.turns ?? []), turn];
    await log.load({ sessions: [{ ...session, turns }], facts: [] }, 'update');
  };
  return { view, log, memory, posted, posts, look, say, copied, opened, marked, forgotten };
}

const textsOf = ({ view }: MemoryShown): readonly string[] =>
  view.tab === 'search' && view.outcome.status === 'found'
    ? view.outcome.hits.map(({ pieces }) =>
        pieces.map(({ text, marked }) => (marked ? `[${text}]` : text)).join(''),
      )
    : [];

suite('the Memory view (host side)', () => {
  test('a search finds passages in all sessions, with what was looked for and the session’s title', async () => {
    const { say, look } = setUp();
    await say('here', 't1', 'The staging server is bluefin.');
    await say('there', 't2', 'Who has the staging key?', 'The porter.');
    const shown = await look('staging');
    // An answer is found by its question.
    assert.deepEqual([...textsOf(shown)].sort(), [
      'The [staging] server is bluefin.',
      'The porter.',
      'Who has the [staging] key?',
    ]);
    assert.ok(shown.view.outcome.status === 'found');
    assert.deepEqual(shown.view.outcome.hits.map(({ title }) => title).sort(), [
      'Title of here',
      'Title of there',
      'Title of there',
    ]);
  });

  test('typed filters narrow it: to the session that is shown, and to who said it', async () => {
    const { say, look } = setUp();
    await say('here', 't1', 'staging one', 'staging two');
    await say('there', 't2', 'staging three');
    assert.deepEqual(textsOf(await look('in:session role:assistant staging')), ['[staging] two']);
    assert.deepEqual(textsOf(await look('after:2026-03-07 staging')), []);
    const wrong = await look('role:admin staging');
    assert.equal(wrong.view.problems.length, 1);
  });

  test('filters alone list all that fits them, newest first, a page at a time', async () => {
    const { say, look } = setUp();
    await say('here', 't1', 'one', 'two');
    await say('there', 't2', 'three', 'four');
    await say('here', 't3', 'five in src/a.ts', 'six');
    assert.deepEqual([...textsOf(await look('role:assistant'))].sort(), ['four', 'six', 'two']);
    assert.deepEqual(textsOf(await look('in:session role:user')), ['five in src/a.ts', 'one']);
    assert.deepEqual(textsOf(await look('path:src/a.ts')), ['five in [src/a.ts]']);
    assert.deepEqual(textsOf(await look('after:2026-03-07')), []);
    const { outcome } = (await look('in:workspace', 4)).view;
    assert.ok(outcome.status === 'found' && outcome.listed);
    assert.deepEqual([outcome.hits.length, outcome.more], [4, true]);
  });

  test('a hit without words shows the tool that it calls, and what was looked for in its arguments', async () => {
    const { log, look, view, posts, copied } = setUp();
    const name = 'readFile';
    const called = (path: string) => ({
      role: 'assistant' as const,
      content: '',
      tool_calls: [{ id: 'c', type: 'function' as const, function: { name, arguments: JSON.stringify({ path }) } }],
    });
    const messages = [{ role: 'user' as const, content: 'Look.' }, called(`${'a/'.repeat(400)}zebra.md`)];
    const turns = [{ id: 't1', createdAt, status: 'complete' as const, messages }];
    await log.load({ sessions: [{ id: 'here', title: '', createdAt, updatedAt: createdAt, turns }], facts: [] }, 'update');
    const [found] = textsOf(await look('zebra'));
    assert.match(found ?? '', /^… .*\[zebra\]\.md"}$/);
    assert.ok((found ?? '').length < 350);
    assert.match(textsOf(await look('has:tools'))[1] ?? '', /^readFile {"path":"a\/a\/.* …$/);
    view.accept({ type: 'copy', turnId: 't1', id: 't1.1' });
    await posts('notice');
    assert.match(copied[0] ?? '', /^readFile .*zebra\.md"}$/);
  }); // prettier-ignore

  test('with nothing to look for it shows the newest facts; with words, the facts that say it', async () => {
    const { look, memory } = setUp();
    for (const text of ['Tea at five', 'Release on Friday']) {
      await memory.remember({ id: text, text, createdAt });
    }
    const idle = await look('');
    assert.equal(idle.view.outcome.status, 'idle');
    assert.deepEqual(
      idle.view.facts.map(({ text }) => text),
      ['Release on Friday', 'Tea at five'],
    );
    assert.deepEqual(
      (await look('tea')).view.facts.map(({ text }) => text),
      ['Tea at five'],
    );
    assert.deepEqual((await look('role:user tea')).view.facts, []);
  });

  test('what was typed while a search ran is looked for next, and no answer is given to what is outdated', async () => {
    const asked: string[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { look, posted, view, posts } = setUp((real) => async (query, options) => {
      asked.push(query);
      if (asked.length === 1) await held;
      return real(query, options);
    });
    void look('s');
    await Promise.resolve();
    for (const text of ['st', 'sta']) void look(text);
    view.accept({ type: 'look', n: 4, tab: 'search', text: 'stag', limit: 50 });
    release();
    await posts('shown', ({ n }) => n === 4);
    assert.deepEqual(asked, ['s', 'stag']);
    assert.deepEqual(
      posted.map((message) => message.type === 'shown' && message.n),
      [4],
    );
  });

  test('facts are added, edited, restored and deleted, and what fails says why', async () => {
    const { view, memory, posts } = setUp();
    let request = 0;
    const change = (asked: object) => {
      request += 1;
      const mine = request;
      view.accept({ type: 'fact-change', request: mine, change: asked });
      return posts('fact-changed', (message) => message.request === mine);
    };
    assert.equal((await change({ kind: 'add', text: 'Tea at five' })).told, 'Remembered.');
    const [fact] = (await memory.facts({ limit: 1 })).facts;
    assert.ok(fact);
    const factId = fact.id;
    assert.equal((await change({ kind: 'edit', factId, text: 'Tea at six' })).told, 'Saved.');
    view.accept({ type: 'look', n: 9, tab: 'facts', text: 'FIVE', limit: 50 });
    const { outcome } = (await posts('shown', ({ n }) => n === 9)).view;
    assert.ok(outcome.status === 'found' && 'facts' in outcome);
    assert.deepEqual(
      outcome.facts.map(({ text, history }) => [text, history.map((version) => version.text)]),
      [['Tea at six', ['Tea at five']]],
    );
    await change({ kind: 'restore', factId, createdAt: fact.createdAt });
    assert.equal((await memory.fact(factId))?.text, 'Tea at five');
    assert.equal((await change({ kind: 'edit', factId, text: ' ' })).failure, 'Sorry: invalid-argument');
    assert.equal((await change({ kind: 'delete', factId })).told, 'Deleted.');
    assert.equal(await memory.fact(factId), undefined);
    assert.equal((await change({ kind: 'delete', factId })).failure, 'Sorry: not-found');
  });

  test('no more hits are shown than asked for, and whether there are more is told', async () => {
    const { say, look } = setUp();
    for (const id of ['1', '2', '3']) await say('here', id, `staging ${id}`);
    const shown = await look('staging', 2);
    assert.equal(textsOf(shown).length, 2);
    assert.ok(shown.view.outcome.status === 'found' && shown.view.outcome.more);
    const all = await look('staging', 3);
    assert.ok(all.view.outcome.status === 'found' && !all.view.outcome.more);
  });

  test('a change of the history, a delete too, is seen without being asked for', async () => {
    const { say, look, log, posts } = setUp();
    await say('here', 't1', 'staging one');
    assert.equal(textsOf(await look('staging')).length, 1);
    await log.deleteTurn('t1');
    await posts('shown', (message) => textsOf(message).length === 0);
  });

  test('a turn that was deleted meanwhile says so when it is opened, and goes from the list', async () => {
    const { say, look, log, posts, view, opened } = setUp();
    await say('here', 't1', 'staging one');
    await look('staging');
    view.accept({ type: 'open', turnId: 't1' });
    await log.deleteTurn('t1');
    view.accept({ type: 'open', turnId: 't1' });
    assert.equal((await posts('notice')).message, 'Sorry: not-found');
    await posts('shown', (message) => textsOf(message).length === 0);
    assert.ok(opened.length <= 1);
  });

  test('copying takes the whole text of a hit that is shown, and of no other', async () => {
    const { say, look, posts, view, copied } = setUp();
    const long = `staging ${'and so on '.repeat(100)}`;
    await say('here', 't1', long);
    const { outcome } = (await look('staging')).view;
    assert.ok(outcome.status === 'found');
    view.accept({ type: 'copy', turnId: 't2', id: outcome.hits[0]?.id });
    view.accept({ type: 'copy', turnId: 't1', id: outcome.hits[0]?.id });
    await posts('notice');
    assert.deepEqual(copied, [long]);
  });

  test('a hit is muted, kept with the passage that was found, and forgotten through the review', async () => {
    const { say, look, posts, posted, view, marked, forgotten } = setUp();
    await say('here', 't1', 'The staging server is bluefin.');
    const { outcome } = (await look('staging')).view;
    assert.ok(outcome.status === 'found');
    const hit = { turnId: 't1', id: outcome.hits[0]?.id };
    for (const mark of ['kept', 'muted', undefined] as const) {
      const answered = posted.length;
      view.accept({ type: 'mark', ...hit, ...(mark && { mark }) });
      await posts('shown', (message) => posted.indexOf(message) >= answered);
    }
    const target = { messageId: hit.id, turnId: 't1' };
    assert.deepEqual(marked, [
      { ...target, passage: { start: 0, end: 30 }, mark: 'kept' },
      { ...target, mark: 'muted' },
      { ...target, mark: undefined },
    ]);
    view.accept({ type: 'forget', turnId: 't1' });
    assert.deepEqual(forgotten, ['t1']);
    view.accept({ type: 'mark', turnId: 'gone', id: 'x', mark: 'muted' });
    assert.equal((await posts('notice')).message, 'Sorry: not-found');
  });

  test('where nothing can be searched it says why, and answers again once it can', async () => {
    let works = false;
    const { look, say } = setUp(
      (real) => (query, options) =>
        works ? real(query, options) : Promise.reject(new HistoryError({ reason: 'no-search' })),
    );
    await say('here', 't1', 'staging one');
    const { outcome } = (await look('staging')).view;
    assert.deepEqual(outcome, { status: 'failed', message: 'Sorry: no-search' });
    works = true;
    assert.equal(textsOf(await look('staging')).length, 1);
  });

  test('a view that is not there yet is told where to look once it asks', async () => {
    const { view, look, posts } = setUp();
    view.show({ tab: 'search', text: 'tides' });
    void look('');
    assert.equal((await posts('show')).text, 'tides');
  });
});
