import assert from 'node:assert/strict';
import { MementoUnfinishedStore } from '../../../src/adapters/storage/unfinishedStore';
import { MemoryHistory } from '../../../src/adapters/storage/memoryHistory';
import { MemoryHistoryLog } from '../../../src/adapters/storage/memoryHistoryLog';
import { HistoryError } from '../../../src/core/errors';
import type { HistoryLog } from '../../../src/core/historyLog';
import type { Session } from '../../../src/core/session';
import { Sessions } from '../../../src/core/sessions';
import { UnfinishedKeeper } from '../../../src/core/unfinished';
import { says, ScriptedModel, type ScriptStep } from '../../support/scriptedModel';
import { countingIds, setUpSessions } from '../../support/sessionSetup';

/** Outlives the windows, as VS Code's own storage does; what cannot be written as JSON does not. */
class Memento {
  readonly #values = new Map<string, string>();
  keys = (): readonly string[] => [...this.#values.keys()];
  get = (key: string): unknown => {
    const text = this.#values.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  };
  update = (key: string, value: unknown): Promise<void> => {
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, JSON.stringify(value));
    return Promise.resolve();
  };
}

/** A running turn that ends only when it is stopped. */
const never = [new Promise(() => undefined)] as const satisfies readonly ScriptStep[];

suite('What a window leaves unfinished', () => {
  let memento: Memento;
  let history: MemoryHistory;
  const reports: string[] = [];
  setup(() => {
    memento = new Memento();
    history = new MemoryHistory();
    reports.length = 0;
  });

  interface Opened {
    readonly sessions: Sessions;
    readonly keeper: UnfinishedKeeper;
    readonly log: HistoryLog;
    readonly session: Session;
    /** As the extension is deactivated. */
    close(): Promise<void>;
  }
  let windows = 0;

  async function openWindow(
    scripts: readonly (readonly ScriptStep[])[],
    log: HistoryLog = newLog(),
  ): Promise<Opened> {
    const owner = `window-${(windows += 1)}`;
    const report = (message: string): void => void reports.push(message);
    const keeper = new UnfinishedKeeper({
      store: new MementoUnfinishedStore({ memento, report }),
      owner,
      delayMs: 0,
    });
    const deps = setUpSessions(new ScriptedModel(...scripts), { log, owner, newId: countingIds(owner) });
    const sessions = new Sessions(deps, keeper);
    await sessions.recover();
    await keeper.restore(sessions);
    const close = async (): Promise<void> => {
      const kept = keeper.close();
      await sessions.dispose();
      await kept;
    };
    return { sessions, keeper, log, session: await sessions.active(), close };
  }
  const newLog = (): MemoryHistoryLog => new MemoryHistoryLog({ history });

  function fullLog(...methods: ('begin' | 'finish' | 'createSession')[]): MemoryHistoryLog {
    const full = (): Promise<never> => Promise.reject(new HistoryError({ reason: 'disk-full' }));
    return Object.assign(newLog(), Object.fromEntries(methods.map((method) => [method, full])));
  }

  const running = (session: Session): Promise<void> =>
    new Promise((resolve) => {
      session.onEvent((event) => {
        if (event.type === 'turn-change' && event.turn.status === 'running') resolve();
      });
    });

  const said = async ({ log, session }: Opened): Promise<readonly string[]> =>
    (await log.turns(session.id, { limit: 100 })).turns.map(
      ({ status, messages }) => `${status}: ${messages.map(({ content }) => content).join(' ')}`,
    );

  const quietly = (promise: Promise<unknown>): void => void promise.catch(() => undefined);

  test('prompts that wait when the window closes come back as drafts, in order, and are not sent', async () => {
    const first = await openWindow([never]);
    const began = running(first.session);
    quietly(first.session.send('runs'));
    quietly(first.session.send('waits'));
    quietly(first.session.send('waits too'));
    await began;
    await first.close();
    const second = await openWindow([]);
    assert.equal(second.session.id, first.session.id);
    assert.deepEqual(
      second.keeper.returned(second.session.id).map(({ text }) => text),
      ['waits', 'waits too'],
    );
    assert.deepEqual(await said(second), ['stopped: runs']);
    await second.close();
  });

  test('so do they where the window had no time to close', async () => {
    const first = await openWindow([never]);
    const began = running(first.session);
    quietly(first.session.send('runs'));
    quietly(first.session.send('waits'));
    await began;
    while (memento.keys().length === 0) await new Promise(setImmediate);
    const second = await openWindow([]);
    assert.deepEqual(
      second.keeper.returned(second.session.id).map(({ text }) => text),
      ['waits'],
    );
    await second.close();
    await first.close();
  });

  test('once they are sent or dropped they are kept no longer', async () => {
    const first = await openWindow([never]);
    quietly(first.session.send('runs'));
    quietly(first.session.send('waits'));
    await first.close();
    const second = await openWindow([]);
    const { id } = second.session;
    // The first was not begun before the window closed, so it waited too.
    const returned = second.keeper.returned(id);
    assert.deepEqual(
      returned.map(({ text }) => text),
      ['runs', 'waits'],
    );
    second.keeper.dropReturned(id, [returned[0]?.turnId ?? '']);
    assert.equal(second.keeper.returned(id).length, 1);
    second.keeper.dropReturned(id, [returned[1]?.turnId ?? '']);
    await second.close();
    assert.deepEqual(memento.keys(), []);
  });

  test('a prompt that was begun after all is in the history, and no draft', async () => {
    const first = await openWindow([never]);
    quietly(first.session.send('runs', { turnId: 't1' }));
    quietly(first.session.send('waits', { turnId: 't2' }));
    await first.close();
    const log = newLog();
    const { length } =
      (await log.session(first.session.id)) ??
      (await log.createSession({ id: first.session.id, title: 'S', createdAt: new Date().toISOString() }));
    const start = {
      id: 't2',
      sessionId: first.session.id,
      createdAt: new Date().toISOString(),
      messages: [{ role: 'user' as const, content: 'waits' }],
    };
    await log.begin(start, { expectedLength: length, owner: 'other', leaseMs: 0 });
    const second = await openWindow([]);
    assert.deepEqual(
      second.keeper.returned(first.session.id).filter(({ turnId }) => turnId === 't2'),
      [],
    );
    await second.close();
  });

  test('a prompt that is cancelled, or answered, is not kept', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const window = await openWindow([[gate, ...says('one')], says('two')]);
    const all = [
      window.session.send('p1'),
      window.session.send('p2'),
      window.session.send('p3', { turnId: 't3' }),
    ];
    all.forEach(quietly);
    while (memento.keys().length === 0) await new Promise(setImmediate);
    const stopped = window.session.stop('t3');
    release();
    await stopped;
    await Promise.allSettled(all);
    await window.close();
    assert.deepEqual(memento.keys(), []);
  });

  test('a turn that could not be written outlives the window, and is written by the next one', async () => {
    const first = await openWindow([says('one'), says('two')], fullLog('begin', 'createSession'));
    await first.session.send('p1');
    await first.session.send('p2');
    await first.close();
    const second = await openWindow([]);
    await second.sessions.saved();
    assert.deepEqual(await said(second), ['complete: p1 one', 'complete: p2 two']);
    assert.equal((await second.log.sessions())[0]?.title, 'p1');
    assert.equal(second.session.id, first.session.id);
    await second.close();
    assert.deepEqual(memento.keys(), []);
  });

  test('it is shown as not saved until then, through any number of windows', async () => {
    const first = await openWindow([says('one')], fullLog('begin', 'createSession'));
    await first.session.send('p1');
    await first.close();
    for (let n = 0; n < 3; n += 1) {
      const next = await openWindow([], fullLog('begin', 'createSession'));
      assert.deepEqual(
        next.session.live.map(({ saved, status, outage }) => [saved, status, outage?.reason]),
        [[false, 'complete', 'disk-full']],
      );
      await next.close();
    }
    const last = await openWindow([]);
    await last.sessions.saved();
    assert.deepEqual(await said(last), ['complete: p1 one']);
    await last.close();
  });

  for (const recovered of [false, true]) {
    const what = recovered ? 'was taken for dead meanwhile' : 'still counts as running';
    test(`the whole answer takes the place of what was saved on the way, where the turn ${what}`, async () => {
      const first = await openWindow([says('the whole answer')], fullLog('finish'));
      const turn = await first.session.send('p1');
      assert.equal(turn.saved, false);
      await first.close();
      assert.equal((await newLog().turn(turn.id))?.status, 'running');
      if (recovered) {
        const later = new MemoryHistoryLog({ history, now: () => Date.now() + 60_000 });
        assert.deepEqual(await later.recover(), [turn.id]);
      }
      const second = await openWindow([]);
      await second.sessions.saved();
      assert.deepEqual(await said(second), ['complete: p1 the whole answer']);
      await second.close();
    });
  }

  test('what was deleted does not come back', async () => {
    const first = await openWindow([says('one'), says('two')]);
    await first.session.send('p1');
    Object.assign(first.log, { begin: () => Promise.reject(new HistoryError({ reason: 'disk-full' })) });
    await first.session.send('p2');
    await first.close();
    assert.equal(memento.keys().length, 1);
    await newLog().deleteSession(first.session.id);
    const second = await openWindow([]);
    await second.sessions.saved();
    assert.deepEqual(await second.log.sessions(), []);
    await second.close();
    assert.deepEqual(memento.keys(), []);
  });

  test('clearing the memory forgets it too', async () => {
    const first = await openWindow([says('one')], fullLog('begin', 'createSession'));
    await first.session.send('secret');
    while (memento.keys().length === 0) await new Promise(setImmediate);
    await first.sessions.clear();
    await first.close();
    assert.deepEqual(memento.keys(), []);
  });

  test('what is too large is reported, and the prompts are kept first', async () => {
    const first = await openWindow([says('x'.repeat(400_000)), never], fullLog('begin', 'createSession'));
    await first.session.send('p1');
    quietly(first.session.send('runs'));
    quietly(first.session.send('waits'));
    await first.close();
    const [kept] = new MementoUnfinishedStore({ memento, report: () => undefined }).read();
    assert.ok(kept?.prompts.some(({ text }) => text === 'waits'));
    assert.deepEqual(kept?.turns, []);
    assert.match(reports.join(), /too large/);
  });

  test('what somebody else put there is left out', () => {
    void memento.update('unfinished:s1', {
      format: 1,
      sessionId: 's1',
      isNew: true,
      prompts: 'all',
      turns: [],
    });
    void memento.update('unfinished:s2', null);
    assert.deepEqual(new MementoUnfinishedStore({ memento, report: () => undefined }).read(), []);
  });
});
