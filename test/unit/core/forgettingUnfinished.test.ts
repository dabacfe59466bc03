import assert from 'node:assert/strict';
import { MementoUnfinishedStore } from '../../../src/adapters/storage/unfinishedStore';
import { MemoryForgetting } from '../../../src/adapters/storage/memoryForgetting';
import { MemoryHistory } from '../../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../../src/adapters/storage/memoryHistoryLog';
import { MemoryLongTermMemory } from '../../../src/adapters/storage/memoryLongTermMemory';
import { HistoryError } from '../../../src/core/errors';
import { selectionOf, type ForgetTarget } from '../../../src/core/forgetting/forgetting';
import { ForgettingUnfinished } from '../../../src/core/forgetting/forgettingUnfinished';
import { unfinishedTurns } from '../../../src/core/forgetting/unfinishedTurns';
import { Sessions } from '../../../src/core/sessions';
import { UnfinishedKeeper } from '../../../src/core/unfinished';
import { createdAt, turn, turnIds, user } from '../../contract/logFixture';
import { says, ScriptedModel, type ScriptStep } from '../../support/scriptedModel';
import { countingIds, setUpSessions } from '../../support/sessionSetup';

/** A running turn that ends only when it is stopped. */
const never = [new Promise(() => undefined)] as const satisfies readonly ScriptStep[];
const secret = 'The vault at Elm Street opens with marzipan-4711.';

suite('Forgetting what no log has', () => {
  const values = new Map<string, unknown>();
  const memento = {
    keys: () => [...values.keys()],
    get: (key: string) => values.get(key),
    update: (key: string, value: unknown): Promise<void> => {
      if (value === undefined) values.delete(key);
      else values.set(key, structuredClone(value));
      return Promise.resolve();
    },
  };
  const kept = (): string => JSON.stringify([...values]);
  let history: MemoryHistory;
  setup(() => {
    values.clear();
    history = new MemoryHistory();
  });

  let windows = 0;
  async function openWindow(
    scripts: readonly (readonly ScriptStep[])[],
    isFull: () => boolean = () => false,
  ) {
    const owner = `window-${(windows += 1)}`;
    const log = new MemoryHistoryLog({ history });
    const finish = log.finish.bind(log);
    log.finish = (...finished) =>
      isFull() ? Promise.reject(new HistoryError({ reason: 'disk-full' })) : finish(...finished);
    const begin = log.begin.bind(log);
    log.begin = (...begun) =>
      isFull() ? Promise.reject(new HistoryError({ reason: 'disk-full' })) : begin(...begun);
    const store = new MementoUnfinishedStore({ memento, report: assert.ifError });
    const keeper = new UnfinishedKeeper({ store, owner, delayMs: 0 });
    const deps = setUpSessions(new ScriptedModel(...scripts), { log, owner, newId: countingIds(owner) });
    const sessions = new Sessions(deps, keeper);
    await keeper.restore(sessions);
    const forgetting = new ForgettingUnfinished({
      ...{
        log,
        memory: new MemoryLongTermMemory(history),
        forgetting: new MemoryForgetting({ history, log }),
      },
      unfinished: unfinishedTurns(sessions, keeper),
    });
    const session = await sessions.active();
    const close = async (): Promise<void> => {
      const closed = keeper.close();
      await sessions.dispose();
      await closed;
    };
    return { log, keeper, sessions, session, forgetting, close };
  }
  type Opened = Awaited<ReturnType<typeof openWindow>>;
  const running = ({ session }: Opened): Promise<void> =>
    new Promise((resolve) => {
      const unfollow = session.onEvent((event) => {
        if (event.type !== 'text-delta') return;
        unfollow();
        resolve();
      });
    });
  const query = (words: string): ForgetTarget => ({ kind: 'query', query: words });
  const told = async ({ forgetting }: Opened, target: ForgetTarget) => {
    const { items, alike } = await forgetting.preview(target);
    return [...items, ...alike].map((item) => [
      item.id,
      item.why,
      item.kind === 'turn' ? item.unfinished : item.kind,
    ]);
  };

  async function withWaiting() {
    const opened = await openWindow([[{ type: 'text-delta', text: 'On it' }, ...never], says('never said')]);
    const begun = running(opened);
    void opened.session.send('First').catch(() => undefined);
    await begun;
    const waiting = opened.session.send(secret, { turnId: 'waits' });
    waiting.catch(() => undefined);
    void opened.session.send('Another thing', { turnId: 'stays' }).catch(() => undefined);
    return { ...opened, waiting };
  }

  test('a prompt that waits is found, previewed and removed, from what is kept too, and is never sent', async () => {
    const opened = await withWaiting();
    const { forgetting, session } = opened;
    assert.ok(kept().includes('marzipan'), 'it is kept for the next window');
    assert.deepEqual(await told(opened, query('marzipan')), [['waits', 'target', 'waiting']]);
    assert.ok(kept().includes('marzipan'), 'a preview changes nothing');
    const { items } = await forgetting.preview(query('marzipan'));
    const { counts } = await forgetting.forget(selectionOf(items));
    assert.deepEqual([counts.unfinished, counts.turns], [1, 0]);
    assert.ok(!kept().includes('marzipan'));
    assert.ok(kept().includes('Another thing'));
    assert.deepEqual(
      session.live.map(({ messages }) => messages[0]?.content),
      ['First', 'Another thing'],
    );
    await session.stop(session.live[0]?.id);
    await assert.rejects(opened.waiting, { name: 'AbortError' });
    assert.deepEqual((await forgetting.receipts())[0]?.counts, counts);
    await opened.close();
  });

  test('a prompt that an earlier window left is found and removed', async () => {
    await (await withWaiting()).close();
    const next = await openWindow([]);
    assert.deepEqual(await told(next, query('marzipan')), [['waits', 'target', 'waiting']]);
    const { items } = await next.forgetting.preview(query('marzipan'));
    await next.forgetting.forget(selectionOf(items));
    assert.deepEqual(
      next.keeper.returned(next.session.id).map(({ turnId }) => turnId),
      ['stays'],
    );
    assert.ok(!kept().includes('marzipan'));
    await next.close();
  });

  test('a turn that could not be written is found by what it says, removed, and not written later', async () => {
    let full = false;
    const opened = await openWindow([says('Before.'), says(`Noted: ${secret}`)], () => full);
    await opened.session.send('First');
    full = true;
    await opened.session.send('Please note it', { turnId: 'unsaved' });
    assert.equal(opened.sessions.unsaved, 1);
    assert.deepEqual(await told(opened, query('marzipan')), [['unsaved', 'target', 'unsaved']]);
    const { items } = await opened.forgetting.preview(query('marzipan'));
    await opened.forgetting.forget(selectionOf(items));
    assert.equal(opened.sessions.unsaved, 0);
    full = false;
    await opened.close();
    const next = await openWindow([]);
    await next.sessions.saved();
    assert.ok(!`${kept()}${JSON.stringify(await next.log.dump())}`.includes('marzipan'));
    assert.equal((await turnIds(next.log, next.session.id)).length, 1);
    await next.close();
  });

  test('what is alike is offered: a turn that is to go stands in a prompt that waits', async () => {
    const opened = await withWaiting();
    const told_ = turn('t9', { messages: [user(secret)] });
    await opened.log.load(
      { sessions: [{ id: 's9', title: 'x', createdAt, updatedAt: createdAt, turns: [told_] }], facts: [] },
      'skip',
    );
    assert.deepEqual(await told(opened, { kind: 'turn', turnId: 't9' }), [
      ['t9', 'target', undefined],
      ['waits', 'copy', 'waiting'],
    ]);
    assert.deepEqual(await told(opened, { kind: 'turn', turnId: 'waits' }), [['waits', 'target', 'waiting']]);
    await opened.close();
  });

  test('a session takes along what waits in it; filters hold for what waits', async () => {
    const opened = await withWaiting();
    const { id } = opened.session;
    const with_ = (more: object): ForgetTarget => ({ kind: 'query', query: 'marzipan', ...more });
    assert.deepEqual(await told(opened, with_({ role: 'assistant' })), []);
    assert.deepEqual(await told(opened, with_({ sessionId: 'no' })).catch(() => []), []);
    assert.deepEqual(await told(opened, with_({ before: '2000-01-01T00:00:00Z' })), []);
    const { items } = await opened.forgetting.preview({ kind: 'session', sessionId: id });
    assert.deepEqual(items.map((item) => item.id).sort(), [id, 'stays', 'waits'].sort());
    const { counts } = await opened.forgetting.forget(selectionOf(items));
    await opened.sessions.refresh();
    assert.deepEqual([counts.sessions, counts.unfinished], [1, 2]);
    assert.ok(!/marzipan|Another/.test(kept()));
    assert.deepEqual(await turnIds(opened.log, id).catch(() => []), []);
    await opened.close();
  });
});
